"""Text and tables somebody sent (.txt, .csv), looked through as a stream: what encoding, how many rows, what to know of it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO

from scrutiny.file_reading.decoding import BYTE_ORDER_MARKS, decode, is_utf16
from scrutiny.file_reading.file_warnings import FileWarning, Kind
from scrutiny.file_reading.tables import SEPARATOR, delimiter_of
from workflows.refusals import Refused

CHUNK = 1024 * 1024
LONGEST_LINE = 2_000_000
MOST_CELLS = 50_000_000


def inspect_text(file: IO[bytes]) -> tuple[str, tuple[FileWarning, ...]]:
    """The encoding of a text, and notes on what had to be understood; read in pieces, whatever its size."""
    encoding, nuls = encoding_of(file)
    said = decode(b"\xa3")[2] if encoding in ("cp1252", "latin-1") else ()
    notes = tuple(FileWarning(Kind.ENCODING, words) for words in said)
    removed = FileWarning(Kind.NUL_CHARACTERS, f"{nuls:,} NUL characters were removed.")
    return encoding, (*notes, removed) if nuls else notes


def inspect_csv(file: IO[bytes]) -> tuple[int, tuple[FileWarning, ...]]:
    """How many rows stand under the header of a CSV, and notes. Refusals are whole sentences."""
    encoding, notes = inspect_text(file)
    file.seek(0)
    lines = _lines(io.TextIOWrapper(file, encoding, errors="replace", newline=""))
    first = next((line for line in lines if line.strip()), "")
    said = SEPARATOR.match(first)
    quotes = _Quotes(lines if said else _again(first, lines))
    reader = csv.reader(quotes, delimiter=said[1] if said else delimiter_of(first))
    rows = cells = 0
    try:
        for row in reader:
            quotes.end_record()
            rows += any(cell.strip() for cell in row)
            cells += len(row)
            if cells > MOST_CELLS:
                raise Refused("It holds more than %(most_cells)s cells. Send it in parts.", most_cells=f"{MOST_CELLS:,}")
    except csv.Error as error:
        raise Refused(
            "Line %(line_num)s cannot be read as CSV: %(error)s. Mend that line and send it again.",
            line_num=reader.line_num,
            error=error,
        ) from None
    if not rows:
        raise Refused("The file has no rows. Choose a file with a header row and at least one row under it.")
    if quotes.opened:
        line = quotes.opened + bool(said)
        words = f"A quotation mark opens on line {line:,} and is never closed: all that follows stands in one cell."
        notes += (FileWarning(Kind.OPEN_QUOTATION, words),)
    return rows - 1, notes


class _Quotes:
    """Lines passed on, and the line on which the last record opens a quotation mark that is never closed (0 for none)."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._line, self._begun, self._count, self.opened = 0, 1, 0, 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._line += 1
            marks = line.count('"')
            if marks % 2 and self._count % 2 == 0:
                self._begun = self._line
            self._count += marks
            yield line

    def end_record(self) -> None:
        """A record has ended: with an odd number of marks only where the file ended within one."""
        self.opened = self._begun if self._count % 2 else 0
        self._count = 0


def encoding_of(file: IO[bytes]) -> tuple[str, int]:
    """The encoding that fits the whole of a text, as `decoding.decode` has it, and how many NULs stand in it."""
    file.seek(0)
    head = file.read(400)
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16", 0
    if is_utf16(head):
        return "utf-16-le" if head[::2].count(0) == 0 else "utf-16-be", 0
    for encoding in ("utf-8", "cp1252"):
        try:
            return encoding, _nuls_if(file, encoding)
        except UnicodeDecodeError:
            continue
    return "latin-1", _nuls_if(file, "latin-1")


def _nuls_if(file: IO[bytes], encoding: str) -> int:
    """How many NULs stand in the file, where the encoding fits; raises UnicodeDecodeError where it does not."""
    decoder, nuls = codecs.getincrementaldecoder(encoding)(), 0
    file.seek(0)
    while piece := file.read(CHUNK):
        decoder.decode(piece)
        nuls += piece.count(0)
    decoder.decode(b"", True)
    return nuls


def _lines(text: IO[str]) -> Iterator[str]:
    """The lines of a text without NULs and byte-order marks; one longer than any table has is refused."""
    begun = False
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise Refused("It has a line of more than two million letters, as no table has. Save it again as CSV and send that.")
        if not begun:
            for mark in BYTE_ORDER_MARKS:
                line = line.removeprefix(mark)
        begun = True
        yield line.replace("\x00", "")


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines
