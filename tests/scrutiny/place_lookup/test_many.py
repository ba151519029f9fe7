"""Many postcodes or codes at once: a row out for each row in, and a note wherever a person must look."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from scrutiny.areas.index import point_index
from scrutiny.place_lookup import bulk_lookup as many
from tests.cast import SOUTH, WEST
from tests.scrutiny.areas.layers import load, square
from tests.scrutiny.areas.test_commands import run
from tests.scrutiny.areas.test_lineage import HEADER, load_lineage
from workflows.refusals import Refused

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.usefixtures("context")


def answers(folder: Path, text: str, on: date = TODAY) -> many.Answers:
    file = folder / "in.csv"
    file.write_text(text)
    return many.answer_many(file, on=on)


def test_postcodes_come_back_in_their_order_with_a_column_a_kind(app: Flask, tmp_path: Path) -> None:
    file, to = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text("name,postcode\nOne,lm11aa\nTwo,LM1 1ZZ\nThree,LM1 1AA\n")
    status, out, err = run(app, "at-many", file, "--to", to, "--on", "2026-03-02")
    assert (status, out) == (0, f"3 rows written to {to}, 1 of them without an area\n")
    rows = list(csv.DictReader(to.open()))
    assert list(rows[0]) == ["postcode", "lsoa", "district", "upper_tier", "police", "fire", "icb", "note"]
    assert [row["postcode"] for row in rows] == ["LM1 1AA", "LM1 1ZZ", "LM1 1AA"]
    assert rows[0]["district"] == rows[2]["district"] == "E07900001"
    assert [row["note"] for row in rows] == ["", "not among the postcodes loaded: check it", "the same as line 2"]
    assert err == "in.csv, line 3: 'LM1 1ZZ': not among the postcodes loaded: check it\n"


def test_a_code_is_answered_by_what_it_shares_land_with(tmp_path: Path) -> None:
    found = answers(tmp_path, "code\nE07900002\nE06999999\n\ne07900002\n")
    first = found.rows[0].codes
    assert (first["district"], first["upper_tier"], len(first["icb"])) == (["E07900002"], ["E10900001"], 2)
    assert [row.fault for row in found.rows] == [False, True, False]
    assert found.rows[1].note.startswith("no boundary and no lineage loaded here knows it")
    assert found.rows[2].note == "the same as line 2"


def test_a_code_that_ended_is_answered_by_what_it_became_or_was(tmp_path: Path) -> None:
    load_lineage(tmp_path, HEADER + "E07900091,E07900001,2020-04-01,merge,,\nE07900001,E07900092,2025-04-01,recode,,\n")
    found = answers(tmp_path, "code\nE07900091\nE07900092\n", on=date(2024, 1, 1))
    assert found.rows[0].codes["district"] == ["E07900001"]
    assert found.rows[0].note.startswith("E07900091 became E07900001 Ashby on Wed 1 Apr 2020")
    later = answers(tmp_path, "code\nE07900092\n")
    assert later.rows[0].codes["district"] == ["E07900001"]
    assert later.rows[0].note == "its boundary is loaded under its former code, E07900001"


def test_a_point_where_two_areas_overlap_is_in_both(tmp_path: Path) -> None:
    load(tmp_path, "ward", date(2021, 4, 1), {"E05900001": square(0, 0, 10, 10), "E05900002": square(8, 0, 20, 10)})
    both = point_index().at_many([(509_000.0, 505_000.0), (WEST + 12_000.0, SOUTH + 2_000.0), (0.0, 0.0)], TODAY)
    assert [[one.code for one in areas if one.kind == "ward"] for areas in both] == [["E05900001", "E05900002"], [], []]
    for areas, (x, y) in zip(both, [(509_000, 505_000), (WEST + 12_000, SOUTH + 2_000), (0, 0)], strict=True):
        assert sorted(one.id for one in areas) == sorted(one.id for one in point_index().at(x, y, TODAY))


@pytest.mark.parametrize(
    ("text", "said"),
    [("name\nAshby\n", "has no column 'postcode' and none 'code': call one so; it has name"), ("postcode\n", "has no rows")],
)
def test_a_file_that_cannot_be_answered_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        answers(tmp_path, text)


def test_the_table_is_never_written_over_the_file(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("postcode\nLM1 1AA\n")
    status, _, err = run(app, "at-many", file, "--to", file)
    assert (status, "is the file itself" in err, file.read_text()) == (1, True, "postcode\nLM1 1AA\n")
    assert "there is no such folder" in run(app, "at-many", file, "--to", tmp_path / "nowhere" / "out.csv")[2]


def test_without_boundaries_on_the_day_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="has no boundaries for Mon 1 Jan 1990"):
        answers(tmp_path, "postcode\nLM1 1AA\n", on=date(1990, 1, 1))
