"""A place is found however its name is spelt, offered where it is not sure, and never opened unasked."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.areas import queries
from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.place_lookup import place_input
from scrutiny.place_lookup.lookup import areas_named, examples, find
from scrutiny.place_lookup.name_index import CORE, SAME, WORDS, NameIndex
from scrutiny.place_lookup.names import name_index
from scrutiny.place_lookup.place_input import Ambiguous, codes_of, names_of
from scrutiny.spelling import distance
from tests.conftest import NOW
from tests.scrutiny.areas.layers import file_of, load_file, square
from workflows.refusals import Refused

TODAY = NOW.date()
NAMES = {
    "district": {
        "E07900011": "King's Marlbury",
        "E07900012": "Stour and Fenmere",
        "E07900013": "Brackenford upon Mere, City of",
        "E07900014": "St. Wendreda",
        "W06900001": "Ynys Gwyn-y-Môr",
        "E07900015": "Wendale",
        "E07900016": "Harrowfield",
        "E07900017": "Little Bath and Mere",
    },
    "ward": {"E05900011": "Mere", "E05900012": "Mere North", "E05900013": "Portgelynone", "E05900014": "Bathgate"},
    "police": {"E23900011": "Wendale", "E23900012": "Marlbury & Mere"},
}


@pytest.fixture
def named(context: None, tmp_path: Path) -> None:
    """Layers with these names beside the cast."""
    for row, (kind, names) in enumerate(NAMES.items()):
        shapes = {code: square(10 * i, 100 + 10 * row, 10 * i + 9, 108 + 10 * row) for i, code in enumerate(names)}
        load_file(file_of(tmp_path, shapes, f"{kind}.geojson", names), kind, date(2024, 4, 1))


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("KING’S MARLBURY", "E07900011"),
        ("Kings Marlbury", "E07900011"),
        ("King`s Marlbury", "E07900011"),
        ("Stour & Fenmere", "E07900012"),
        ("Stour and Fenmere district council", "E07900012"),
        ("Brackenford upon Mere, City of", "E07900013"),
        ("City of Brackenford upon Mere", "E07900013"),
        ("Brackenford-on-Mere", "E07900013"),
        ("Saint Wendreda", "E07900014"),
        ("st wendreda", "E07900014"),
        ("ynys gwyn y mor", "W06900001"),
        (unicodedata.normalize("NFD", "Ynys Gwyn-y-Môr"), "W06900001"),
        ("Wendale police", "E23900011"),
        ("Wendale council", "E07900015"),
        ("Marlbury and Mere constabulary", "E23900012"),
        ("Wendale and Harrowfield", "E07900015+E07900016"),
        ("Harrowfield, Wendale", "E07900015+E07900016"),
        ("Stour and Fenmere and Harrowfield", "E07900012+E07900016"),
        ("e07900011", "E07900011"),
    ],
)
def test_a_whole_name_opens_its_place_however_it_is_spelt(typed: str, code: str) -> None:
    found = find(typed, TODAY)
    assert (found.sure, found.matches[0].code) == (True, code)


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Marlbry", "E07900011"),
        ("Kings Marlbry", "E07900011"),
        ("Brackenfrod", "E07900013"),
        ("Harowfield", "E07900016"),
        ("Harrowfeild coucil", "E07900016"),
        ("Bath", "E07900017"),  # the whole word before Bathgate
        ("gelyn", "E05900013"),
        ("Mere", "E05900011"),  # a ward of that very name does not speak for the places that hold it
        ("Wendale", "E07900015"),  # a council and a police area
    ],
)
def test_what_is_not_sure_is_offered_and_not_opened(typed: str, first: str) -> None:
    found = find(typed, TODAY)
    assert not found.sure
    assert found.in_order[0].code == first


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("typed", ["None", "zzzz", "!!", "%", "_", "\x00", "'", "日本", "😀", "a" * 600, "-", "((((", "\u202e"])
def test_odd_words_find_nothing_and_break_nothing(client: FlaskClient, typed: str) -> None:
    page = client.get("/find", query_string={"q": typed})
    assert page.status_code == 200
    assert not find(typed, TODAY).sure


@pytest.mark.usefixtures("named")
def test_the_nearest_names_are_links(client: FlaskClient) -> None:
    page = client.get("/find?q=Harowfield").text
    assert "Did you mean" in page
    assert 'href="/places/E07900016"' in page
    assert client.get("/find?q=Wendale+and+Harrowfield").headers["Location"] == "/places/E07900015+E07900016"


@pytest.mark.usefixtures("context")
def test_each_example_under_the_box_leads_somewhere(client: FlaskClient) -> None:
    given = examples(TODAY)
    assert len(given) == 3
    page = client.get("/").text
    for one in given:
        assert one in page
        assert client.get("/find", query_string={"q": one}).status_code == 302, one


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("JE2 3AB", "in Jersey: outside the United Kingdom"),
        ("GY1 1AA", "in Guernsey: outside the United Kingdom"),
        ("IM1 1AA", "in the Isle of Man: outside the United Kingdom"),
        ("ZZ99 3VZ", "stands for an unknown or foreign address"),
        ("bf1 0aa", "a forces address"),
    ],
)
def test_postcodes_that_lie_nowhere_are_told_so_everywhere(client: FlaskClient, typed: str, said: str) -> None:
    assert said in find(typed, TODAY).sentence
    assert said in client.get("/find", query_string={"q": typed}).text
    assert said in client.get("/api/v1/many", query_string={"places": typed}).text
    with pytest.raises(Refused, match=said):
        queries.areas_at_text(typed, TODAY)
    with pytest.raises(Refused, match=said):
        codes_of(typed, TODAY)


@pytest.mark.usefixtures("context")
def test_swapped_axes_are_told_with_the_place_meant(client: FlaskClient) -> None:
    lat, lon = queries.degrees_at(*_middle("E07900001")).split(",")
    found = find(f"{lon}, {lat}", TODAY)
    assert "longitude first" in found.sentence
    assert (found.sure, found.matches[0].code) == (False, "E07900001")
    assert "longitude first" in client.get("/find", query_string={"q": f"{lon},{lat}"}).text


def _middle(code: str) -> tuple[float, float]:
    area = queries.area_on(code, TODAY)
    return area.point_x, area.point_y


@pytest.mark.usefixtures("named")
def test_a_name_that_is_not_sure_is_shown_with_its_code_and_understood_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_input, "sure_code", lambda *_: "")  # as where two areas have one name
    assert names_of(["E05900011", "E07900016"], TODAY) == "Mere (E05900011), Harrowfield (E07900016)"
    assert codes_of("mere (E05900011), Harrowfield", TODAY) == ["E05900011", "E07900016"]
    with pytest.raises(Refused):
        codes_of("Harrowfield (E05900011)", TODAY)  # another area has that code


@pytest.mark.usefixtures("named")
def test_a_review_takes_names_postcodes_and_several_places() -> None:
    assert codes_of("Brackenford upon Mere, City of", TODAY) == ["E07900013"]
    assert codes_of("Brackenford upon Mere, City of, Stour & Fenmere", TODAY) == ["E07900013", "E07900012"]
    assert codes_of("Wendale and Harrowfield", TODAY) == ["E07900015", "E07900016"]
    assert codes_of("lm1 1aa", TODAY) == ["E07900001"]
    assert codes_of("lm1 1aa, Harrowfield", TODAY) == ["E07900001", "E07900016"]
    assert names_of(["E07900013", "E07900012"], TODAY) == "Brackenford upon Mere, City of, Stour and Fenmere"
    for typed in ("Bath", "Mere", "Wendale poorly", "Marlbry"):
        with pytest.raises(Ambiguous) as asked:
            codes_of(typed, TODAY)
        for value, _ in asked.value.options:
            assert codes_of(value, TODAY)
    with pytest.raises(Refused, match="Nothing here is called"):
        codes_of("Xyzzy Qwrt", TODAY)


@pytest.mark.usefixtures("named")
def test_the_command_and_the_interface_find_alike(app: Flask, client: FlaskClient) -> None:
    said = app.test_cli_runner().invoke(args=["areas", "find", "Marlbry", "--json"])
    assert json.loads(said.stdout) == client.get("/api/v1/find?q=Marlbry").json
    assert json.loads(said.stdout)["places"][0]["name"] == "King's Marlbury"
    assert app.test_cli_runner().invoke(args=["areas", "find", "Xyzzy Qwrt"]).exit_code == 1


@pytest.mark.parametrize(
    ("one", "other", "off"),
    [("marlbry", "marlbury", 1), ("wendlae", "wendale", 1), ("a", "abcd", 2), ("", "a", 1), ("ab", "ab", 0)],
)
def test_letters_off_are_counted(one: str, other: str, off: int) -> None:
    assert distance(one, other, 1) == off
    assert distance(other, one, 1) == off


@pytest.mark.parametrize("on", [TODAY, None])
def test_what_is_exact_is_what_a_search_finds_so(named: None, on: date | None) -> None:
    """The same areas in the same order, for every name and for parts and misspellings of it."""
    index = name_index()
    names = list(db.session.scalars(select(Area.name).order_by(Area.name)))
    typed = {*names, *(word for name in names for word in name.split()), *(name[:-2] for name in names), "", "county council"}
    found = 0
    for text in sorted(typed):
        exact = index.exact(text, on)
        assert exact == [hit for hit in index.search(text, on) if hit.nearness in (SAME, CORE, WORDS)], text
        found += len(exact)
    assert found > len(names) / 2


def test_areas_named_one_after_the_other_need_no_spelling(named: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve parts have 78 runs of words: none is looked up by its spelling, which only what is not sure needs."""

    def tried(*_: object) -> NoReturn:
        raise AssertionError("spelling was tried")

    monkeypatch.setattr(NameIndex, "_by_spelling", tried)
    assert areas_named("Ashbi, " * 11 + "Corley", TODAY) == []
    assert areas_named("Stour and Fenmere, Harrowfield and Corley", TODAY) == ["E07900012", "E07900016", "E07900003"]
