"""The front page and what somebody types there."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from tests.cast import SOUTH, WEST


def test_the_front_page_asks_one_question_and_draws_the_districts(client: FlaskClient) -> None:
    """Each district is a link in the map and in the list."""
    page = client.get("/")
    assert page.status_code == 200
    assert page.text.count('href="/places/E07900001"') == 2
    assert 'aria-label="Ashby, 2,500 people, 100 km²"' in page.text
    assert len(page.data) < 300_000


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("ashby", "/places/E07900001"),
        ("E07900003", "/places/E07900003"),
        ("lm11aa", "/places/E07900001?at=LM1+1AA"),
    ],
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
