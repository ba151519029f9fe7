"""The one reader of tables that people send (.xlsx, .ods, .csv): rows and cells as a spreadsheet program shows them.

What a page shows, a citation quotes and an inspection counts comes from here; read in a child process (`sandbox_lanes.show`).
"""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO

from openpyxl.utils import column_index_from_string, get_column_letter

from scrutiny.file_reading.inspection import MEDIA_TYPES
from scrutiny.file_reading.sandbox_lanes import CannotBeShown
from scrutiny.file_reading.tables import csv_records
from scrutiny.file_reading.workbooks import Cell, NoSuchSheet, SheetRows, read_workbook
from scrutiny.file_reading.xml_parts import Damaged
from workflows.refusals import Refused

MOST_ROWS, MOST_COLUMNS = 500, 50
#: Among how many rows from the top the headings of a table are looked for.
HEADED_BY = 50
#: Letters of one page of a sheet. A workbook keeps a text once for all cells that hold it, so a file of 5KB can have a
#: page of 800MB, of which the child's answer, which does the same, gives no sign.
MOST_LETTERS = 4_000_000
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    Damaged,
    LookupError,
    ValueError,
    OSError,
    TypeError,
    ArithmeticError,
    csv.Error,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of one sheet: its name, the names of all sheets, column letters, and rows as (number, cells as they are shown).

    `stored` has, by address (B7), what a cell stores where it shows less or other than that; `unfinished` the formulas
    without a result; `hidden` what a spreadsheet program does not show.
    """

    name: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    first_row: int = 1
    last_row: int = 0
    first_column: int = 1
    last_column: int = 0
    stored: Mapping[str, str] = field(default_factory=dict)
    unfinished: tuple[str, ...] = ()
    is_hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()

    @property
    def cut(self) -> bool:
        """Whether the sheet has more than this page of it."""
        return bool(self.earlier_row or self.later_row or self.earlier_column or self.later_column)

    @property
    def earlier_row(self) -> int:
        """The row that the page before this one begins with, 0 for none."""
        return max(self.first_row - MOST_ROWS, 1) if self.first_row > 1 else 0

    @property
    def later_row(self) -> int:
        """The row that the page after this one begins with, 0 for none."""
        return self.first_row + MOST_ROWS if self.last_row >= self.first_row + MOST_ROWS else 0

    @property
    def earlier_column(self) -> int:
        """The column that the page to the left begins with, 0 for none."""
        return max(self.first_column - MOST_COLUMNS, 1) if self.first_column > 1 else 0

    @property
    def later_column(self) -> int:
        """The column that the page to the right begins with, 0 for none."""
        return self.first_column + MOST_COLUMNS if self.last_column >= self.first_column + MOST_COLUMNS else 0


def read_sheet(file: IO[bytes], media_type: str, called: str, name: str, at: tuple[int, int] = (1, 1)) -> Sheet:
    """The page of a sheet (the first sheet where no name is given) on which a cell stands, `at` a row and a column."""
    row, column = at
    first = (max(row, 1) - 1) // MOST_ROWS * MOST_ROWS + 1
    left = (max(column, 1) - 1) // MOST_COLUMNS * MOST_COLUMNS + 1
    return _page(_rows(file, media_type, called, name, (first, first + MOST_ROWS - 1)), first, left)


def read_cell(file: IO[bytes], media_type: str, called: str, name: str, address: str) -> tuple[str, Cell]:
    """The name of the sheet, and its cell at an address such as B7, empty where there is nothing."""
    found = re.fullmatch(r"([A-Za-z]{1,3})([0-9]{1,7})", address)
    if found is None:
        raise Refused("Enter the cell that the words are in: a letter and a number, like B7.")
    number = int(found[2])
    rows = _rows(file, media_type, called, name, (number, number))
    return rows.name, rows.cells.get((number, column_index_from_string(found[1])), Cell(""))


def read_heads(file: IO[bytes], media_type: str, called: str, name: str, address: str) -> tuple[str, str]:
    """What heads the row and the column of a cell such as B7, as a reader sees it; '' for what nothing heads.

    The headings are taken to stand in the first row with a cell in this column and another beside it: a title over a
    table stands alone in its row.
    """
    letters, digits = re.sub(r"\d", "", address), re.sub(r"\D", "", address)
    column, number = column_index_from_string(letters), int(digits)
    top = _rows(file, media_type, called, name, (1, HEADED_BY))
    file.seek(0)
    row = _rows(file, media_type, called, name, (number, number))
    seen = {place: cell.shown.strip() for place, cell in row.cells.items() if place[1] not in row.hidden_columns}
    heads = sorted((place[1], shown) for place, shown in seen.items() if place[1] < column and shown)
    for above in range(1, min(number, HEADED_BY + 1)):
        shown = [cell.shown.strip() for place, cell in top.cells.items() if place[0] == above and cell.shown.strip()]
        head = top.cells.get((above, column), Cell("")).shown.strip()
        if head and len(shown) > 1 and above not in top.hidden_rows:
            return heads[0][1] if heads else "", head
    return heads[0][1] if heads else "", ""


def _rows(file: IO[bytes], media_type: str, called: str, name: str, wanted: tuple[int, int]) -> SheetRows:
    """Rows of a table, from and to; CannotBeShown where it is not written as a spreadsheet program writes it."""
    try:
        if media_type == MEDIA_TYPES["csv"]:
            return _rows_of_csv(file.read(), *wanted)
        return read_workbook(file, name, *wanted)
    except NoSuchSheet:
        raise
    except (*_DAMAGED, Refused):
        raise CannotBeShown("“%(called)s” cannot be shown here. Download it to read it.", called=called) from None


def _rows_of_csv(content: bytes, first: int, last: int) -> SheetRows:
    """Rows of a CSV; every record counts, blank ones too, as the rows of a spreadsheet do."""
    cells: dict[tuple[int, int], Cell] = {}
    last_row = 0
    for number, record in enumerate(csv_records(content), 1):
        if any(record):
            last_row = number
        if first <= number <= last:
            cells |= {(number, n): Cell(text) for n, text in enumerate(record, 1) if text}
    return SheetRows("", ("",), cells, last_row)


def _page(found: SheetRows, first: int, left: int) -> Sheet:
    """Rows cut to what a page can show; those that hold nothing are left out, and keep their numbers."""
    if sum(len(cell.shown) + len(cell.stored) for cell in found.cells.values()) > MOST_LETTERS:
        raise CannotBeShown("This page of the sheet holds more than can be shown here. Download it to read it.")
    last_column = max((column for _, column in found.cells), default=0)
    right = min(last_column, left + MOST_COLUMNS - 1)
    numbers = range(left, right + 1)
    letters = tuple(get_column_letter(number) for number in numbers)
    rows, stored, unfinished = [], {}, []
    for row in sorted({row for row, _ in found.cells}):
        cells = [found.cells.get((row, column)) for column in numbers]
        rows.append((row, tuple(cell.shown if cell else "" for cell in cells)))
        for letter, cell in zip(letters, cells, strict=True):
            if cell is not None and cell.is_unfinished:
                unfinished.append(f"{letter}{row}")
            elif cell is not None and cell.stored and _says_more(cell):
                stored[f"{letter}{row}"] = cell.stored
    return Sheet(
        found.name,
        found.names,
        letters,
        tuple(rows),
        first_row=first,
        last_row=found.last_row,
        first_column=left,
        last_column=last_column,
        stored=stored,
        unfinished=tuple(unfinished),
        is_hidden=found.is_hidden,
        hidden_rows=tuple(row for row in found.hidden_rows if row <= found.last_row),
        hidden_columns=tuple(get_column_letter(column) for column in found.hidden_columns if column <= last_column),
    )


def _says_more(cell: Cell) -> bool:
    """Whether what is stored has other figures than what is shown, so that a reader should see both."""
    return _figures(cell.shown) != _figures(cell.stored)


def _figures(text: str) -> str:
    """The figures of a number without the noughts at its ends."""
    return re.sub(r"\D", "", text).strip("0")
