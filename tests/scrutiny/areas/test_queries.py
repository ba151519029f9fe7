"""Areas by code, name, point and postcode on a day; what a place shares, in one answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from scrutiny.areas import queries
from scrutiny.areas.index import point_index
from scrutiny.place_lookup.lookup import find
from tests.cast import SOUTH, WEST
from tests.scrutiny.areas.layers import load, square
from workflows.refusals import Refused

pytestmark = pytest.mark.usefixtures("context")

TODAY = date(2026, 3, 2)


def test_a_place_cut_by_two_boards_has_the_share_of_each(cast: SimpleNamespace) -> None:
    found = queries.overlaps([cast.barrow], TODAY, with_kind="icb")
    assert [(one.name, one.share_of_area) for one in found] == [("East Loamshire", 0.5), ("West Loamshire", 0.5)]
    assert [one.share_of_people for one in found] == pytest.approx([2500 / 4500, 2000 / 4500])


def test_the_shares_of_a_place_of_two_areas_are_of_both_together(cast: SimpleNamespace) -> None:
    found = {one.name: one for one in queries.overlaps([cast.ashby, cast.barrow], TODAY, with_kind="icb")}
    assert found["West Loamshire"].share_of_area == pytest.approx(0.75)
    assert found["West Loamshire"].share_of_other_area == pytest.approx(1.0)


def test_a_postcode_that_stands_for_no_place_says_so() -> None:
    with pytest.raises(Refused, match="ZZ99 3VZ: ZZ99 stands for an unknown or foreign address, and for no place"):
        queries.areas_at_text("zz99 3vz", TODAY)


def test_an_area_is_found_by_code_on_a_day_and_its_absence_is_explained() -> None:
    assert queries.area_on("e07900001", TODAY).name == "Ashby"
    with pytest.raises(Refused, match=r"on Wed 1 Jan 2020: Ashby \(District or unitary council area\) from Wed 1 Apr 2020"):
        queries.area_on("E07900001", date(2020, 1, 1))
    with pytest.raises(Refused, match="no area with the code E07111111"):
        queries.area_on("E07111111", TODAY)


def test_a_code_in_two_kinds_is_taken_in_the_order_of_the_file(tmp_path: Path) -> None:
    unitary = {"E06900001": square(0, 0, 10, 10)}
    load(tmp_path, "upper_tier", date(2021, 4, 1), unitary)
    load(tmp_path, "district", date(2021, 4, 1), unitary)
    assert [area.kind for area in queries.areas_with_code("E06900001", TODAY)] == ["district", "upper_tier"]
    assert queries.area_on("E06900001", TODAY).kind == "district"
    assert len(find("area e06900001", TODAY).matches) == 1


def test_a_point_lies_in_every_area_that_holds_it() -> None:
    kinds = [(one.kind, one.name) for one in queries.areas_at(WEST + 12_000, SOUTH + 2_000, TODAY)]
    assert kinds == [
        ("lsoa", "Small area 2"),
        ("district", "Barrow End"),
        ("upper_tier", "Loamshire"),
        ("police", "Loamshire"),
        ("fire", "Loamshire"),
        ("icb", "West Loamshire"),
    ]
    assert queries.areas_at(WEST - 1, SOUTH - 1, TODAY) == []
    assert queries.areas_at(WEST + 12_000, SOUTH + 2_000, date(2019, 1, 1)) == []


def test_the_index_is_built_again_when_something_was_loaded(tmp_path: Path) -> None:
    first = point_index()
    assert point_index() is first
    load(tmp_path, "ward", date(2021, 4, 1), {"E05900001": square(0, 0, 10, 10)})
    assert point_index() is not first
    assert [one.code for one in queries.areas_at(505_000, 505_000, TODAY)] == ["E05900001"]


def test_a_postcode_leads_to_its_areas_however_it_is_typed() -> None:
    assert [one.kind for one in queries.areas_at_text(" lm11aa", TODAY)][:2] == ["lsoa", "district"]
    with pytest.raises(Refused, match="not a whole postcode"):
        queries.areas_at_text("LM1 1", TODAY)
    with pytest.raises(Refused, match="LM1 1AB is not among the postcodes loaded"):
        queries.areas_at_text("LM1 1AB", TODAY)


def test_names_and_codes_are_searched_and_small_areas_only_by_their_whole_name() -> None:
    assert [area.code for area in find("barrow", TODAY).matches] == ["E07900002"]
    assert [area.code for area in find("e07900002", TODAY).matches] == ["E07900002"]
    assert find("loamshire", TODAY).matches[0].name == "Loamshire"
    assert find("small", TODAY).matches == ()
    assert [area.name for area in find("small area 1", TODAY).matches] == ["Small area 1"]
    assert find("100%_", TODAY).matches == ()


def test_a_place_is_summed_and_unknown_people_are_not_nought(cast: SimpleNamespace) -> None:
    areas = [queries.area_on(code, TODAY) for code in ("E07900001", "E07900002")]
    found = queries.summary(areas)
    assert (found.people, found.square_metres) == (1000 + 1500 + 2000 + 2500, 2e8)
    assert found.people_from == "Invented count, 21 March 2021"
