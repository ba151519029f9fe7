"""Two texts compared word by word: what stayed, came in and went out; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

TOKEN = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed ('same'), came in ('in') or went out ('out')."""

    kind: str
    words: str


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts side by side, word by word."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(old[a:b])))
            continue
        if a != b:
            found.append(Piece("out", "".join(old[a:b])))
        if c != d:
            found.append(Piece("in", "".join(new[c:d])))
    return tuple(found)
