"""The codes of a file, each with what became of it: none dropped, none counted twice unsaid."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from scrutiny.geography.small_areas import census_words, censuses_of
from scrutiny.lineage import mapping
from tests.scrutiny.areas.layers import SMALL, load
from tests.scrutiny.areas.test_commands import run
from tests.scrutiny.areas.test_lineage import HEADER, load_lineage
from workflows.refusals import Refused

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.usefixtures("context")


def mapped(folder: Path, text: str, **said: str) -> mapping.CodeMap:
    file = folder / "codes.csv"
    file.write_text(text)
    return mapping.map_codes(file, code_field=said.get("field"), on=TODAY)


def test_two_codes_of_one_area_are_counted_once_and_said(tmp_path: Path) -> None:
    load_lineage(tmp_path, HEADER + "E08000016,E08000038,2025-04-01,recode,,\n")
    found = mapped(tmp_path, "name,code\nBarnsley,E08000016\nBarnsley,E08000038\nAshby,E07900001\n")
    assert found.areas == 2
    assert found.notes == ("E08000016 (line 2) and E08000038 (line 3) are one area now, E08000038: it is counted once",)
    assert [row.found.standing for row in found.rows] == ["became", "holds", "holds"]
    assert found.rows[2].found.became[0].name == "Ashby"


def test_every_row_comes_back_and_those_not_known_are_named(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("area,code\nAshby,e07900001\nNowhere,E06999999\nNone,E99999999\nEmpty,\n")
    status, out, err = run(app, "resolve", file, "--code-field", "CODE", "--on", "2026-03-02", "--json")
    found = json.loads(out)
    assert status == 1
    assert [row["standing"] for row in found["rows"]] == ["holds", "unknown", "no area", "unknown"]
    assert found["unknown"] == [{"row": 3, "code": "E06999999"}, {"row": 5, "code": ""}]
    assert "codes.csv: 2 rows with a code that no boundary and no lineage loaded here knows" in err
    assert "line 3: E06999999; line 5: no code" in err
    assert found["rows"][2]["note"].startswith("means 'not applicable'")


def test_a_column_that_is_not_there_is_refused_naming_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="has no column 'gss': name one of area, value with --code-field"):
        mapped(tmp_path, "area,value\nE07900001,1\n", field="gss")


def test_small_areas_say_their_census_and_how_many_are_not_loaded(tmp_path: Path) -> None:
    load(tmp_path, "lsoa", date(2021, 3, 21), SMALL)
    found = mapped(tmp_path, "code\nE01900100\nE01000001\nE01033769\nS01006506\nN20000001\n95AA01S1\n")
    assert [row.censuses for row in found.rows] == [(), (2001, 2011, 2021), (2021,), (2011,), (2021,), (2001, 2011)]
    assert found.rows[1].found.note == (
        "English LSOA of the censuses of 2001, 2011 and 2021 unless it was given up since, which no lineage loaded tells; "
        "its boundary is not loaded"
    )
    assert found.notes[-1].startswith("5 of 5 small areas are not among the boundaries loaded that hold on Mon 2 Mar 2026")


@pytest.mark.parametrize(
    ("code", "years"),
    [
        ("E01032482", [2001, 2011, 2021]),
        ("E01032483", [2011, 2021]),
        ("E01033768", [2011, 2021]),
        ("E01033769", [2021]),
        ("W01001958", [2011, 2021]),
        ("S01006505", [2001]),
        ("S01013482", [2022]),
        ("E01099999", []),
        ("E07000026", []),
    ],
)
def test_the_number_of_a_small_area_tells_its_first_census(code: str, years: list[int]) -> None:
    assert censuses_of(code) == years
    assert bool(census_words(code)) == bool(years)
