"""Evidence as its reader sees it: a page of a PDF as a picture with its words and where they stand; a sheet's cells as text."""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

import openpyxl
import pypdfium2
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.utils.exceptions import CellCoordinatesException, InvalidFileException

from scrutiny.adapters.tables import read_csv
from workflows.refusals import Refused

CSV = "text/csv"
MOST_PIXELS_HIGH = 4000
MOST_ROWS, MOST_COLUMNS = 500, 60
LONGEST_CELL = 2000

# PDFium is not made for threads: two at once crash the process.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Word:
    """A word and its box, as shares (0 to 1) of the page's width and height from the top left."""

    text: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class PageText:
    """The text of one page in reading order, and its words with their boxes; empty where the page is a scan."""

    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class SheetRows:
    """Part of a sheet: the column letters, then (row number, cells as text) from the first row asked for."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    more: bool


def page_image(pdf: bytes, number: int, *, width: int = 1000) -> bytes:
    """Page `number` (from 1) as a PNG, `width` pixels wide."""
    out = io.BytesIO()
    with _page(pdf, number) as page:
        across, down = page.get_size()
        scale = min(width / max(across, 1), MOST_PIXELS_HIGH / max(down, 1))
        page.render(scale=scale).to_pil().save(out, "PNG")
    return out.getvalue()


def page_text(pdf: bytes, number: int) -> PageText:
    """The text of page `number` (from 1), and where each word stands."""
    with _page(pdf, number) as page, closing(page.get_textpage()) as textpage:
        return PageText(_tidy(textpage.get_text_bounded()), tuple(_words(page, textpage)))


@contextmanager
def _page(pdf: bytes, number: int) -> Iterator[pypdfium2.PdfPage]:
    """The one page asked for, while no other thread is in PDFium; closed again afterwards."""
    with _ONE_AT_A_TIME, closing(_document(pdf)) as opened:
        if not 1 <= number <= len(opened):
            raise Refused(f"This PDF has pages 1 to {len(opened)}; there is no page {number}.")
        with closing(opened[number - 1]) as page:
            yield page


def _document(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise Refused("This PDF cannot be shown here. Download it to read it.") from None


def _words(page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage) -> Iterator[Word]:
    """Letters gathered into words at each blank."""
    size = page.get_size()
    count = textpage.count_chars()
    whole = textpage.get_text_range(0, count) if count else ""
    if len(whole) != count:
        return  # letters beyond the basic plane: PDFium counts them otherwise, so boxes would stand beside their words
    start = 0
    for end, letter in enumerate(whole + " "):
        if letter.isspace() or not letter.isprintable():
            if end > start:
                yield _word(whole[start:end], [textpage.get_charbox(index) for index in range(start, end)], size)
            start = end + 1


def _word(text: str, boxes: list[tuple[float, float, float, float]], size: tuple[float, float]) -> Word:
    """The word in the one box round its letters' (left, bottom, right, top), in points from the bottom left."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    across, down = size
    shares = (min(lefts) / across, 1 - max(tops) / down, (max(rights) - min(lefts)) / across)
    return Word(text, *(round(share, 5) for share in (*shares, (max(tops) - min(bottoms)) / down)))


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\ufffe", "").strip()


def sheet_names(content: bytes, media_type: str) -> tuple[str, ...]:
    """The names of a workbook's sheets; a CSV is one sheet without a name."""
    if media_type == CSV:
        return ("",)
    with closing(_workbook(content)) as book:
        return tuple(sheet.title for sheet in book.worksheets)


def sheet_rows(
    content: bytes, media_type: str, sheet: str = "", *, first: int = 1, rows: int = 200, columns: int = MOST_COLUMNS
) -> SheetRows:
    """Rows `first` (from 1) onwards of a sheet as text: at most 500 rows of 60 columns at a time."""
    rows, columns, first = min(rows, MOST_ROWS), min(columns, MOST_COLUMNS), max(first, 1)
    source = _csv_rows(content, first) if media_type == CSV else _sheet(content, sheet, first, columns)
    found = [tuple(_shown(cell) for cell in row[:columns]) for row in islice(source, rows + 1)]
    widest = max((len(row) for row in found[:rows]), default=0)
    letters = tuple(get_column_letter(column) for column in range(1, widest + 1))
    padded = [row + ("",) * (widest - len(row)) for row in found[:rows]]
    return SheetRows(sheet, letters, tuple(enumerate(padded, first)), more=len(found) > rows)


def cell_text(content: bytes, media_type: str, sheet: str, reference: str) -> str:
    """The text of one cell, such as B7."""
    try:
        letters, row = coordinate_from_string(reference.strip().upper())
    except CellCoordinatesException:
        raise Refused(f"“{reference}” names no cell. Write a letter and a row number, such as B7.") from None
    found = sheet_rows(content, media_type, sheet, first=row, rows=1)
    if not found.rows or letters not in found.columns:
        return ""
    return found.rows[0][1][found.columns.index(letters)]


def _csv_rows(content: bytes, first: int) -> Iterator[tuple[object, ...]]:
    table = read_csv(content)
    yield from islice((table.header, *table.rows), first - 1, None)


def _sheet(content: bytes, name: str, first: int, columns: int) -> Iterator[tuple[object, ...]]:
    with closing(_workbook(content)) as book:
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        if name not in sheets:
            raise Refused(f"This workbook has no sheet “{name}”. It has: {', '.join(sheets)}.")
        yield from sheets[name].iter_rows(min_row=first, max_col=columns, values_only=True)


def _workbook(content: bytes) -> openpyxl.Workbook:
    """The workbook with the values last worked out: no formula is run here."""
    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise Refused("This workbook cannot be shown here. Download it to read it.") from None


def _shown(cell: object) -> str:
    """A cell as text to be quoted: numbers plain, days as 2026-11-27."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return re.sub(r"[\x00-\x08\x0b-\x1f]", "", str(cell))[:LONGEST_CELL]
