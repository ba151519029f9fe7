"""A workbook (.xlsx) that somebody sent, read by rows as Excel shows it: what a cell shows, what it stores, what is hidden."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import IO

from scrutiny.file_reading.office_parts import Book, Relations
from scrutiny.file_reading.sheet_parts import RawCell, Rows, Styles, read_rows, read_strings, unescaped
from scrutiny.file_reading.xml_parts import Reader, read_part
from scrutiny.number_formats.dates import SINCE_1904
from scrutiny.number_formats.digits import plain
from scrutiny.number_formats.formats import BUILT_IN, GENERAL, NOT_SHOWN, has_day, is_moment, shown
from workflows.refusals import Refused
from workflows.written_days import day_written

BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what Excel shows, what is stored where that is written otherwise, and whether its formula has no result."""

    shown: str
    stored: str = ""
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True)
class SheetRows:
    """Rows of one sheet: cells by (row, column), the last row that holds anything, and what Excel does not show."""

    name: str
    names: tuple[str, ...]
    cells: dict[tuple[int, int], Cell]
    last_row: int
    is_hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()


class NoSuchSheet(Refused):
    """A workbook has no sheet of that name."""


def read_workbook(file: IO[bytes], name: str, first: int, last: int) -> SheetRows:
    """The rows from `first` to `last` of the sheet of that name, or of the first sheet. Raises what a damaged file raises."""
    with zipfile.ZipFile(file) as parts:
        book, relations = Book(), Relations()
        _read(parts, BOOK, book)
        _read(parts, RELATIONS, relations)
        # Sheets of charts have no cells.
        kinds = relations.types
        found = [sheet for sheet in book.sheets if kinds.get(sheet[2], "").endswith("sheet") and kinds[sheet[2]] != "chartsheet"]
        sheets = [(title, state, relations.paths[identity]) for title, state, identity in found]
        names = tuple(title for title, _, _ in sheets)
        if not sheets:
            raise KeyError("no sheet has cells")
        title, state, path = next((sheet for sheet in sheets if sheet[0] == name), sheets[0])
        if name and title != name:
            raise NoSuchSheet("There is no sheet called “%(name)s”. Choose one of: %(names)s.", name=name, names=", ".join(names))
        rows = read_rows(_content(parts, path), first, last)
        styles = Styles()
        if path := relations.kinds.get("styles", ""):
            _read(parts, path, styles, is_needed=False)
        wanted = {int(cell.value) for cell in rows.cells.values() if cell.type == "s" and cell.value}
        texts = (
            read_strings(_content(parts, relations.kinds.get("sharedStrings", "xl/sharedStrings.xml")), wanted) if wanted else {}
        )
        return SheetRows(
            title,
            names,
            _cells(rows, styles, texts, book.since_1904),
            rows.last_written,
            state != "visible",
            tuple(sorted(rows.hidden_rows)),
            tuple(sorted(rows.hidden_columns)),
        )


def _read(parts: zipfile.ZipFile, path: str, reader: Reader, *, is_needed: bool = True) -> None:
    """Read a part; one that is not needed may be missing."""
    member = _member(parts, path)
    if member is None and not is_needed:
        return
    with parts.open(member or path) as part:
        read_part(part, reader)


def _content(parts: zipfile.ZipFile, path: str) -> bytes:
    return parts.read(_member(parts, path) or path)


def _member(parts: zipfile.ZipFile, path: str) -> str | None:
    """The name of a part as the zip has it; capitals are not told apart, as in Excel."""
    return next((name for name in parts.namelist() if name.replace("\\", "/").lower() == path.lower()), None)


def _cells(rows: Rows, styles: Styles, texts: dict[int, str], since_1904: bool) -> dict[tuple[int, int], Cell]:
    """The cells of the rows read, as they are shown."""
    made = {}
    for place, raw in rows.cells.items():
        number = styles.formats[raw.style] if raw.style < len(styles.formats) else 0
        code = styles.codes.get(number) or BUILT_IN.get(number, GENERAL)
        cell = _cell(raw, code, texts, since_1904)
        if cell.shown or cell.stored or cell.is_unfinished:
            made[place] = cell
    return made


def _cell(raw: RawCell, code: str, texts: dict[int, str], since_1904: bool) -> Cell:
    """One cell as it is shown and stored."""
    if raw.value is None or (raw.value == "" and raw.type not in ("str", "inlineStr")):
        return Cell("", is_unfinished=raw.has_formula and raw.type != "str")
    if raw.type == "b":
        return Cell(shown(raw.value in ("1", "true"), code))
    if raw.type == "e":
        return Cell(raw.value)
    if raw.type in ("s", "str", "inlineStr"):
        text = texts.get(int(raw.value), "") if raw.type == "s" else unescaped(raw.value)
        made = shown(text, code)
        return Cell(made, text if made != text else "")
    number = _days(raw.value, since_1904) if raw.type == "d" else float(raw.value)
    if not isfinite(number):  # no number that Excel writes: it stands as it was written
        return Cell(raw.value)
    made = shown(number, code, since_1904=since_1904)
    stored = _stored(number, code, since_1904)
    return Cell(made, stored if stored != made else "")


def _stored(number: float, code: str, since_1904: bool) -> str:
    """A number as the formula bar of Excel has it: a day as a day, a time as a time, anything else in plain figures."""
    if not is_moment(number, code):
        return plain(number)
    if not has_day(code):
        made = shown(number, "[h]:mm:ss" if number >= 1 else "hh:mm:ss", since_1904=since_1904)
    else:
        made = shown(number, "dd/mm/yyyy hh:mm:ss" if number % 1 else "dd/mm/yyyy", since_1904=since_1904)
    return plain(number) if made == NOT_SHOWN else made


def _days(moment: str, since_1904: bool) -> float:
    """A date written out (2026-11-27T09:30:00) as the number of days it would be stored as."""
    day_written(moment[:10])  # a moment may be written in more ways, a day in one
    since = datetime.fromisoformat(moment.removesuffix("Z")).replace(tzinfo=UTC) - datetime(1899, 12, 30, tzinfo=UTC)
    return since.total_seconds() / 86_400 - (SINCE_1904 if since_1904 else 0)
