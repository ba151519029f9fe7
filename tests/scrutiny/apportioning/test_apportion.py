"""Figures of one geography for another: nothing lost, nothing made, and what was done is told."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrutiny.apportioning import figures
from scrutiny.apportioning.apportion import apportion
from scrutiny.geography.rounding import divided
from tests.scrutiny.areas.layers import PEOPLE, SMALL, count, load, square
from tests.scrutiny.areas.test_commands import run
from tests.scrutiny.areas.test_lineage import HEADER, load_lineage
from workflows.refusals import Refused

TODAY = date(2026, 3, 2)
BEGAN = date(2021, 4, 1)
AMOUNTS = st.integers(-(10**12), 10**12)


@pytest.fixture
def country(context: None, tmp_path: Path) -> Path:
    """Four small areas in a row (100, 200, 300, 400 people), a district over the first three, and two police areas over all:
    the first half the land and 300 people, the second 700. A second district lies where no police area is."""
    load(tmp_path, "lsoa", date(2021, 3, 21), SMALL)
    count(tmp_path, PEOPLE)
    load(tmp_path, "district", BEGAN, {"E07900101": square(0, 0, 30, 10), "E07900102": square(30, 0, 60, 10)})
    load(tmp_path, "police", BEGAN, {"E23900101": square(0, 0, 20, 10), "E23900102": square(20, 0, 40, 10)})
    return tmp_path


@given(amount=AMOUNTS, weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any))
def test_parts_add_up_to_the_whole_and_none_is_a_unit_out(amount: int, weights: list[int]) -> None:
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    parts = divided(amount, shares)
    assert sum(parts) == amount
    assert all(abs(part - amount * share) < 1 for part, share in zip(parts, shares, strict=True))
    assert [-part for part in divided(-amount, shares)] == parts


def test_shares_that_are_not_of_one_whole_are_not_divided_by() -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        divided(100, [Fraction(1, 2), Fraction(1, 3)])


def test_people_and_land_divide_differently_and_the_rest_is_kept(country: Path) -> None:
    by_people = apportion({"E07900101": 60_001, "E07900102": 10_00}, "district", "police", on=TODAY)
    assert {one.code: one.amount for one in by_people.placed} == {"E23900101": 30_001, "E23900102": 30_000 + 10_00}
    assert by_people.not_placed == ()
    assert (by_people.base_year, by_people.by) == (2021, "people")
    assert "1 of 2 areas are cut between two or more, and hold 98.4% of what was placed" in by_people.error_note
    by_land = apportion({"E07900101": 300, "E07900102": 300}, "district", "police", by="land", on=TODAY)
    assert {one.code: one.amount for one in by_land.placed} == {"E23900101": 200, "E23900102": 200}
    assert [(one.code, one.amount, one.why) for one in by_land.not_placed] == [
        ("E07900102", 200, "it lies in no police force area")
    ]
    assert sum(one.amount for one in by_land.placed) + by_land.amount_not_placed == by_land.total


def test_weights_of_small_areas_divide_as_they_are_given(country: Path) -> None:
    weights = {"E01900100": 1.0, "E01900101": 0.0, "E01900102": 3.0, "E01900999": 5.0}
    found = apportion({"E07900101": 100}, "district", "police", by=weights, on=TODAY)
    assert {one.code: one.amount for one in found.placed} == {"E23900101": 25, "E23900102": 75}
    lacking = apportion({"E07900102": 100}, "district", "police", by=weights, on=TODAY)
    assert lacking.placed == ()
    assert lacking.not_placed[0].why == "none of the weights given is of a small area in it"
    for bad in ({"E01900100": -1.0}, {"E01900100": float("nan")}, {"E01900100": 0.0}):
        with pytest.raises(Refused, match="weight"):
            apportion({"E07900101": 1}, "district", "police", by=bad, on=TODAY)


def test_small_areas_are_added_up_to_the_area_their_point_lies_in(country: Path) -> None:
    found = apportion(dict.fromkeys(SMALL, 7), "lsoa", "district", on=TODAY)
    assert {one.code: one.amount for one in found.placed} == {"E07900101": 21, "E07900102": 7}
    assert found.error_note == "Every area lies whole in one other, so nothing had to be estimated"


def test_an_area_that_lies_partly_in_none_is_never_said_to_be_whole(country: Path) -> None:
    load(country, "fire", BEGAN, {"E31900101": square(0, 0, 57, 10)})
    found = apportion({"E07900101": 200, "E07900102": 300}, "district", "fire", by="land", on=TODAY)
    assert [(one.code, one.amount) for one in found.not_placed] == [("E07900102", 30)]
    assert found.error_note.startswith(
        "1 of 2 areas are cut between two or more or lie in part in none, and hold 57.4% of what was placed"
    )
    nowhere = apportion({"E06999999": 5}, "district", "fire", by="land", on=TODAY)
    assert nowhere.error_note == "Nothing was placed, so nothing had to be estimated"


def test_a_code_that_is_not_known_keeps_its_amount_as_not_placed(country: Path) -> None:
    found = apportion({"E07900101": 10, "E06999999": 55, "": 3, "E23900101": 2}, "district", "police", on=TODAY)
    assert {one.code: one.amount for one in found.not_placed} == {"E06999999": 55, "": 3, "E23900101": 2}
    assert sum(one.amount for one in found.placed) + found.amount_not_placed == found.total == 70


def test_a_code_that_ended_is_followed_to_what_it_became(country: Path) -> None:
    load_lineage(
        country,
        HEADER + "E07900901,E07900101,2023-04-01,split,0.25,0.5\nE07900901,E07900102,2023-04-01,split,0.75,0.5\n"
        "E07900102,E07900103,2025-04-01,recode,1,1\n",
    )
    found = apportion({"E07900901": 100}, "district", "district", on=date(2024, 1, 1))
    assert {one.code: one.amount for one in found.placed} == {"E07900101": 25, "E07900102": 75}
    assert found.notes[0].startswith("E07900901 became")
    by_land = apportion({"E07900901": 100}, "district", "district", by="land", on=date(2024, 1, 1))
    assert {one.code: one.amount for one in by_land.placed} == {"E07900101": 50, "E07900102": 50}
    recoded = apportion({"E07900103": 9}, "district", "police", on=TODAY)
    assert {one.code: one.amount for one in recoded.placed} == {"E23900102": 9}


def test_a_rate_is_refused_with_what_to_do_instead(country: Path) -> None:
    with pytest.raises(Refused, match="Apportion its numerator and its denominator"):
        figures.read_figures(b"code,crime rate\nE07900101,5\n", "a.csv")
    with pytest.raises(Refused, match="by people, by land, or by weights"):
        apportion({"E07900101": 5}, "district", "police", by="hope", on=TODAY)
    with pytest.raises(Refused, match="No ward is loaded that holds on"):
        apportion({"E07900101": 5}, "district", "ward", on=TODAY)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(st.sampled_from(["E07900101", "E07900102", "E07900999", ""]), AMOUNTS, min_size=1),
    by=st.sampled_from(["people", "land"]) | st.dictionaries(st.sampled_from(sorted(SMALL)), st.floats(0.001, 1e6), min_size=1),
)
def test_whatever_the_figures_and_the_method_the_total_holds(
    country: Path, values: dict[str, int], by: str | dict[str, float]
) -> None:
    found = apportion(values, "district", "police", by=by, on=TODAY)
    assert sum(one.amount for one in found.placed) + found.amount_not_placed == found.total == sum(values.values())
    for code, amount in values.items():
        parts = [one.amount for one in found.flows if one.from_code == code]
        parts += [one.amount for one in found.not_placed if one.code == code]
        assert sum(parts) == amount
        assert all(part * amount >= 0 for part in parts)
    assert all(0 <= flow.share <= 1 for flow in found.flows)


@pytest.mark.parametrize(
    ("column", "is_rate"),
    [
        ("Unemployment rate", True),
        ("rate_per_1000", True),
        ("% in work", True),
        ("averageWage", True),
        ("IMD decile", True),
        ("Business rates", False),
        ("spend", False),
        ("Period total", False),
        ("Ratepayers", False),
    ],
)
def test_rates_are_known_by_the_name_of_their_column(column: str, *, is_rate: bool) -> None:
    assert figures.says_rate(column) is is_rate


def test_figures_are_read_as_people_write_them() -> None:
    text = 'LAD24CD,Council,Spend\nE07900101,A,"£1,234.50"\ne07900102,B,(12.01)\nE07900102,B,0.01\nE07900103,C,\n'
    found = figures.read_figures(text.encode(), "a.csv", figures.FiguresColumn("spend"))
    assert found.values == {"E07900101": 123_450, "E07900102": -1_200}
    assert [found.said(one) for one in (123_450, -1_200, 5, 0)] == ["1234.50", "-12.00", "0.05", "0.00"]
    assert any("appear more than once" in note for note in found.notes)
    assert any("without a figure" in note for note in found.notes)


@pytest.mark.parametrize("typed", ["<5", "< 5", "c", "[c]", "[x]", "*", "n/a", "suppressed", "..", "-"])
def test_a_figure_that_is_kept_back_is_told_and_in_no_total(typed: str) -> None:
    found = figures.read_figures(
        f"code,people\nE07900101,7\nE07900102,{typed}\n".encode(), "a.csv", figures.FiguresColumn(places=0)
    )
    assert found.values == {"E07900101": 7}
    assert f"1 figures are kept back and are in no total (the first: line 3, “{typed}”)" in found.notes


@pytest.mark.parametrize("typed", ["12,5", "1,2,3", "5-10", "5–10", "1:8", "1_000", "12 5", "(5", "5)", "--5", "1.2.3", "٣"])
def test_what_is_not_one_number_is_refused_by_its_line(typed: str) -> None:
    with pytest.raises(Refused, match=r"line 2: .* is not a number"):
        figures.read_figures(f'code,people\nE07900101,"{typed}"\n'.encode(), "a.csv")


@pytest.mark.parametrize(
    ("typed", "pence"),
    [("1,204", 120400), ("1 204", 120400), ("−£3", -300), ("£-3", -300), ("(£1,000.50)", -100050), ("+2", 200), (".5", 50)],
)
def test_one_number_is_read_in_every_usual_shape(typed: str, pence: int) -> None:
    found = figures.read_figures(f'code,people\nE07900101,"{typed}"\n'.encode(), "a.csv")
    assert found.values == {"E07900101": pence}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,spend\nE07900101,12.345\n", r"a\.csv, line 2: “12\.345” is finer than can be apportioned"),
        ("code,spend\nE07900101,twelve\n", "line 2: “twelve” is not a number"),
        ("code,spend\nE07900101,12%\n", "is a percentage. A rate cannot be apportioned"),
        ("code,spend\nE07900101,1e30\n", "too large to be a figure"),
        ("code,spend\nE07900101,NaN\n", "too large|not a number"),
        ("code,crime rate\nE07900101,12\n", "the column “crime rate” looks like a rate"),
        ("code,one,two\nE07900101,1,2\n", "has 2 columns beside the codes"),
        ("place,one\nAshby,1\n", "no column called a code"),
        ("code,spend\nE07900101,\n", "has no figures"),
    ],
)
def test_figures_that_cannot_be_apportioned_are_refused_with_their_place(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        figures.read_figures(text.encode(), "a.csv")


def test_the_command_says_what_the_files_hold(app: Flask, country: Path) -> None:
    file = country / "spend.csv"
    file.write_text("code,spend\nE07900101,600.01\nE07900102,10\n=cmd,0.01\n")
    words = ("apportion", file, "--from-kind", "district", "--to-kind", "police", "--on", "2026-03-02")
    status, out, err = run(app, *words, "--json")
    assert status == 0, err
    found = json.loads(out)
    assert (found["total"], found["total_not_placed"]) == ("610.02", "0.01")
    status, out, _ = run(app, *words, "--to", country / "out.csv")
    assert (status, out.splitlines()[-1]) == (0, "Total 610.02, of it 0.01 not placed")
    rows = list(csv.DictReader(io.StringIO((country / "out.csv").read_text())))
    assert [row["spend"] for row in rows] == ["300.01", "310.00", "0.01"]
    assert rows[2]["name"] == "Not placed: =CMD"
    assert rows[0]["method"].startswith("From district")
    run(app, *words, "--to", country / "out.xlsx")
    book = openpyxl.load_workbook(country / "out.xlsx")
    assert book.sheetnames == ["Apportioned", "What went where", "How it was done"]
    refused: list[tuple[tuple[object, ...], str]] = [
        (("--to", file), "is the file itself"),
        (("--by", "weights"), "the one needs the other"),
        (("--whole",), "in whole numbers"),
    ]
    for more, said in refused:
        status, _, err = run(app, *words, *more)
        assert status == 1
        assert said in err
