"""XML that somebody sent, read part by part with bounds: no entities, no endless depth, no word longer than the memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO
from xml.parsers import expat

from workflows.refusals import Refused

CHUNK = 256 * 1024
MOST_DEPTH = 256
MOST_ATTRIBUTES = 500
# What expat has been given and cannot yet make sense of: one tag, comment or attribute. It reads that again with each piece.
LONGEST_TOKEN = 2_000_000

Attributes = Mapping[str, str]


class Damaged(Exception):
    """A part that is not well-formed XML."""


class Reader:
    """Hears what stands in a part: elements by their names without prefix. A kind of part has a reader of its own."""

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, words: str) -> None:
        """Text stands between elements; only for readers that `hears_text`."""

    hears_text = False


def read_part(part: IO[bytes], reader: Reader | None = None) -> None:
    """Read a part to its end, so that a wrong checksum shows, telling the reader what stands in it.

    Refused for entities, and for what is nested or worded beyond all use. Raises Damaged for what is not well-formed XML,
    where somebody reads it; a part that nobody reads (a picture, old VML) may be anything.
    """
    parser = _parser(reader)
    try:
        _feed(parser, part)
    except expat.ExpatError as error:
        if reader is not None:
            raise Damaged(str(error)) from error
        while part.read(CHUNK):
            continue


def _parser(reader: Reader | None) -> expat.XMLParserType:
    """A parser with its bounds, that tells the reader."""
    depth = 0

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH or len(attributes) > MOST_ATTRIBUTES:
            raise Refused("is nested far deeper than a document is. Save it again, or as PDF, and send that.")
        if reader is not None:
            reader.start(name.rpartition(":")[2], attributes)

    def ends(name: str) -> None:
        nonlocal depth
        depth -= 1
        if reader is not None:
            reader.end(name.rpartition(":")[2])

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entity
    parser.StartElementHandler, parser.EndElementHandler = begins, ends
    if reader is not None and reader.hears_text:
        parser.CharacterDataHandler = reader.text
    return parser


def _refuse_entity(*_: object) -> None:
    raise Refused("defines XML entities, which no office program writes. Save it again and send that.")


def _feed(parser: expat.XMLParserType, part: IO[bytes]) -> None:
    """All of a part, piece by piece."""
    fed = 0
    while piece := part.read(CHUNK):
        parser.Parse(piece, False)
        fed += len(piece)
        if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TOKEN:
            raise Refused("holds one word or tag of more than two million letters. Save it again, or as PDF, and send that.")
    parser.Parse(b"", True)
