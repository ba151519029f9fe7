"""A sheet of a workbook or a CSV that somebody sent, as rows of text; read in a child process (`sandbox_lanes.show`)."""

from __future__ import annotations

import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from scrutiny.adapters.inspection import MEDIA_TYPES
from scrutiny.adapters.tables import read_csv
from workflows.refusals import Refused

MOST_ROWS, MOST_COLUMNS = 500, 50


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the names of all sheets, column letters, and rows as (number, cells as text)."""

    name: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    cut: bool  # whether the sheet goes on beyond what is shown


def read_sheet(file: IO[bytes], media_type: str, called: str, name: str) -> Sheet:
    """The sheet of that name (the first where none is given), cut to what a page can show."""
    if media_type == MEDIA_TYPES["csv"]:
        table = read_csv(file.read(), strict=False)
        rows = [table.header, *table.rows[:MOST_ROWS]]
        return _sheet("", ("",), [tuple(row[: MOST_COLUMNS + 1]) for row in rows])
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise Refused(f"“{called}” cannot be shown here: download it to read it") from None
    with closing(book):
        names = tuple(sheet.title for sheet in book.worksheets)
        chosen = name or next(iter(names), "")
        if chosen not in names:
            raise Refused(f"“{called}” has no sheet called {chosen}")
        cells = book[chosen].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1, values_only=True)
        return _sheet(chosen, names, [tuple(_said(cell) for cell in row) for row in cells])


def _sheet(name: str, names: tuple[str, ...], rows: list[tuple[str, ...]]) -> Sheet:
    """Rows cut to what a page can show, each as wide as the widest."""
    width = max((last for row in rows for last, cell in enumerate(row, 1) if cell), default=0)
    cut = len(rows) > MOST_ROWS or width > MOST_COLUMNS
    width = min(width, MOST_COLUMNS)
    shown = tuple((number, (row + ("",) * width)[:width]) for number, row in enumerate(rows[:MOST_ROWS], 1) if any(row))
    return Sheet(name, names, tuple(get_column_letter(n + 1) for n in range(width)), shown, cut)


def _said(cell: object) -> str:
    """A cell as text: whole numbers without .0, days as days."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%d/%m/%Y" if not (cell.hour or cell.minute) else "%d/%m/%Y %H:%M")
    return cell.strftime("%d/%m/%Y") if isinstance(cell, date) else str(cell)
