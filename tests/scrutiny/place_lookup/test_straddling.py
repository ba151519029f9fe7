"""A postcode that may lie across two councils says so and asks; a pin or typed coordinates is exact."""

from __future__ import annotations

import html
import math
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from shapely import MultiPolygon, Point, Polygon

from scrutiny.agencies.bulk_lookup import Wanted, answer_list, cells_of_text
from scrutiny.areas import queries
from scrutiny.geography.point_input import point_typed
from scrutiny.place_lookup.bulk_lookup import answer_many
from scrutiny.place_lookup.straddling import straddle
from scrutiny.place_lookup.straddling_many import asks_of
from tests.scrutiny.areas.layers import load, square
from tests.scrutiny.areas.test_commands import run
from tests.scrutiny.areas.test_lineage import HEADER, load_lineage

pytestmark = pytest.mark.usefixtures("context")
D21, TODAY = date(2021, 4, 1), date(2026, 3, 2)
ONE, TWO = square(0, 0, 20, 10), square(20, 0, 40, 10)


@pytest.fixture
def border(context: None, app: Flask, tmp_path: Path) -> None:
    """Two councils whose border runs at 520 km, and postcodes 12 m, 60 m and 5 km from it, as Code-Point Open has them."""
    load(tmp_path, "district", D21, {"E07900101": ONE, "E07900102": TWO})
    rows = (
        ("LM5 1AA", 519_988, 505_000, "E07900101"),
        ("LM5 1AB", 519_940, 505_000, "E07900101"),
        ("LM5 1AD", 515_000, 505_000, "E07900102"),
        ("LM5 1AE", 515_000, 505_000, "E07900101"),
    )
    file = tmp_path / "codepoint.csv"
    file.write_text("".join(f'"{code}",10,{x},{y},"","","","","{lad}",""\n' for code, x, y, lad in rows))
    assert run(app, "postcodes", file)[0] == 0


@pytest.mark.usefixtures("border")
@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("lm51aa", "The point of LM5 1AA is in Area E07900101, but some of its addresses may be in {}, 12 m away"),
        ("LM5 1AB", ""),
        ("LM5 1AE", ""),
        ("LM5 1AD", "The point of LM5 1AD is in Area E07900101, but some of its addresses may be in {}, which its file names"),
    ],
)
def test_a_border_near_the_point_or_another_council_in_the_file_is_asked_about(app: Flask, typed: str, asks: str) -> None:
    found = straddle(typed, TODAY)
    assert found is not None
    asks = asks.format("Area E07900102 (E07900102)")
    assert found.asks == asks
    status, out, err = run(app, "at", typed, "--on", "2026-03-02", "--json")
    assert (status, asks in err, "E07900101" in out, "E07900102" in out) == (0, True, True, False)


@pytest.mark.usefixtures("border")
def test_a_council_that_the_file_names_by_its_old_code_is_no_other(tmp_path: Path) -> None:
    load_lineage(tmp_path, HEADER + "E07900102,E07900101,2020-04-01,merge,1,1\n")
    found = straddle("LM5 1AD", TODAY)
    assert found is not None
    assert found.asks == ""


@pytest.mark.usefixtures("border")
def test_the_search_asks_which_council_and_offers_both(app: Flask) -> None:
    client = app.test_client()
    asked = client.get("/find?q=LM5+1AA")
    page = html.unescape(asked.text)
    assert asked.status_code == 200
    assert "some of its addresses may be in Area E07900102 (E07900102), 12 m away. Choose the council your address is in" in page
    assert 'href="/places/E07900101?at=LM5+1AA"' in page
    assert 'href="/places/E07900102"' in page
    assert client.get("/find?q=LM5+1AE").status_code == 302
    shown = client.get("/places/E07900101?at=LM5+1AA").text
    assert "some of its addresses may be in Area E07900102" in shown


@pytest.mark.usefixtures("border")
def test_who_answers_at_such_a_postcode_says_so_too(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["agencies", "answering", "LM5 1AA", "--on", "2026-03-02"])
    assert "some of its addresses may be in Area E07900102" in done.stderr


def test_a_point_where_two_areas_overlap_lists_both(app: Flask, tmp_path: Path) -> None:
    load(tmp_path, "district", D21, {"E07900101": square(0, 0, 21, 10), "E07900102": TWO})
    _, out, _ = run(app, "at", "54.426,-0.148", "--on", "2026-03-02", "--json")
    assert ('"E07900101"' in out, '"E07900102"' in out) == (True, True)
    page = app.test_client().get("/find?q=54.426,-0.148").text
    assert "lies where the boundaries of 2 areas overlap: choose the one you mean" in page


def test_an_ended_postcode_is_answered_and_said_to_have_ended(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "nspl.csv"
    file.write_text(
        "pcds,dointr,doterm,east1m,north1m,lad26cd\nLM7 1AA,198001,199606,402000,302000,\nLM7 1AB,203001,,402000,302000,\n"
    )
    run(app, "postcodes", file)
    status, out, err = run(app, "at", "LM7 1AA", "--on", "2026-03-02")
    assert (status, "E07900001" in out, "LM7 1AA ended in June 1996; the answer is for where it was" in err) == (0, True, True)
    assert "LM7 1AB is in use only from January 2030" in run(app, "at", "LM7 1AB", "--on", "2026-03-02")[2]


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("54.66, -2.75", (54.66, -2.75)),
        ("(54.66; -2.75)", (54.66, -2.75)),
        ("54.66N 2.75W", (54.66, -2.75)),
        ("54.66° N, 2.75° W", (54.66, -2.75)),
        ("54°39'36\"N 2°45'00\"W", (54.66, -2.75)),
        ("54° 39.6′ N, 2° 45′ W", (54.66, -2.75)),
        ("geo:54.66,-2.75?z=15", (54.66, -2.75)),
        ("https://maps.example/maps?q=54.66,-2.75&z=15", (54.66, -2.75)),
        ("https://maps.example/maps/place/Penrith/@54.1,-2.1,15z/data=!3d54.66!4d-2.75", (54.66, -2.75)),
        ("https://www.osm.example/?mlat=54.66&mlon=-2.75#map=15/54.1/-2.1", (54.66, -2.75)),
        ("https://www.osm.example/#map=15/54.66/-2.75", (54.66, -2.75)),
        ("https://maps.example/maps/@54.66,-2.75,15z", (54.66, -2.75)),
        ("https://maps.example/Penrith", None),
        ("99, 0", None),
        ("geo:99.0,-2.75", None),
        ("CA11 0AB", None),
        ("54.66", None),
        ("", None),
    ],
)
def test_a_point_is_read_as_people_give_it(typed: str, point: tuple[float, float] | None) -> None:
    found = point_typed(typed)
    assert found == (pytest.approx(point) if point else None)


def test_a_pasted_pin_leads_to_its_place_and_is_shown_as_coordinates(app: Flask) -> None:
    sent = app.test_client().get("/find", query_string={"q": "https://maps.example/maps?q=52.6137,-1.9721&z=15"})
    assert sent.status_code == 302
    assert sent.location == "/places/E07900001?at=52.6137,+-1.9721"
    assert "At 52.6137, -1.9721 exactly" in app.test_client().get(sent.location).text


@pytest.mark.usefixtures("border")
def test_many_at_once_carry_the_same_question_in_their_note(app: Flask, tmp_path: Path) -> None:
    """By the command, the list of agencies, the page's own table and the API alike; each word for word as one by one."""
    typed = ("LM5 1AA", "LM5 1AB", "LM5 1AD", "LM5 1AE")
    one_by_one = [found.asks if (found := straddle(one, TODAY)) else "" for one in typed]
    assert [bool(said) for said in one_by_one] == [True, False, True, False]
    file = tmp_path / "in.csv"
    file.write_text("\n".join(["postcode", *typed]))
    notes = [row.note.partition("; No ")[0] for row in answer_many(file, on=TODAY).rows]
    assert [note if note.startswith("The") else "" for note in notes] == one_by_one
    listed = answer_list(cells_of_text(file.read_text()), Wanted(TODAY))
    assert [said in row[-1] for said, row in zip(one_by_one, listed.rows, strict=True)] == [True] * 4
    api = app.test_client().get("/api/v1/many", query_string={"places": ",".join(typed), "on": "2026-03-02"}).json
    assert [said in row["note"] for said, row in zip(one_by_one, api, strict=True)] == [True] * 4


def test_a_long_border_is_measured_piece_by_piece_as_it_is_whole(tmp_path: Path, app: Flask) -> None:
    """A border of many points, and an island of the neighbour within: the pieces lose none of it."""
    wave = [(520_000 + 40 * math.sin(step), 500_000 + 50 * step) for step in range(200)]
    west = Polygon([(500_000, 500_000), *wave, (500_000, 509_950)])
    east = Polygon([(540_000, 500_000), *wave, (540_000, 509_950)])
    island = Point(510_000, 505_000).buffer(300, quad_segs=40)
    load(tmp_path, "district", D21, {"E07900101": west.difference(island), "E07900102": MultiPolygon([east, island])})
    east_edge = [(519_990 + 7 * n % 60, 500_020 + 493 * n) for n in range(20)]
    near_island = [(510_000 + 320 * math.cos(n), 505_000 + 320 * math.sin(n)) for n in range(20)]
    file = tmp_path / "codepoint.csv"
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    rows = [(f"LM6 {1 + at // 20}A{letters[at % 20]}", x, y) for at, (x, y) in enumerate([*east_edge, *near_island])]
    file.write_text("".join(f'"{code}",10,{x:.0f},{y:.0f},"","","","","",""\n' for code, x, y in rows))
    assert run(app, "postcodes", file)[0] == 0
    placed = [queries.postcode(code) for code, _, _ in rows]
    there = {row.postcode: queries.areas_at(row.x, row.y, TODAY) for row in placed if row}
    said = asks_of([row for row in placed if row], there, TODAY)
    each = {code: found.asks for code, _, _ in rows if (found := straddle(code, TODAY)) and found.asks}
    assert said == each
    assert len(each) >= 30
