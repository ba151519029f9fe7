"""A text file as its reader sees it: decoded, and some thousand letters at a time."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from scrutiny.file_reading.decoding import BYTE_ORDER_MARKS
from scrutiny.file_reading.sandbox_lanes import show
from scrutiny.file_reading.text_inspection import encoding_of

#: How much stands on one page, in letters; a page ends with a line, where that ends within so many more.
LETTERS_OF_PAGE, LETTERS_TO_LINE_END = 10_000, 2_000


@dataclass(frozen=True, slots=True)
class TextPage:
    """Some of the words of a text: which page of how many."""

    text: str
    number: int
    last: int


def text_page(file: bytes | IO[bytes], number: int, *, known_as: str = "") -> TextPage:
    """Page `number` (from 1) of a text, or its last; read in a child. CannotBeShown where it can only be taken away."""
    page: TextPage = show(read_text_page, number, file=file, known_as=known_as)
    return page


def read_text_page(file: IO[bytes], number: int) -> TextPage:
    """`text_page`, as the child does it: read in pieces, of which one is kept."""
    encoding, _ = encoding_of(file)
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding, errors="replace")
    at, last, kept = 1, 0, ""
    while piece := lines.read(LETTERS_OF_PAGE):
        if not piece.endswith("\n"):
            piece += lines.readline(LETTERS_TO_LINE_END)
        last += 1
        if last <= number:
            kept, at = piece, last
    for mark in BYTE_ORDER_MARKS if at == 1 else ():
        kept = kept.removeprefix(mark)
    return TextPage(kept.replace("\x00", ""), at, max(last, 1))
