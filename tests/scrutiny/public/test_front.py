"""The front page and what somebody types there."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.areas.queries import area_on
from scrutiny.public import enlarging
from tests.cast import SOUTH, WEST
from tests.scrutiny.areas.layers import load, square
from tests.scrutiny.areas.test_lineage import load_lineage
from workflows.refusals import Refused


def test_the_front_page_asks_one_question_and_draws_the_districts(client: FlaskClient) -> None:
    """Each district is a link in the map and in the list."""
    page = client.get("/")
    assert page.status_code == 200
    assert page.text.count('href="/places/E07900001"') == 2
    assert 'aria-label="Ashby, 2,500 people, 100 km²"' in page.text
    assert len(page.data) < 300_000


def test_a_map_of_many_areas_is_enlarged_until_its_names_have_room(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """By links, a quarter at a time, each area in one quarter; on a phone the map comes before what is new."""
    whole = client.get("/").text
    assert whole.index("scrutiny-map__drawing") < whole.index("Latest reports")
    assert "Enlarge:" not in whole, "the few areas here have room for their names"
    monkeypatch.setattr(enlarging, "FEW", 1)
    whole = client.get("/").text
    codes = set(re.findall(r'<td[^>]*><a[^>]*href="/places/(\w+)"|<th[^>]*><a[^>]*href="/places/(\w+)"', whole))
    quarters = re.findall(r'href="/\?zoom=(\d)#list"', whole)
    assert quarters
    shown = []
    for zoom in quarters:
        page = client.get(f"/?zoom={zoom}").text
        rows = page[page.index("The same as a table") :]
        shown += re.findall(r'href="/places/(\w+)"', rows[: rows.index("</table>")])
        assert "Show more around it" in page
        if page.count("<tr") == 2:
            assert re.search(r"<text[^>]*>(?:Ashby|Barrow End|Corley)</text>", page), "alone, it has its name"
    assert sorted(shown) == sorted({code for pair in codes for code in pair if code})
    for odd in ("9", "0'", "3" * 500):
        assert client.get("/", query_string={"zoom": odd}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "where"),
    [("ashby", "/places/E07900001"), ("E07900003", "/places/E07900003"), ("lm11aa", "/places/E07900001?at=LM1+1AA")],
)
def test_one_match_leads_straight_to_the_place(client: FlaskClient, typed: str, where: str) -> None:
    """By name, code or postcode, however it is spaced."""
    answer = client.get("/find", query_string={"q": typed})
    assert (answer.status_code, answer.headers["Location"]) == (302, where)


def test_a_click_on_the_map_asks_about_that_very_point(client: FlaskClient) -> None:
    """The map says where it lies, so that a script can tell the metres of a click; the answer is as for a point typed."""
    page = client.get("/").text
    east, north, scale = (float(re.search(rf'data-{key}="([-\d.]+)"', page)[1]) for key in ("east", "north", "scale"))
    assert (east < WEST, north > SOUTH + 10_000, 0 < scale < 1) == (True, True, True)
    asked = [{"east": WEST + 2_000 - away, "north": SOUTH + 2_000} for away in (0, 200_000)]
    found = [client.get("/find", query_string=one) for one in asked]
    assert re.fullmatch(r"/places/E07900001\?at=\d\d\.\d+,\+-?\d\.\d+", found[0].headers["Location"])
    assert "No area that is loaded here holds" in found[1].text
    assert client.get("/find?east=inf&north=nan").status_code == 200
    assert "data-east" not in client.get("/places/E07900001?on=2021-05-01").text


def test_several_matches_are_listed_with_their_kinds(client: FlaskClient) -> None:
    """The county, its police area and its fire area are all called Loamshire."""
    page = client.get("/find?q=Loamshire").text
    for code in ("E10900001", "E23900001", "E31900001"):
        assert f'href="/places/{code}"' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a postcode"),
        ("LM1", "only the beginning of a postcode"),
        ("ZX9 9ZX", "not among the postcodes"),
        ("Atlantis", "Nothing here is called “Atlantis”"),
        ("56.1,-3.2", "No area that is loaded here"),
        ("<script>alert(1)</script>", "Nothing here is called"),
    ],
)
def test_what_leads_nowhere_is_answered_in_a_plain_sentence(client: FlaskClient, typed: str, said: str) -> None:
    """And the box is there to try again."""
    page = client.get("/find", query_string={"q": typed})
    assert page.status_code == 200
    assert said in page.text
    assert 'name="q"' in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("path", ["/methods", "/methods/jtai", "/accessibility", "/privacy", "/contact", "/data", "/reports"])
def test_the_plain_pages_answer(client: FlaskClient, path: str) -> None:
    """Every page the footer and the front page lead to."""
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("table", ["agencies", "recommendations", "reports"])
def test_tables_can_be_taken_away(client: FlaskClient, cast: SimpleNamespace, table: str) -> None:
    """As CSV, for anyone."""
    answer = client.get(f"/data/{table}.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.splitlines()[0].count(",") >= 5


def test_the_day_asked_about_is_kept_on_the_way_to_the_place(client: FlaskClient) -> None:
    """By code and postcode; where several are listed, in each link and in the box to look again."""
    for typed in ("E07900003", "lm11aa"):
        answer = client.get("/find", query_string={"q": typed, "on": "2022-06-01"})
        assert "on=2022-06-01" in answer.headers["Location"]
    page = client.get("/find?q=Loamshire&on=2022-06-01").text
    assert "/places/E10900001?on=2022-06-01" in page
    assert 'name="on" value="2022-06-01"' in page
    assert "on=" not in client.get("/find?q=E07900003").headers["Location"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/places/E07900001?on=garbage", "“garbage” is not a day: write it in the address as on=2026-04-01"),
        ("/find?q=Ashby&on=garbage", "“garbage” is not a day"),
        ("/codes/E07900001?on=31.12.2024", "“31.12.2024” is not a day"),
        ("/data/areas/icb.csv?on=bogus", "“bogus” is not a day"),
        ("/data/areas/police.csv?on=1801-01-01", "hold on Thu 1 Jan 1801: choose another day"),
    ],
)
def test_a_day_that_is_none_is_named_with_what_to_write(client: FlaskClient, path: str, said: str) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert said in page.text.replace("\xa0", " ")
    assert "If you typed the web address" not in page.text
    assert "If you typed the web address" in client.get("/places/E07999999").text


def test_a_code_known_by_its_lineage_alone_leads_to_the_boundary(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    """A new number whose boundary is loaded under the old one; and an ended number, whose successor is named."""
    with app.app_context():
        load_lineage(
            tmp_path,
            "old_code,new_code,date,type,old_name,new_name\nE07900001,E07900091,2025-04-01,recode,Ashby,Ashby\n"
            "E07900092,E07900002,2024-04-01,recode,Old Barrow,Barrow\n",
        )
    page = client.get("/find?q=e07900091").text
    assert "There is no boundary with the code E07900091 loaded here: it is what E07900001 Ashby became" in page
    assert 'href="/places/E07900001"' in page
    ended = client.get("/find?q=E07900092").text
    assert "E07900092 Old Barrow became E07900002" in ended
    assert 'href="/places/E07900002"' in ended


def test_a_place_asked_about_before_its_first_day_names_what_was_there(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    with app.app_context():
        for kind in ("district", "upper_tier"):
            load(tmp_path, kind, date(2025, 4, 1), {"E06900091": square(100, 0, 110, 10)})
        load_lineage(
            tmp_path,
            "old_code,new_code,date,type,old_name,new_name\nE07900001,E07900093,2024-04-01,recode,Ashby,Ashby Vale\n"
            "E07900093,E06900091,2025-04-01,merge,Ashby Vale,Greater Ashby\n"
            "E07900002,E06900091,2025-04-01,merge,Barrow,Greater Ashby\n",
        )
        with pytest.raises(Refused) as refused:
            area_on("E06900091", date(2023, 6, 1))
    page = client.get("/places/E06900091?on=2023-06-01")
    assert page.status_code == 404
    assert 'href="/places/E07900001?on=2023-06-01"' in page.text
    assert 'href="/places/E07900002?on=2023-06-01"' in page.text
    assert "E07900093" not in page.text
    said = refused.value.sentence.replace("\xa0", " ")
    assert "(District or unitary council area, " in said
    assert "(E07900001) and " in said
    assert said.count("Area E06900091") == 1


def test_the_example_of_a_method_begins_on_the_next_working_day(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrutiny.public.views._today", lambda: date(2026, 11, 22))  # a Sunday
    assert re.search(r"begins on (Mon(day)? )?23 Nov(ember)? 2026", client.get("/methods/jtai").text)
