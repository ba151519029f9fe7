"""What a workbook's parts hold of its cells: rows, the texts they share, and the formats they are shown in.

A part of a hundred thousand rows is looked through for where its rows begin, and only those asked for are read; a part that is
not written plainly (comments, sections of raw text, another encoding) is read from its beginning.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scrutiny.file_reading.office_parts import HIDDEN
from scrutiny.file_reading.xml_parts import Attributes, Reader, read_part

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_NAME = rb"(?:[A-Za-z_][\w.\-]*:)?"
_BEGIN_OF_ROWS = re.compile(rb"<(" + _NAME + rb")sheetData(?=[\s/>])")
_NUMBER = re.compile(rb"\sr\s*=\s*[\"']([0-9]+)[\"']")
_END_OF_ROWS = re.compile(rb"</" + _NAME + rb"sheetData\s*>")
_COLUMNS = re.compile(rb"<" + _NAME + rb"cols\s*>.*?</" + _NAME + rb"cols\s*>", re.DOTALL)
_BEGIN_OF_STRINGS = re.compile(rb"<(" + _NAME + rb")sst(?=[\s/>])")
_END_OF_STRING = re.compile(rb"</" + _NAME + rb"si\s*>")
_WRITTEN = (b"v", b"is", b"f")
_NEAR_THE_END = 1_000_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class RawCell:
    """A cell as the part has it: its type, the number of its style, its value as text (None where there is none)."""

    type: str = "n"
    style: int = 0
    value: str | None = None
    has_formula: bool = False


class Rows(Reader):
    """The cells of the rows from `first` to `last` by (row, column), what of them is hidden, and the last row written."""

    hears_text = True

    def __init__(self, first: int, last: int, *, before: int = 0) -> None:
        """`before`: the number of the row before those that will be read."""
        self.first, self.last = first, last
        self.cells: dict[tuple[int, int], RawCell] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._words: list[str] = []
        self.last_written = 0
        self._row, self._column = before, 0
        self._cell: RawCell | None = None
        self._hears, self._in_sound = False, False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Begin a row, a cell, or what stands in it."""
        if tag == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0
            if self._is_wanted() and (attributes.get("hidden") in HIDDEN or float(attributes.get("ht") or 1) == 0):
                self.hidden_rows.add(self._row)
        elif tag == "col":
            self._note_columns(attributes)
        elif tag == "c":
            self._column = _column_of(attributes.get("r", "")) or self._column + 1
            self._cell, self._words = RawCell(attributes.get("t", "n"), int(attributes.get("s") or 0)), []
        elif tag == "f" and self._cell is not None:
            self._cell.has_formula = True
        elif tag == "rPh":
            self._in_sound = True
        elif tag in ("v", "t") and not self._in_sound:
            self._hears = True

    def text(self, words: str) -> None:
        """Add to the value of the cell."""
        if self._hears and self._cell is not None:
            self._words.append(words)

    def end(self, tag: str) -> None:
        """Keep a cell that holds something, if its row was asked for."""
        if tag in ("v", "t"):
            self._hears = False
        elif tag == "rPh":
            self._in_sound = False
        elif tag == "c" and self._cell is not None and self._words:
            self._cell.value = "".join(self._words)
        if tag == "c" and self._cell is not None:
            if self._cell.value is not None or self._cell.has_formula:
                self.last_written = max(self.last_written, min(self._row, LAST_ROW))
                if self._is_wanted() and self._column <= LAST_COLUMN:
                    self.cells[self._row, self._column] = self._cell
            self._cell = None

    def _is_wanted(self) -> bool:
        return self.first <= self._row <= self.last

    def _note_columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in HIDDEN or float(attributes.get("width") or 1) == 0:
            start, end = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            if len(self.hidden_columns) < LAST_COLUMN:  # said of all of them once, nothing said again adds to it
                self.hidden_columns.update(range(max(start, 1), min(end, LAST_COLUMN) + 1))


class Strings(Reader):
    """The texts that cells share, in order; how they are said in Japanese is left out."""

    hears_text = True

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._words: list[str] = []
        self._hears, self._in_sound = False, False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Begin a text."""
        if tag == "si":
            self.texts.append("")
            self._words = []
        elif tag == "rPh":
            self._in_sound = True
        self._hears = tag == "t" and not self._in_sound

    def text(self, words: str) -> None:
        """Add to the text."""
        if self._hears and self.texts:
            self._words.append(words)

    def end(self, tag: str) -> None:
        """End a text, or a run of one."""
        if tag == "si" and self.texts:
            self.texts[-1] = "".join(self._words)
        self._hears = False
        self._in_sound = self._in_sound and tag != "rPh"


class Styles(Reader):
    """The format that each style of a cell shows numbers in: its number, and the code of those that the workbook adds."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.formats: list[int] = []
        self._in_cells = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """Note a format, or the format of a style."""
        if tag == "numFmt":
            self.codes[int(attributes.get("numFmtId") or 0)] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            self.formats.append(int(attributes.get("numFmtId") or 0))

    def end(self, tag: str) -> None:
        """Note that the styles of cells end."""
        self._in_cells = self._in_cells and tag != "cellXfs"


def read_rows(content: bytes, first: int, last: int) -> Rows:
    """The rows of a sheet's part from `first` to `last`."""
    begun = _BEGIN_OF_ROWS.search(content)
    if begun is None or not _is_plain(content, begun[1], b"row"):
        rows = Rows(first, last)
        read_part(io.BytesIO(content), rows)
        return rows
    end = next(
        (found.start() for found in _END_OF_ROWS.finditer(content, max(content.rfind(b"sheetData") - 100, 0))), len(content)
    )
    written = _last_written(content, begun[1], end)
    number, before, last_written = 0, 0, 0
    start = stop = -1
    for found in re.compile(b"<" + begun[1] + rb"row(?=[\s/>])[^>]*>").finditer(content, begun.start(), end):
        named = _NUMBER.search(found[0])
        number = int(named[1]) if named else number + 1
        at = found.start()
        if at < written:
            last_written = number
        if number < first:
            before = number
        elif number <= last:
            start = at if start < 0 else start
        elif start >= 0 and stop < 0:
            stop = at
    rows = Rows(first, last, before=before)
    if columns := _COLUMNS.search(content, 0, begun.start()):
        read_part(io.BytesIO(columns[0]), rows)
    if start >= 0:
        read_part(io.BytesIO(b"<rows>" + content[start : stop if stop >= 0 else end] + b"</rows>"), rows)
    rows.last_written = min(last_written, LAST_ROW)
    return rows


def _last_written(content: bytes, prefix: bytes, end: int) -> int:
    """Where the last value, text or formula of a sheet begins; -1 for none."""
    marks = [b"<" + prefix + mark for mark in _WRITTEN]
    near = max(content.rfind(mark, max(end - _NEAR_THE_END, 0), end) for mark in marks)
    return near if near >= 0 else max(content.rfind(mark, 0, end) for mark in marks)


def read_strings(content: bytes, wanted: set[int]) -> dict[int, str]:
    """Those of the texts that cells share whose numbers are wanted."""
    begun = _BEGIN_OF_STRINGS.search(content)
    if begun is None or not _is_plain(content, begun[1], b"si"):
        whole = Strings()
        read_part(io.BytesIO(content), whole)
        return {n: unescaped(text) for n, text in enumerate(whole.texts) if n in wanted}
    found = {}
    for n, piece in _pieces(content, begun[1], wanted):
        strings = Strings()
        read_part(io.BytesIO(piece), strings)
        found[n] = unescaped(strings.texts[0])
    return found


def _pieces(content: bytes, prefix: bytes, wanted: set[int]) -> Iterator[tuple[int, bytes]]:
    """The elements of the texts wanted, by their numbers."""
    highest = max(wanted, default=-1)
    for n, found in enumerate(re.finditer(b"<" + prefix + rb"si(?=[\s/>])", content)):
        if n > highest:
            return
        if n in wanted:
            ends = content.find(b">", found.end() - 1) + 1
            if content[ends - 2 : ends] == b"/>":
                yield n, b"<si/>"
            elif end := _END_OF_STRING.search(content, ends):
                yield n, content[found.start() : end.end()]


def unescaped(text: str) -> str:
    """A text of a workbook, where a character that XML cannot hold is written _x000D_; one kind of line end."""
    made = _ESCAPED.sub(lambda found: _character(int(found[1], 16)), text) if "_x" in text else text
    return made.replace("\r\n", "\n").replace("\r", "\n")


def _character(code: int) -> str:
    """The character of a code; NUL and half a character, which no page or database can hold, are shown as a gap."""
    return "\ufffd" if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


def _is_plain(content: bytes, prefix: bytes, element: bytes) -> bool:
    """Whether a part is UTF-8 without comments or raw text, and with one prefix: then its elements are found by brackets."""
    declared = re.search(rb"encoding\s*=\s*[\"']([\w\-]+)[\"']", content[:200])
    is_utf8 = b"\x00" not in content[:200] and (declared is None or declared[1].lower() in (b"utf-8", b"us-ascii", b"ascii"))
    other = (b"<" if prefix else b":") + element
    return is_utf8 and not _has_tag(content, b"!") and not _has_tag(content, b"?") and not re.search(other + rb"[\s/>]", content)


def _has_tag(content: bytes, mark: bytes) -> bool:
    """Whether a tag begins with a mark after the first; the mark is looked for, being rarer than a bracket."""
    at = content.find(mark, 2)
    while at > 0 and content[at - 1 : at] != b"<":
        at = content.find(mark, at + 1)
    return at > 0


def _column_of(reference: str) -> int:
    """The number of the column that a reference such as AB12 names; 0 for none."""
    number = 0
    for letter in reference[: len("XFD") + 1].upper():
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number
