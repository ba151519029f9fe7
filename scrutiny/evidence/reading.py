"""What a reading page is made of: the picture and text of a PDF page, and a sheet or CSV as rows of cells."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from scrutiny.adapters import pages
from scrutiny.adapters.fitted import fitted
from scrutiny.adapters.inspection import MEDIA_TYPES
from scrutiny.adapters.tables import read_csv
from scrutiny.evidence.models import EvidenceFile
from scrutiny.formats import day
from workflows.refusals import Refused

PIXELS_WIDE = 1200  # small print can be read, and a page stays under half a megabyte
MOST_ROWS, MOST_COLUMNS = 500, 50
SHEETS = (MEDIA_TYPES["xlsx"], MEDIA_TYPES["csv"])
PICTURES = (MEDIA_TYPES["png"], MEDIA_TYPES["jpg"])


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the names of all sheets, column letters, and rows as (number, cells as text)."""

    name: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    cut: bool  # whether the sheet goes on beyond what is shown


def kind_of(file: EvidenceFile) -> str:
    """How a file can be read here: 'pages', 'sheet', 'picture', 'text', or 'download' where it can only be taken away."""
    media_type = file.stored.media_type
    if media_type == MEDIA_TYPES["pdf"]:
        return "pages"
    if media_type in SHEETS:
        return "sheet"
    if media_type in PICTURES:
        return "picture"
    return "text" if media_type == MEDIA_TYPES["txt"] else "download"


def content_of(file: EvidenceFile) -> bytes:
    """The bytes, checked against their digest; Refused where they were erased."""
    if file.erased_at is not None:
        raise Refused(f"“{file.name}” was erased on {day(file.erased_at.date())}: {file.erased_why}")
    content: bytes = fitted("files").read(file.sha256)
    return content


def page_png(file: EvidenceFile, n: int) -> bytes:
    """Page n of a PDF (from 1) as a PNG; Refused where there is no such page."""
    return pages.page_image(_pdf(file), n, width=PIXELS_WIDE)


def page_text(file: EvidenceFile, n: int) -> str:
    """The text of page n of a PDF (from 1), its lines as the page has them; '' for a scanned picture."""
    return pages.page_text(_pdf(file), n).text


def plain_text(file: EvidenceFile) -> str:
    """The words of a text file."""
    return content_of(file).decode("utf-8", "replace")


def sheet_rows(file: EvidenceFile, name: str = "") -> Sheet:
    """A sheet of a workbook (the first unless named) or a CSV, as rows of text; Refused where there is no such sheet."""
    if file.stored.media_type == MEDIA_TYPES["csv"]:
        return _csv(file)
    if file.stored.media_type != MEDIA_TYPES["xlsx"]:
        raise Refused(f"“{file.name}” is no table: download it to read it")
    book = load_workbook(io.BytesIO(content_of(file)), read_only=True, data_only=True)
    try:
        names = tuple(sheet.title for sheet in book.worksheets)
        chosen = name or next(iter(names), "")
        if chosen not in names:
            raise Refused(f"“{file.name}” has no sheet called {chosen}")
        rows = book[chosen].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1, values_only=True)
        return _sheet(chosen, names, [tuple(_said(cell) for cell in row) for row in rows])
    finally:
        book.close()


def cell_of(file: EvidenceFile, sheet: str, cell: str) -> str | None:
    """What stands in a cell such as B7, or None where there is nothing; for checking a citation."""
    found = sheet_rows(file, sheet)
    for number, cells in found.rows:
        for column, text in zip(found.columns, cells, strict=False):
            if f"{column}{number}" == cell.upper():
                return text or None
    return None


def _pdf(file: EvidenceFile) -> bytes:
    """The bytes of a PDF."""
    if kind_of(file) != "pages":
        raise Refused(f"“{file.name}” is not a PDF: download it to read it")
    return content_of(file)


def _csv(file: EvidenceFile) -> Sheet:
    """A CSV as one sheet, its header in row 1."""
    table = read_csv(content_of(file))
    rows = [table.header, *table.rows[:MOST_ROWS]]
    return _sheet("", ("",), [tuple(row[: MOST_COLUMNS + 1]) for row in rows])


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
