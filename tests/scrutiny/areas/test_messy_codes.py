"""Lists of codes, people and postcodes as they really arrive: each file of the messy set, and what a person must be told."""

from __future__ import annotations

import csv
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask

from scrutiny.areas import queries, service
from scrutiny.lineage import mapping
from scrutiny.lineage import service as lineage
from scrutiny.transaction import writes_now
from tests.scrutiny.areas.test_commands import run
from workflows.roles import OPERATOR_ACTOR

DATA = Path(os.environ.get("SHARED_DATA", "../shared/data"))
MESSY, LOOKUPS = DATA / "messy", DATA / "real" / "lookups"
TODAY = date(2026, 3, 2)

pytestmark = [
    pytest.mark.usefixtures("context"),
    pytest.mark.data,
    pytest.mark.skipif(not MESSY.is_dir(), reason=f"no real data at {MESSY}: set SHARED_DATA"),
]


def load_lineage(*files: Path) -> None:
    for file in files:
        worked = lineage.prepare_lineage(file)
        with writes_now():
            lineage.load_lineage(worked, by=OPERATOR_ACTOR, at=datetime(2026, 3, 2, tzinfo=UTC))


def load_histories() -> None:
    """Every public file that tells what became of councils and small areas."""
    load_lineage(
        LOOKUPS / "lookup_ltla22_ltla23.csv",
        LOOKUPS / "lookup_ltla_ltla.csv",
        LOOKUPS / "geolookups_la_all_codes.csv",
        LOOKUPS.parent / "registers" / "mysociety_uk_local_authorities_current.csv",
        LOOKUPS / "lookup_lsoa11_lsoa21_ltla22.csv.gz",
    )


#: file, column, what each code became, and words that must stand in a note
MAPPED = [
    (
        "m51_old_gss_codes.csv",
        "gss_code",
        {
            "E08000020": ["E08000037"],
            "E08000037": ["E08000037"],
            "E07000026": ["E06000063"],
            "E07000165": ["E06000065"],
            "E07000190": ["E06000066"],
            "E07000246": ["E06000066"],
            "E08000016": ["E08000038"],
            "E08000038": ["E08000038"],
            "00DA": ["E08000035"],
            "E06999999": [],
        },
        [
            "E07000026 Allerdale became E06000063 Cumberland on Sat 1 Apr 2023",
            "E07000165 Harrogate became E06000065 North Yorkshire",
            "00DA Leeds became E08000035 Leeds",
            "E08000016 (line 8) and E08000038 (line 9) are one area now, E08000038 Barnsley: it is counted once",
        ],
    ),
    (
        "m54_lsoa_mixed_vintages.csv",
        "lsoa",
        {
            "E01008881": ["E01008881"],
            "E01008914": ["E01034929", "E01034930"],
            "E01034913": ["E01034913"],
            "E01009639": ["E01009639"],
            "95ZZ06W1": ["95ZZ06W1"],
            "S01006514": ["S01006514"],
            "W01000067": ["W01000067"],
        },
        [
            "English LSOA of the censuses of 2001 and 2011; E01008914 Birmingham 050C became",
            "English LSOA of the census of 2021",
            "English LSOA of the censuses of 2001, 2011 and 2021",
            "Welsh LSOA",
            "Scottish data zone of the census of 2011",
            "Northern Ireland super output area",
            "7 of 7 small areas are not among the boundaries loaded",
        ],
    ),
]


@pytest.mark.parametrize(("file", "field", "became", "said"), MAPPED, ids=[row[0] for row in MAPPED])
def test_codes_of_all_ages_are_mapped_with_a_note(file: str, field: str, became: dict[str, list[str]], said: list[str]) -> None:
    load_histories()
    found = mapping.map_codes(MESSY / file, code_field=field, on=TODAY)
    assert {row.code: [part.code for part in row.found.became] for row in found.rows} == became
    notes = "\n".join([*found.notes, *(row.found.note for row in found.rows)])
    assert [words for words in said if words not in notes] == []


def test_m51_an_unknown_code_is_a_fault_that_names_its_row(app: Flask) -> None:
    load_histories()
    file = MESSY / "m51_old_gss_codes.csv"
    status, out, err = run(app, "resolve", file, "--code-field", "gss_code", "--on", "2026-03-02", "--json")
    assert (status, json.loads(out)["areas"]) == (1, 6)
    assert json.loads(out)["unknown"] == [{"row": 11, "code": "E06999999"}]
    assert "line 11: E06999999" in err


def test_m51_the_recodes_of_2025_are_known_from_geolookups_alone(app: Flask, tmp_path: Path) -> None:
    load_lineage(LOOKUPS / "geolookups_la_all_codes.csv")
    file = tmp_path / "recoded.csv"
    file.write_text("code\nE08000016\nE08000019\n")
    status, out, _ = run(app, "resolve", file, "--code-field", "code", "--json")
    assert (status, [row["became"][0]["code"] for row in json.loads(out)["rows"]]) == (0, ["E08000038", "E08000039"])


def test_m52_thousands_in_quotes_after_a_byte_order_mark_are_whole_numbers() -> None:
    file = MESSY / "m52_real_population_thousands_bom.csv"
    found = service.prepare_people(service.CountFile(file, as_at=date(2019, 6, 30)), today=TODAY)
    assert found.people["E01011949"] == 1954
    assert found.result.loaded == 29


#: line of m55, the cell as answered, and words that its note must hold ('' for none)
POSTCODES = [
    (2, "B1 1AY", ""),
    (3, "B1 1AY", "the same as line 2"),
    (4, "B1 1AY", "the same as line 2"),
    (5, "B11AYZ", "not a postcode"),
    (6, "BI 1AY", "not a postcode"),
    (7, "SW1A 0AA", "no area that is loaded lies there"),
    (8, "ZZ99 3VZ", "stands for an unknown or foreign address"),
    (9, "GIR 0AA", "not among the postcodes loaded"),
    (10, "AB1 0AA", "ended in June 1996"),
    (11, "JE2 3AB", "in Jersey: outside the United Kingdom"),
    (12, "B1 1", "incomplete"),
    (13, "'=B1 1AY", "begins with '=', which a spreadsheet takes for a formula"),
    (14, "LE1 6ZG;LE2 2LE", "more than one postcode in a cell (LE1 6ZG, LE2 2LE)"),
]


def test_m55_every_dirty_postcode_is_answered_or_its_fault_said(app: Flask, tmp_path: Path) -> None:
    boundaries = DATA / "real" / "boundaries" / "lsoa21_bgc" / "E08000025.geojson"
    points = tmp_path / "points.csv"
    points.write_text("postcode,x,y\nB1 1AY,406523,286448\nSW1A 0AA,530268,179545\n")
    assert run(app, "load", boundaries, "--kind", "lsoa", "--from", "2021-03-21")[0] == 0
    assert run(app, "postcodes", points)[0] == 0
    assert run(app, "postcodes", DATA / "real" / "postcodes" / "onspd_2024_format_sample_aberdeen.csv.gz")[0] == 0
    to = tmp_path / "out.csv"
    status, out, err = run(app, "at-many", MESSY / "m55_postcodes_dirty.csv", "--to", to, "--on", "2026-03-02")
    assert (status, out.startswith("13 rows written")) == (0, True)
    rows = list(csv.DictReader(to.open()))
    found = list(zip(rows, POSTCODES, strict=True))
    assert [
        (row["postcode"], line) for row, (line, cell, note) in found if (row["postcode"], note in row["note"]) != (cell, True)
    ] == []
    assert [row["lsoa"] for row in rows[:3]] == [rows[0]["lsoa"]] * 3
    assert rows[0]["lsoa"].startswith("E01")
    assert "m55_postcodes_dirty.csv, line 5: 'B11AYZ': not a postcode" in err


def test_m54_small_areas_not_loaded_are_counted_not_dropped() -> None:
    file = MESSY / "m54_lsoa_mixed_vintages.csv"
    found = mapping.map_codes(file, code_field="lsoa", on=TODAY)
    assert len(found.rows) == 7
    assert found.notes[-1].startswith("7 of 7 small areas are not among the boundaries loaded")
    assert "unless it was given up since" in found.rows[0].found.note
    assert queries.resolve("E01034913", TODAY).standing == "small area"
