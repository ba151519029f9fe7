"""XML that somebody sent, read part by part with bounds: no entities, no endless depth, no word longer than the memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO
from xml.parsers import expat

from workflows.refusals import Refused

CHUNK = 256 * 1024
MOST_DEPTH = 256
MOST_ATTRIBUTES = 500
# What expat has been given and cannot yet make sense of: one tag, comment or attribute. It reads that again with each piece.
LONGEST_TOKEN = 2_000_000

Start = Callable[[str, Mapping[str, str]], None]
Text = Callable[[str], None]
End = Callable[[str], None]


class Damaged(Exception):
    """A part that is not well-formed XML."""


class Enough(Exception):
    """Raised by a handler that has seen all it wants; the rest of the part is not read."""


def read_part(part: IO[bytes], start: Start, *, end: End | None = None, text: Text | None = None) -> None:
    """Tell of each element as it begins (its name without prefix, its attributes), ends, and of the text between.

    Raises Damaged for what is not well-formed; Refused for entities, and for what is nested or worded beyond all use.
    """
    depth = 0

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH or len(attributes) > MOST_ATTRIBUTES:
            raise Refused("is nested far deeper than a document is. Save it afresh, or as PDF, and send that.")
        start(name.rpartition(":")[2], attributes)

    def ends(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name.rpartition(":")[2])

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = begins, ends
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        _feed(parser, part)
    except Enough:
        return
    except expat.ExpatError as error:
        raise Damaged(str(error)) from error


def refuse_entities(part: IO[bytes]) -> None:
    """Read a part to its end, so that a wrong checksum shows; refuse it where it defines entities (XML bombs)."""
    try:
        _feed(_parser(), part)
    except expat.ExpatError:
        # Not well-formed (old VML is not): no reader gets further than here, but its checksum is still to be seen.
        while part.read(CHUNK):
            continue


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entity
    return parser


def _refuse_entity(*_: object) -> None:
    raise Refused("defines XML entities, which no office program writes. Save it afresh and send that.")


def _feed(parser: expat.XMLParserType, part: IO[bytes]) -> None:
    """All of a part, piece by piece."""
    fed = 0
    while piece := part.read(CHUNK):
        parser.Parse(piece, False)
        fed += len(piece)
        if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TOKEN:
            raise Refused("holds one word or tag of more than two million letters. Save it afresh, or as PDF, and send that.")
    parser.Parse(b"", True)
