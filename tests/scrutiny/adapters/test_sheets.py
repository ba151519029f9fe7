"""A sheet is shown as the rows and letters that people quote, read in a child process."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from scrutiny.adapters.inspection import MEDIA_TYPES
from scrutiny.adapters.sandbox_lanes import show
from scrutiny.adapters.sheets import Sheet, read_sheet
from workflows.refusals import Refused


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Caseloads"
    book.active.append(["team", "cases", "share", "on"])
    book.active.append(["North", 12.0, 0.25, date(2026, 11, 27)])
    book.active.append(["South", 2, True, datetime(2026, 11, 27, 9, 30)])
    book.active["F9"] = "far"
    book.create_sheet("Empty")
    book.save(out)
    return out.getvalue()


def sheet(content: bytes, kind: str = "xlsx", name: str = "") -> Sheet:
    shown: Sheet = show(read_sheet, MEDIA_TYPES[kind], "cases", name, file=content)
    return shown


def test_a_sheet_is_rows_of_text_with_the_letters_and_numbers_people_quote() -> None:
    shown = sheet(workbook())
    assert (shown.name, shown.names) == ("Caseloads", ("Caseloads", "Empty"))
    assert shown.columns == ("A", "B", "C", "D", "E", "F")
    assert shown.rows[1] == (2, ("North", "12", "0.25", "27/11/2026", "", ""))
    assert shown.rows[2][1][3] == "27/11/2026 09:30"
    assert shown.rows[-1] == (9, ("", "", "", "", "", "far"))
    assert sheet(workbook(), name="Empty").rows == ()


def test_a_table_is_one_sheet_with_its_header_in_row_1() -> None:
    shown = sheet("team,cases\nGogledd – ŵ,12\n".encode(), "csv")
    assert shown.rows == ((1, ("team", "cases")), (2, ("Gogledd – ŵ", "12")))


def test_what_is_no_workbook_or_no_sheet_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be shown here"):
        sheet(b"not a workbook")
    with pytest.raises(Refused, match="has no sheet called Nope"):
        sheet(workbook(), name="Nope")
