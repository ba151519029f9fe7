"""Rows of workbooks that Excel of before 2007 (.xls), its binary form (.xlsb) and OpenDocument (.ods) write."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from scrutiny.file_reading.raw_sheet import RawSheet, within_columns
from scrutiny.number_formats.digits import plain
from scrutiny.typed_text import clean
from workflows.refusals import Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Value = int | float | str | bool | date | datetime | time | timedelta | None


def is_old_workbook(content: bytes) -> bool:
    """Whether it begins as files of Office of before 2007 do."""
    return content.startswith(OLE)


def old_workbook_rows(content: bytes) -> list[RawSheet]:
    """The rows of every sheet, each cell with what it stores; Refused where it is damaged or needs a password."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        made = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            top, left = sheet.start or (0, 0)
            rows = [
                (number, tuple(within_columns(number, ("",) * left + tuple(_text(value) for value in cells))))
                for number, cells in enumerate(sheet.to_python(), top + 1)
                if any(value not in ("", None) for value in cells)
            ]
            made.append(RawSheet(name, tuple(rows)))
    except CalamineError:
        raise Refused(
            "This workbook cannot be read: it is damaged, or protected with a password. Save it as CSV or .xlsx and send that."
        ) from None
    return made


def _text(value: Value) -> str:
    """A value as it is stored: a number in figures, a day as a day."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).upper()
    if isinstance(value, int | float):
        return plain(float(value)) if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return clean(str(value)).strip()
