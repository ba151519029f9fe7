"""Tables out as CSV and XLSX that no spreadsheet will run, and tables in from CSV as councils really send it."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from workflows.refusals import Refused

Cell = str | int | float | Decimal | bool | date | datetime | None
Row = Sequence[Cell]

# A spreadsheet takes text that begins so for a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_XLSX_TEXT = 32_767
# A byte-order mark; and one read once as Windows-1252 and saved again as UTF-8, as some finance systems do.
BYTE_ORDER_MARKS = ("\ufeff", "ï»¿", "i>>?")
LARGEST_UNPACKED = 1_000_000_000

csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class CsvTable:
    """A CSV as read: its header, its rows with their line numbers, and notes on what had to be understood."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    encoding: str
    delimiter: str
    notes: tuple[str, ...] = field(default=())

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row as (line in the file, {column: text}); a short row is filled with empty text, a long one cut."""
        for line, row in zip(self.lines, self.rows, strict=True):
            padded = row + ("",) * (len(self.header) - len(row))
            yield line, dict(zip(self.header, padded, strict=False))


def write_csv(header: Sequence[str], rows: Iterable[Row], *, bom: bool = False) -> bytes:
    """A UTF-8 CSV; text that a spreadsheet would run gets a leading apostrophe, numbers stay as they are.

    `bom` marks the file as UTF-8 for Excel; open data goes without.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_csv_text(title) for title in header])
    for row in rows:
        writer.writerow([_csv_text(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _csv_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float | Decimal):
        return str(cell)
    return "'" + cell if cell.startswith(FORMULA_STARTS) else cell


def write_xlsx(sheets: Mapping[str, tuple[Sequence[str], Iterable[Row]]]) -> bytes:
    """A workbook of named sheets, each (header, rows); text stays text whatever it begins with, numbers numbers."""
    book = Workbook(write_only=True)
    for title, (header, rows) in sheets.items():
        # Excel's own limits on a sheet's name.
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:31] or "Sheet")
        sheet.freeze_panes = "A2"
        sheet.append([_xlsx_cell(sheet, name, bold=True) for name in header])
        for row in rows:
            sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx_cell(sheet: object, value: Cell, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(value, datetime) and value.tzinfo:
        # A workbook's dates have no zone; a moment keeps its own in text.
        value = value.isoformat()
    text = isinstance(value, str)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_XLSX_TEXT]
    cell = WriteOnlyCell(sheet, value=value)
    if text:
        cell.data_type = "s"
        # Otherwise whoever edits the cell and presses Enter turns it into the formula.
        cell.quotePrefix = str(value).startswith(FORMULA_STARTS)
    if bold:
        cell.font = Font(bold=True)
    return cell


def decode(content: bytes, *, most: int = LARGEST_UNPACKED) -> tuple[str, str, tuple[str, ...]]:
    """The text of a file, its encoding, and notes on what had to be understood.

    UTF-16 by its mark, else UTF-8, else Windows-1252; .gz is unpacked, to `most` bytes and no further. Refuses a workbook
    or zip file.
    """
    notes: list[str] = []
    if content.startswith(b"\x1f\x8b"):
        content = _unpacked(content, most)
        notes.append("The file was compressed (gzip) and has been unpacked.")
    if content.startswith(b"PK\x03\x04"):
        raise Refused("This is a workbook or zip file, not CSV. In Excel, save it as “CSV UTF-8” and send that.")
    text, encoding = _decoded(content)
    if encoding in ("cp1252", "latin-1"):
        notes.append("The file is not UTF-8; it has been read as Windows-1252.")
    for mark in BYTE_ORDER_MARKS:
        text = text.removeprefix(mark)
    if "\x00" in text:
        notes.append(f"{text.count(chr(0))} NUL characters were removed.")
        text = text.replace("\x00", "")
    return text, encoding, tuple(notes)


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace"), "utf-16"
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    # Five bytes have no letter in Windows-1252; Latin-1 reads any byte, so nothing is lost.
    return content.decode("latin-1"), "latin-1"


def _unpacked(content: bytes, most: int) -> bytes:
    """The content without gzip; what unpacks to more than `most` bytes is left as soon as that shows."""
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            unpacked = packed.read(most + 1)
    except (OSError, EOFError, zlib.error):
        raise Refused("The .gz file is damaged or cut short. Send it again.") from None
    if len(unpacked) > most:
        size = "1 GB" if most == LARGEST_UNPACKED else f"{most // 1_000_000} MB"
        raise Refused(f"The .gz file unpacks to more than {size}. Send a smaller part.")
    return unpacked


def read_csv(content: bytes, *, most: int = LARGEST_UNPACKED, most_rows: int | None = None) -> CsvTable:
    """A CSV as sent: any usual encoding, delimiter or compression. The first row that is not blank is the header.

    Reading stops, refused, at `most` bytes unpacked or `most_rows` rows under the header: a form's own limits.
    """
    if not content:
        raise Refused("The file is empty. Choose a file with a header row and at least one row under it.")
    text, encoding, notes = decode(content, most=most)
    delimiter = delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, lines = [], []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(tuple(cell.strip() for cell in row))
                lines.append(reader.line_num)
                if most_rows is not None and len(rows) > most_rows + 1:
                    raise Refused(f"The file holds more than {most_rows:,} rows. Send it in parts.")
    except csv.Error as error:
        raise Refused(f"Line {reader.line_num} cannot be read as CSV: {error}. Mend that line and send it again.") from None
    if not rows:
        raise Refused("The file holds no rows. Choose a file with a header row and at least one row under it.")
    return CsvTable(rows[0], tuple(rows[1:]), tuple(lines[1:]), encoding, delimiter, notes)


def delimiter_of(text: str) -> str:
    """The character that parts the cells: whichever of , ; tab | is commonest in the first line, outside quotes."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(",;\t|", key=bare.count)
