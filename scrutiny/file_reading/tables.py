"""Tables out as CSV and XLSX that no spreadsheet will run, and tables in from CSV as councils really send it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from scrutiny.file_reading.decoding import LARGEST_UNPACKED, decode
from scrutiny.typed_text import BULLETS, UNSEEN, clean
from workflows.refusals import Refused, Sentence

Cell = str | int | float | Decimal | bool | date | datetime | None
Row = Sequence[Cell]

# A spreadsheet takes text that begins so for a formula (OWASP, CSV injection).
# The wide signs are those of East Asian Excel, which takes them for the others.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: A number below zero that somebody typed as text: it is one to a spreadsheet too, and an apostrophe would spoil it.
BELOW_ZERO = re.compile(r"-[0-9]{1,15}(\.[0-9]{1,15})?%?")
LONGEST_XLSX_TEXT = 32_767
#: Columns of a spreadsheet, as Excel has them; and how many cells a row may have on average where rows are counted.
MOST_COLUMNS, CELLS_OF_ROW, MOST_CELLS = 16_384, 40, 1_000_000
#: The line that tells Excel what parts the cells.
SEPARATOR = re.compile(r'\s*"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)

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
    return "'" + cell if cell.startswith(FORMULA_STARTS) and not BELOW_ZERO.fullmatch(cell) else cell


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


def read_csv(
    content: bytes, *, most: int = LARGEST_UNPACKED, most_rows: int | None = None, strict: bool = True, ragged: bool = False
) -> CsvTable:
    """A CSV as sent: any usual encoding, delimiter or compression. The first row that is not blank is the header.

    Nothing is lost in silence: a quotation mark that is never closed is always refused with its line, for nobody could count
    the rows it swallows. Two columns of one name and a row that is longer or shorter than the header are refused too, unless
    not `strict` (a mapping that counts what it leaves out). `ragged` lets a row be shorter: in a list of places it is a row
    without one.
    Reading stops, refused, at `most` bytes unpacked or `most_rows` rows under the header: a form's own limits.
    """
    if not content:
        raise Refused("The file is empty. Choose a file with a header row and at least one row under it.")
    text, encoding, notes = decode(content, most=most)
    if unseen := len(UNSEEN.findall(text.replace("\r", "").translate(BULLETS))):
        notes += (f"{unseen:,} invisible characters were removed.",)
    text, delimiter, skipped = _separator(clean(text))
    rows, lines = _rows(text, delimiter, skipped, most_rows=most_rows)
    if not rows:
        raise Refused("The file has no rows. Choose a file with a header row and at least one row under it.")
    table = CsvTable(rows[0], tuple(rows[1:]), tuple(lines[1:]), encoding, delimiter, notes)
    if strict:
        _check_header(table.header, lines[0])
        _check_widths(table, short=ragged)
    return table


def csv_records(content: bytes) -> Iterator[tuple[str, ...]]:
    """Every record of a CSV that is only shown, blank ones too, as a spreadsheet program numbers them. Quotes are forgiven."""
    text, delimiter, _ = _separator(decode(content)[0])
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield tuple(cell.strip() for cell in record)


def _separator(text: str) -> tuple[str, str, int]:
    """The text without the line `sep=;` that Excel reads, the character that parts its cells, and the lines left out."""
    said = SEPARATOR.match(text)
    if said is None:
        return text, delimiter_of(text), 0
    return text[said.end() :], said[1], len(said[0].splitlines())


def _rows(text: str, delimiter: str, skipped: int, *, most_rows: int | None) -> tuple[list[tuple[str, ...]], list[int]]:
    """The rows that hold something, and the line on which each ends; refused at the line where reading must stop."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, lines, began, cells = [], [], 1, 0
    try:
        for row in reader:
            cells += len(row) or 1
            _check_size(len(row), cells, reader.line_num + skipped, most_rows)
            if any(cell.strip() for cell in row):
                check_quotes(row, began + skipped, reader.line_num + skipped, delimiter)
                rows.append(tuple(cell.strip() for cell in row))
                lines.append(reader.line_num + skipped)
                if most_rows is not None and len(rows) > most_rows + 1:
                    raise Refused("The file holds more than %(most_rows)s rows. Send it in parts.", most_rows=f"{most_rows:,}")
            began = reader.line_num + 1
    except csv.Error as error:
        line = began + skipped
        if "unexpected end of data" in str(error):
            raise Refused(
                "A quotation mark opens on line %(line)s and is never closed, so the rest of the file would be lost in one "
                "cell. Close or remove it and send the file again.",
                line=line,
            ) from None
        raise Refused(
            "Line %(line)s cannot be read as CSV: %(error)s. Mend that line and send it again.", line=line, error=error
        ) from None
    return rows, lines


def _check_size(columns: int, cells: int, line: int, most_rows: int | None) -> None:
    """Refuse a row that no spreadsheet has and, where rows are counted, more cells or empty lines than so many rows have."""
    if columns > MOST_COLUMNS:
        raise Refused(
            "Line %(line)s has more than %(most)s columns. Keep those that are needed and send the file again.",
            line=line,
            most=f"{MOST_COLUMNS:,}",
        )
    most = min(((most_rows or 0) + 1) * CELLS_OF_ROW, MOST_CELLS)
    if most_rows is not None and cells > most:
        raise Refused(
            "The file holds more than %(most)s cells. Keep the columns that are needed, or send it in parts.", most=f"{most:,}"
        )


def check_quotes(row: Sequence[str], began: int, ended: int, delimiter: str) -> None:
    """Refuse a cell that has swallowed whole rows: quotation marks opened on one line and closed by those of another."""
    for cell in row:
        inner = cell.splitlines()[1:]
        if len(inner) > 1 and len(row) > 1 and all(line.count(delimiter) >= len(row) - 1 for line in inner[:-1]):
            raise Refused(
                "A quotation mark opens on line %(began)s and closes only on line %(ended)s, with whole rows between. Close "
                "or remove it and send the file again.",
                began=began,
                ended=ended,
            )


def _check_header(header: Sequence[str], line: int) -> None:
    """Refuse two columns of one name: which of them counts cannot be known."""
    seen: dict[str, int] = {}
    for number, title in enumerate(header, 1):
        name = " ".join(title.split()).casefold()
        if name and name in seen:
            raise Refused(
                "Line %(line)s: two columns are called “%(title)s” (columns %(seen)s and %(number)s). Rename or remove one "
                "and send the file again.",
                line=line,
                title=title,
                seen=seen[name],
                number=number,
            )
        seen.setdefault(name, number)


def _check_widths(table: CsvTable, *, short: bool) -> None:
    """Refuse a row with more or fewer cells than there are columns; empty cells at the end of a row do not count."""
    named = max((number for number, title in enumerate(table.header, 1) if title), default=0)
    for line, row in zip(table.lines, table.rows, strict=True):
        filled = max((number for number, cell in enumerate(row, 1) if cell), default=0)
        if filled > len(table.header) or (len(row) < named and not short):
            cells, columns = max(filled, len(row)) if filled > len(table.header) else len(row), named
            raise Refused(
                "Line %(line)s has %(cells)s where the header has %(columns)s columns. "
                "Mend that line (a comma within a name needs quotation marks round the name) and send the file again.",
                line=line,
                cells=Sentence("1 cell") if cells == 1 else Sentence("%(n)s cells", {"n": str(cells)}),
                columns=columns,
            )


def delimiter_of(text: str) -> str:
    """The character that parts the cells: whichever of , ; tab | is commonest in the first line, outside quotes."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(",;\t|", key=bare.count)
