"""What no area of a kind holds is said with its place and size, of layers, of places and of points; never the nearest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from scrutiny.areas import queries
from scrutiny.areas.gaps import gaps_of, lacking_words
from scrutiny.place_lookup.bulk_lookup import answer_cells
from tests.scrutiny.areas.layers import PEOPLE, SMALL, count, load, square
from tests.scrutiny.areas.test_commands import run

pytestmark = pytest.mark.usefixtures("context")
D21, TODAY = date(2021, 4, 1), date(2026, 3, 2)
DISTRICT = {"E07900101": square(0, 0, 40, 10)}


def counted(folder: Path) -> None:
    """Four small areas in a row with their people, and a district of them all."""
    load(folder, "lsoa", D21, SMALL)
    count(folder, PEOPLE)
    load(folder, "district", D21, DISTRICT)


def gaps(kind: str) -> list[str]:
    return [gap.words for gap in gaps_of([queries.area_on("E07900101", TODAY)], TODAY, with_kind=kind)]


def test_a_gap_the_neighbours_go_round_is_reported_at_load_with_place_land_and_people(tmp_path: Path) -> None:
    load(tmp_path, "lsoa", D21, SMALL)
    count(tmp_path, PEOPLE)
    ring = square(-10, -10, 50, 20).difference(square(11, 1, 19, 9))
    result = load(
        tmp_path,
        "fire",
        D21,
        {"E31900101": ring.intersection(square(-10, -10, 15, 20)), "E31900102": ring.intersection(square(15, -10, 50, 20))},
    )
    said = [one for one in result.warnings if "gap" in one]
    assert said == [
        "a gap of 64.00 km² and 200 people is next to E31900101 Area E31900101 and E31900102 Area E31900102; "
        "no area of the layer holds a point there"
    ]


def test_small_areas_that_no_area_holds_are_counted_beside_the_nearest(tmp_path: Path) -> None:
    load(tmp_path, "lsoa", D21, SMALL)
    count(tmp_path, PEOPLE)
    result = load(tmp_path, "police", D21, {"E23900101": square(0, 0, 30, 10)})
    assert [one for one in result.warnings if "lie in no area" in one] == [
        "400 people in 1 small area (E01900103) lie in no area of this layer; the nearest is E23900101 Area E23900101"
    ]


def test_a_layer_of_one_corner_of_the_country_is_not_blamed_for_the_rest(tmp_path: Path) -> None:
    counted(tmp_path)
    result = load(tmp_path, "police", D21, {"E23900101": square(0, 0, 10, 10)})
    assert not [one for one in result.warnings if "lie in no area" in one]


def test_a_layer_that_covers_its_land_has_nothing_to_report(tmp_path: Path) -> None:
    counted(tmp_path)
    assert load(tmp_path, "police", D21, {"E23900101": square(0, 0, 40, 10)}).warnings == [
        "read as OSGB36 / British National Grid, as the file says"
    ]
    assert gaps("police") == []


def test_a_place_says_how_much_of_it_no_area_of_a_kind_holds(tmp_path: Path) -> None:
    counted(tmp_path)
    load(tmp_path, "police", D21, {"E23900101": square(0, 0, 30, 10)})
    (gap,) = gaps_of([queries.area_on("E07900101", TODAY)], TODAY, with_kind="police")
    assert (gap.square_metres, gap.share_of_area) == pytest.approx((1e8, 0.25))
    assert (gap.people, gap.share_of_people) == (400, 0.4)
    assert gap.words == "No police force area found for 400 of its people (40.0%) and 100.00 km² of its land (25.0%)"


def test_what_only_drawing_explains_is_no_gap(tmp_path: Path) -> None:
    counted(tmp_path)
    load(tmp_path, "police", D21, {"E23900101": square(0, 0, 39.99, 10)})
    assert gaps("police") == []


def test_land_held_twice_is_told_apart_from_land_not_held(tmp_path: Path) -> None:
    counted(tmp_path)
    load(tmp_path, "police", D21, {"E23900101": square(0, 0, 30, 10), "E23900102": square(20, 0, 40, 10)})
    assert gaps("police") == [
        "More than one police force area found for 300 of its people (30.0%) and 100.00 km² of its land (25.0%)"
    ]


def test_a_place_wholly_in_a_gap_finds_none_and_never_the_nearest(app: Flask, tmp_path: Path) -> None:
    counted(tmp_path)
    load(tmp_path, "icb", D21, {"E54900101": square(41, 0, 60, 10)})
    assert gaps("icb") == ["No integrated care board area found"]
    status, out, err = run(app, "overlaps", "E07900101", "--with", "icb", "--json")
    assert (status, out, err) == (0, "[]\n", "No integrated care board area found: Area E07900101\n")
    done = app.test_cli_runner().invoke(args=["agencies", "answering", "E07900101"])
    assert "No integrated care board area found" in done.stderr


def test_a_kind_of_which_nothing_is_loaded_for_the_day_or_nation_is_not_a_gap(tmp_path: Path) -> None:
    counted(tmp_path)
    load(tmp_path, "ccg", D21, {"E38900101": square(0, 0, 20, 10)}, to_on=date(2022, 6, 30))
    load(tmp_path, "district", D21, {"W06900101": square(60, 0, 70, 10)})
    welsh = queries.area_on("W06900101", TODAY)
    assert gaps("ccg") == []
    assert gaps_of([welsh], TODAY) == []


def test_a_point_in_a_gap_says_which_kind_is_not_found_there(app: Flask, tmp_path: Path) -> None:
    counted(tmp_path)
    load(tmp_path, "police", D21, {"E23900101": square(0, 0, 30, 10)})
    inside, beyond = queries.areas_at(505_000, 505_000, TODAY), queries.areas_at(535_000, 505_000, TODAY)
    assert "No police force area found" not in lacking_words(inside, TODAY)
    assert "No police force area found" in lacking_words(beyond, TODAY)
    assert "police" not in {one.kind for one in beyond}
    status, out, err = run(app, "at", "54.4312,0.0828", "--json")
    assert (status, '"kind": "police"' in out) == (0, False)
    assert "No police force area found" in err


def test_a_point_beyond_every_area_claims_nothing_of_kinds(tmp_path: Path) -> None:
    counted(tmp_path)
    assert lacking_words(queries.areas_at(900_000, 900_000, TODAY), TODAY) == []


def test_the_page_of_a_place_says_what_was_not_found(app: Flask, tmp_path: Path) -> None:
    counted(tmp_path)
    load(tmp_path, "police", D21, {"E23900101": square(0, 0, 30, 10)})
    page = app.test_client().get("/places/E07900101?at=54.4312,0.0828").text
    assert "No police force area found for 400 of its people (40.0%) and 100.00 km² of its land (25.0%)." in page
    assert "No police force area found there." in page


def test_many_at_once_say_what_is_not_found_in_their_note(tmp_path: Path, app: Flask) -> None:
    counted(tmp_path)
    load(tmp_path, "police", D21, {"E23900101": square(0, 0, 30, 10)})
    file = tmp_path / "codepoint.csv"
    file.write_text('"LM7 1AA",10,535000,505000,"","","","","",""\n"LM7 1AB",10,505000,505000,"","","","","",""\n')
    assert run(app, "postcodes", file)[0] == 0
    at = [lacking_words(queries.areas_at_text(code, TODAY), TODAY) for code in ("LM7 1AA", "LM7 1AB")]
    assert set(at[0]) - set(at[1]) == {"No police force area found"}
    rows = answer_cells([(2, "LM7 1AA"), (3, "LM7 1AB")], "postcode", on=TODAY, by_postcode=True).rows
    assert [row.note for row in rows] == ["; ".join(words) for words in at]
    coded = answer_cells([(2, "E07900101"), (3, "E07900001")], "code", on=TODAY, by_postcode=False).rows
    assert gaps("police")[0] in coded[0].note
    assert coded[1].note == "; ".join(gap.words for gap in gaps_of([queries.area_on("E07900001", TODAY)], TODAY))
