"""Statements as they are shown: laid out like other typed text, each paragraph up to an empty line, with its links; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scrutiny.typed_text import blocks

#: What becomes a link: a web address or an email address, without the full stop that ends the sentence.
LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]|\b[^\s<>\"(),;:@]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and where they lead; '' where nowhere."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """A heading or a paragraph (one line), or a list (a line for each item), in pieces."""

    kind: str  # heading, paragraph or list
    lines: tuple[tuple[Piece, ...], ...]


def laid_out(text: str) -> list[Linked]:
    """The text block by block, addresses as links."""
    return [Linked(block.kind, tuple(tuple(_pieces(line)) for line in block.lines)) for block in blocks(text, wrapped=True)]


def _pieces(line: str) -> Iterator[Piece]:
    """The words of a line, addresses as links."""
    at = 0
    for match in LINK.finditer(line):
        if match.start() > at:
            yield Piece(line[at : match.start()])
        yield Piece(match[0], match[0] if "://" in match[0] else f"mailto:{match[0]}")
        at = match.end()
    if at < len(line):
        yield Piece(line[at:])
