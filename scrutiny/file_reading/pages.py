"""A page of a PDF as its reader sees it: as a picture, and as words with the places where they stand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import IO

import pypdfium2

from scrutiny.file_reading.sandbox_lanes import CannotBeShown, show
from workflows.refusals import Refused

MOST_PIXELS_HIGH = 4000
#: Letters of one page that are read, and that are also given the places where they stand: no page of paper has as many.
MOST_LETTERS, MOST_PLACED = 500_000, 100_000


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


def page_image(pdf: bytes | IO[bytes], number: int, *, width: int = 1000, known_as: str = "") -> bytes:
    """Page `number` (from 1) as a PNG, `width` pixels wide; drawn in a child, Refused where that takes too long."""
    image: bytes = show(draw_page, number, width, file=pdf, known_as=known_as)
    return image


def page_text(pdf: bytes | IO[bytes], number: int, *, known_as: str = "") -> PageText:
    """The text of page `number` (from 1), and where each word stands; read in a child."""
    text: PageText = show(read_page, number, file=pdf, known_as=known_as)
    return text


def draw_page(pdf: IO[bytes], number: int, width: int) -> bytes:
    """`page_image`, as the child does it."""
    out = io.BytesIO()
    with _page(pdf, number) as page:
        across, down = page.get_size()
        scale = min(width / max(across, 1), MOST_PIXELS_HIGH / max(down, 1))
        page.render(scale=scale).to_pil().save(out, "PNG")
    return out.getvalue()


def read_page(pdf: IO[bytes], number: int) -> PageText:
    """`page_text`, as the child does it."""
    with _page(pdf, number) as page, closing(page.get_textpage()) as textpage:
        if textpage.count_chars() > MOST_LETTERS:
            raise CannotBeShown("This page holds more words than can be shown here. Download it to read it.")
        return PageText(_tidy(textpage.get_text_bounded()), tuple(_words(page, textpage)))


@contextmanager
def _page(pdf: IO[bytes], number: int) -> Iterator[pypdfium2.PdfPage]:
    """The one page asked for; closed again afterwards."""
    with closing(_document(pdf)) as opened:
        if not 1 <= number <= len(opened):
            raise Refused("This PDF has pages 1 to %(n)s; there is no page %(number)s.", n=len(opened), number=number)
        with closing(opened[number - 1]) as page:
            yield page


def _document(pdf: IO[bytes]) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise CannotBeShown("This PDF cannot be shown here. Download it to read it.") from None


def _words(page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage) -> Iterator[Word]:
    """Letters gathered into words at each blank."""
    size = page.get_size()
    count = textpage.count_chars()
    if count > MOST_PLACED:
        return
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
