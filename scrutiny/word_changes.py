"""Two texts compared word by word: what stayed, came in and went out.

Pure but for one thing: all comparing for one page is bounded together, however many texts stand on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from flask import g, has_request_context

#: A word with the blanks after it. Blanks of their own would stand between any two words, and each be compared with each.
TOKEN = re.compile(r"\S+\s*|\s+")
#: Steps of comparing that one pair of texts is worth, half a second at most: at worst they grow with the cube of a text.
MOST_STEPS = 8_000_000
#: And what all texts of one page are worth together. Each may take half of what is left at most, so that one that is too
#: different leaves something for those after it; and each may take as many as a text of a few paragraphs needs.
MOST_STEPS_A_PAGE, LEAST_STEPS = 10_000_000, 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed ('same'), came in ('in') or went out ('out')."""

    kind: str
    words: str


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts side by side, word by word; where that takes too long, line by line, else the one text and then the other."""
    for parted in (TOKEN.findall, lambda text: text.splitlines(keepends=True)):
        try:
            return tuple(_compared(parted(before), parted(after)))
        except TooDifferent:
            continue
    return Piece("out", before), Piece("in", after)


def steps_between(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """How one list becomes another, as difflib's `get_opcodes`; TooDifferent where that takes too long."""
    return _Matcher(old, new, MOST_STEPS).get_opcodes()


def _steps_of_page(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """The same, counted among all that is compared for the page that is being answered."""
    if not has_request_context():
        return steps_between(old, new)
    left = g.get("steps_left_to_compare", MOST_STEPS_A_PAGE)
    most = max(left // 2, LEAST_STEPS)
    matcher = _Matcher(old, new, most)
    try:
        return matcher.get_opcodes()
    finally:
        g.steps_left_to_compare = max(left - most + max(matcher.left, 0), 0)


def _compared(old: list[str], new: list[str]) -> list[Piece]:
    """What stayed, went out and came in, in order."""
    found: list[Piece] = []
    for kind, a, b, c, d in _steps_of_page(old, new):
        if kind == "equal":
            found.append(Piece("same", "".join(old[a:b])))
            continue
        if a != b:
            found.append(Piece("out", "".join(old[a:b])))
        if c != d:
            found.append(Piece("in", "".join(new[c:d])))
    return found


class TooDifferent(Exception):
    """To compare two texts takes more steps than they are worth."""


class _Matcher(SequenceMatcher[str]):
    """Compares two lists, and counts the steps before each is taken."""

    def __init__(self, old: list[str], new: list[str], most: int) -> None:
        super().__init__(None, old, new, autojunk=False)
        self.old, self.left = old, most

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Any:
        """The longest run that both have: each word is compared with every one like it."""
        places = self.b2j  # type: ignore[attr-defined]  # the documented attribute is not in the stubs
        self.left -= sum(1 + len(places.get(word, ())) for word in self.old[alo:ahi])
        if self.left < 0:
            raise TooDifferent
        return super().find_longest_match(alo, ahi, blo, bhi)
