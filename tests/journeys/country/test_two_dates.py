"""The same street asked about on two days: each answer is of its day, before and after councils and boards changed."""

from __future__ import annotations

import json
from datetime import date

import pytest
from flask import Flask

from tests.journeys.country.conftest import SAME_BYTES, flask

pytestmark = [pytest.mark.slow, pytest.mark.data, SAME_BYTES]
#: in the city of Birmingham, in the west that lay with the Black Country, and in the centre
WEST, CENTRE = "52.5010,-1.9350", "52.4800,-1.8950"


def at(app: Flask, where: str, on: str) -> dict[str, list[str]]:
    """The names of the areas at a point or postcode on a day, by kind, as `flask areas at` gives them."""
    found: dict[str, list[str]] = {}
    for one in json.loads(flask(app, "areas", "at", where, "--on", on, "--json")):
        found.setdefault(one["kind"], []).append(one["name"])
    return found


def test_a_postcode_of_penrith_was_in_eden_and_cumbria_and_is_in_westmorland_and_furness(history: Flask) -> None:
    before, after = at(history, "CA11 0AB", "2022-06-01"), at(history, "CA11 0AB", "2024-06-01")
    assert (before["district"], before["upper_tier"]) == (["Eden"], ["Cumbria"])
    assert (after["district"], after["upper_tier"]) == (["Westmorland and Furness"], ["Westmorland and Furness"])
    assert before["police"] == after["police"] == ["Cumbria"]
    assert (sorted(before), sorted(after)) == (
        ["ccg", "district", "lsoa", "police", "stp", "upper_tier"],
        ["district", "fire", "icb", "lsoa", "police", "upper_tier"],
    )
    assert at(history, "CA11 0AB", "2019-06-01")["district"] == ["Eden"]


def test_birmingham_lay_in_two_areas_of_the_health_service_until_the_boards_took_over(history: Flask) -> None:
    for kind, on, named in (
        ("ccg", "2021-06-01", ["NHS Birmingham and Solihull CCG", "NHS Black Country and West Birmingham CCG"]),
        ("stp", "2021-06-01", ["Birmingham and Solihull", "The Black Country and West Birmingham"]),
        ("icb", "2022-08-01", ["NHS Birmingham and Solihull Integrated Care Board"]),
        ("ccg", "2022-08-01", []),
        ("icb", "2021-06-01", []),
    ):
        said = json.loads(flask(history, "areas", "overlaps", "E08000025", "--with", kind, "--on", on, "--json"))
        assert sorted(one["name"] for one in said) == named, (kind, on)
    assert at(history, WEST, "2021-06-01")["ccg"] != at(history, CENTRE, "2021-06-01")["ccg"]
    assert at(history, WEST, "2022-08-01")["icb"] == at(history, CENTRE, "2022-08-01")["icb"]


def test_no_area_of_an_earlier_layer_outlives_it(history: Flask) -> None:
    """Aylesbury Vale, given up in 2020, is not still there beside Buckinghamshire."""
    assert at(history, "51.8160,-0.8120", "2019-06-01")["district"] == ["Aylesbury Vale"]
    for on in ("2021-06-01", "2024-06-01", date(2026, 3, 2).isoformat()):
        assert at(history, "51.8160,-0.8120", on)["district"] == ["Buckinghamshire"]
