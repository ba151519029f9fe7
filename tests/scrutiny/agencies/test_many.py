"""The agencies of many places at once: a row out for each row in, and a word beside each that has a fault."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from scrutiny.agencies import bulk_lookup as many
from scrutiny.agencies.answering import answering
from scrutiny.agencies.bulk_lookup import Wanted
from scrutiny.areas import queries
from workflows.refusals import Refused

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.usefixtures("context")


def answered(text: str, **wanted: tuple[str, ...]) -> tuple[many.ManyAnswered, list[dict[str, str]]]:
    found = many.answer_list(many.cells_of_text(text), Wanted(TODAY, **wanted))
    return found, list(csv.DictReader(io.StringIO(found.csv().decode())))


def test_postcodes_and_codes_may_stand_in_one_list_and_none_is_lost() -> None:
    found, rows = answered("lm11aa\n\nE07900002\nnonsense\nE06999999\n")
    assert [(row["line"], row["asked"]) for row in rows] == [
        ("1", "LM1 1AA"),
        ("3", "E07900002"),
        ("4", "nonsense"),
        ("5", "E06999999"),
    ]
    assert found.faults == 2
    assert "not a postcode" in rows[2]["note"]
    assert rows[3]["note"].startswith("no boundary and no lineage loaded here knows it")
    assert rows[0]["District council"] == "Ashby District Council"


def test_each_row_names_those_whom_the_page_of_the_place_names() -> None:
    _, rows = answered("E07900002\n")
    there = answering([queries.area_on("E07900002", TODAY).id], TODAY)
    named = "; ".join(text for key, text in rows[0].items() if key not in ("line", "asked", "note") and not key.endswith(" code"))
    assert there
    for one in there:
        assert one.name in named
        assert one.is_whole or f"{one.name} (" in named


def test_only_the_kinds_and_services_asked_for_are_named() -> None:
    _, rows = answered("E07900001\n", kinds=("police",))
    assert "Police force" in rows[0]
    assert "District council" not in rows[0]
    _, rows = answered("E07900001\n", services=("housing", "adult-social-care"))
    assert rows[0]["Housing and homelessness"] == "Ashby District Council"
    with pytest.raises(Refused, match="There is no service called 'chess'"):
        answered("E07900001\n", services=("chess",))
    with pytest.raises(Refused, match="There is no kind of agency called 'guild'"):
        answered("E07900001\n", kinds=("guild",))


def test_a_file_may_have_a_heading_other_columns_or_neither() -> None:
    assert many.cells_of_file(b"name,Postcode\nOne,lm11aa\nTwo\n", "a.csv") == [(2, "lm11aa"), (3, "")]
    assert many.cells_of_file(b"LM1 1AA\nLM1 1AB\n", "a.csv") == [(1, "LM1 1AA"), (2, "LM1 1AB")]
    with pytest.raises(Refused, match=r"a\.csv has no column called “postcode” and none called “code”"):
        many.cells_of_file(b"name,town\nOne,Ashby\n", "a.csv")


def test_more_rows_than_may_be_asked_at_once_are_refused() -> None:
    with pytest.raises(Refused, match="holds 10,001 rows, and 10,000 is the most at once"):
        many.cells_of_text("LM1 1AA\n" * 10_001)
    with pytest.raises(Refused, match="has no rows"):
        many.cells_of_text("postcode\n\n")


def test_what_a_spreadsheet_would_run_comes_back_harmless() -> None:
    found, rows = answered("=1+1\nLM1 1AA")
    assert rows[0]["asked"] == "'=1+1"
    sheet = openpyxl.load_workbook(io.BytesIO(found.xlsx())).active
    assert sheet is not None
    assert (sheet.cell(2, 2).value, sheet.cell(2, 2).data_type) == ("=1+1", "s")


def test_the_command_writes_csv_or_a_workbook_and_refuses_what_it_cannot_write(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("postcode\nLM1 1AA\nLM1 1ZZ\n")
    runner = app.test_cli_runner()
    for name in ("out.csv", "out.xlsx"):
        done = runner.invoke(args=["agencies", "at-many", str(file), "--to", str(tmp_path / name), "--on", "2026-03-02"])
        assert (done.exit_code, done.stdout) == (0, f"2 rows written to {tmp_path / name}, 1 of them without an area\n")
    wrong = {"in.csv": "is the file itself", "out.doc": "must end in .csv or .xlsx", "no/x.csv": "no such folder"}
    for name, said in wrong.items():
        to = tmp_path / name
        done = runner.invoke(args=["agencies", "at-many", str(file), "--to", str(to)])
        assert done.exit_code == 1
        assert said in done.stderr
