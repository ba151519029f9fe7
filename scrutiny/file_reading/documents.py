"""A Word document as its words: headings, paragraphs, lists and tables in their order, a few sheets of paper at a time.

What Word shows is shown; what it hides (tracked deletions, hidden words) is left out, and the page says that it is.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from scrutiny.file_reading.office_parts import OFF
from scrutiny.file_reading.sandbox_lanes import CannotBeShown, show
from scrutiny.file_reading.xml_parts import Attributes, Damaged, Reader, read_part
from workflows.refusals import Refused

BODY, NOTES = "word/document.xml", ("word/footnotes.xml", "word/endnotes.xml")
#: How much stands on one page here, in letters, and in rows of one table; how much is read at all.
LETTERS_OF_PAGE, ROWS_OF_TABLE, MOST_LETTERS = 6_000, 40, 5_000_000
#: How many cells of a row Word itself can open; as how many letters a cell or a paragraph counts that has fewer.
MOST_COLUMNS, FEWEST_LETTERS = 63, 10
HEADING = re.compile(r"(?:heading|title|subtitle)\s*([1-9]?)", re.IGNORECASE)
#: Elements that stand for a letter.
LETTERS: Mapping[str, str] = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: Elements whose words Word does not show, or shows a second time.
LEFT_OUT = {"del", "moveFrom", "Fallback"}


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (of a level from 1), a paragraph, an item of a list, or a table of rows of cells."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def letters(self) -> int:
        """How much stands in it: what is empty takes room too."""
        return max(len(self.text), FEWEST_LETTERS) + sum(_letters_of(row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some of the words of a document: which page of how many, and whether the document hides anything."""

    blocks: tuple[Block, ...]
    number: int
    last: int
    hides: bool


def document_page(file: bytes | IO[bytes], number: int, *, known_as: str = "") -> DocumentPage:
    """Page `number` (from 1) of a Word document, or its last; read in a child. CannotBeShown where it can only be taken away."""
    page: DocumentPage = show(read_document, number, file=file, known_as=known_as)
    return page


def read_document(file: IO[bytes], number: int) -> DocumentPage:
    """`document_page`, as the child does it."""
    words = Words()
    try:
        with zipfile.ZipFile(file) as parts:
            there = {name.replace("\\", "/").lower(): name for name in parts.namelist()}
            for path in (BODY, *(one for one in NOTES if one in there)):
                with parts.open(there[path]) as part:
                    read_part(part, words)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, Damaged, KeyError, ValueError, OSError):
        raise CannotBeShown("This document cannot be shown here. Download it to read it.") from None
    except Refused as refused:
        raise CannotBeShown(
            "This document cannot be shown here: it %(refused)s Download it to read it.", refused=refused.said
        ) from None
    pages = [*_pages(words.blocks)] or [()]
    number = min(max(number, 1), len(pages))
    return DocumentPage(pages[number - 1], number, len(pages), words.hides)


def _pages(blocks: list[Block]) -> Iterator[tuple[Block, ...]]:
    """The blocks in pages; none is longer than a page."""
    page: list[Block] = []
    letters = 0
    for block in blocks:
        if page and letters + block.letters > LETTERS_OF_PAGE:
            yield tuple(page)
            page, letters = [], 0
        page.append(block)
        letters += block.letters
    if page:
        yield tuple(page)


@dataclass(slots=True)
class _Paragraph:
    """A paragraph as it is read: a box of words in it is a paragraph of its own, before it."""

    text: list[str]
    kind: str = "paragraph"
    level: int = 0


class Words(Reader):
    """The words of a part of a Word document, block by block."""

    hears_text = True

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.hides = False
        self._open: list[_Paragraph] = []
        self._runs: list[bool] = []  # whether each open run is hidden
        self._left_out = self._tables = self._letters = 0
        self._is_text = False
        self._rows: list[list[list[str]]] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins: a paragraph, run or table, or something said of it."""
        if tag in LEFT_OUT:
            self._left_out += 1
            self.hides = self.hides or tag != "Fallback"
        elif tag == "p":
            self._open.append(_Paragraph([]))
        elif tag == "r":
            self._runs.append(False)
        elif tag == "vanish" and self._runs and _value(attributes) not in OFF:
            self._runs[-1] = self.hides = True
        elif tag == "t":
            self._is_text = True
        elif tag in LETTERS and self._runs:
            self._add(LETTERS[tag])
        elif tag in ("pStyle", "outlineLvl", "numPr") and self._open:
            self._style(tag, _value(attributes))
        elif tag in ("tbl", "tr", "tc"):
            self._table_begins(tag)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in LEFT_OUT:
            self._left_out -= 1
        elif tag == "p" and self._open:
            self._keep(self._open.pop())
        elif tag == "r" and self._runs:
            self._runs.pop()
        elif tag == "t":
            self._is_text = False
        elif tag == "tbl" and self._tables:
            self._tables -= 1
            if not self._tables:
                self._table_ends()

    def text(self, words: str) -> None:
        """Words of a run; what stands between elements is nothing."""
        if self._is_text:
            self._add(words)

    def _add(self, words: str) -> None:
        """Words of the open paragraph, where Word shows them."""
        if self._left_out or not self._open or (self._runs and self._runs[-1]):
            return
        self._letters += len(words)
        if self._letters > MOST_LETTERS:
            raise CannotBeShown("This document is too long to show here. Download it to read it.")
        self._open[-1].text.append(words)

    def _style(self, tag: str, value: str) -> None:
        """Whether the paragraph is a heading, or an item of a list."""
        paragraph, found = self._open[-1], HEADING.match(value) if tag == "pStyle" else None
        if found:
            paragraph.kind, paragraph.level = "heading", int(found[1] or 1)
        elif tag == "outlineLvl" and value.isdecimal() and int(value) < 9:
            paragraph.kind, paragraph.level = "heading", int(value) + 1
        elif (tag == "numPr" or value.lower().startswith("list")) and paragraph.kind == "paragraph":
            paragraph.kind = "list"

    def _keep(self, paragraph: _Paragraph) -> None:
        """A paragraph is whole: a block, or words of the cell that is open."""
        text = "".join(paragraph.text).strip("\n")
        if not text.strip():
            return
        if self._tables and self._rows and self._rows[-1]:
            self._rows[-1][-1].append(text)
        else:
            self.blocks += [Block(paragraph.kind, piece, paragraph.level) for piece in _pieces(text, LETTERS_OF_PAGE)]

    def _table_begins(self, tag: str) -> None:
        """A table, row or cell begins; a table within a cell is words of that cell."""
        if tag == "tbl":
            self._tables += 1
        elif self._tables == 1 and tag == "tr":
            self._rows.append([])
        elif self._tables == 1 and self._rows:
            if len(self._rows[-1]) == MOST_COLUMNS:
                raise CannotBeShown("This document has a table too wide to show here. Download it to read it.")
            self._rows[-1].append([])

    def _table_ends(self) -> None:
        """A table is whole: so many rows a block, and of long rows fewer."""
        some: list[tuple[str, ...]] = []
        letters = 0
        for row in self._rows_to_show():
            if some and (len(some) == ROWS_OF_TABLE or letters + _letters_of(row) > LETTERS_OF_PAGE):
                self.blocks.append(Block("table", rows=tuple(some)))
                some, letters = [], 0
            some.append(row)
            letters += _letters_of(row)
        if some:
            self.blocks.append(Block("table", rows=tuple(some)))

    def _rows_to_show(self) -> Iterator[tuple[str, ...]]:
        """The rows of the table that has ended, without empty ones; a row longer than a page is several, one under the other."""
        rows, self._rows = self._rows, []
        for row in rows:
            cells = ["\n".join(cell) for cell in row]
            room = max(LETTERS_OF_PAGE // max(len(cells), 1), FEWEST_LETTERS)
            for start in range(0, max(map(len, cells), default=0), room):
                yield tuple(cell[start : start + room] for cell in cells)


def _letters_of(row: tuple[str, ...]) -> int:
    """How much stands in a row; an empty cell takes room too."""
    return sum(max(len(cell), FEWEST_LETTERS) for cell in row)


def _pieces(text: str, most: int) -> Iterator[str]:
    """A text in pieces of at most so many letters, parted between words where there are any."""
    start = 0
    while len(text) - start > most:
        end = text.rfind(" ", start + most // 2, start + most) + 1 or start + most
        yield text[start:end]
        start = end
    yield text[start:]


def _value(attributes: Attributes) -> str:
    """The value of an element such as a style, whatever its prefix; '' where it has none."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == "val"), "")
