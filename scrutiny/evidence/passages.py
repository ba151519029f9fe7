"""Where words of one text stand in another: runs of words that both have, however they are cut, spaced and written large."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
#: So many words in a row are a quotation, where they have so many letters; fewer, anybody may write.
RUN, LETTERS = 5, 18
#: A line of no more words is a quotation where it stands whole, if it has so many letters: "none" and "not known" have not.
LETTERS_OF_LINE = 12


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of words: all of them, and those with so many letters that a passage with one of them is a quotation."""

    every: frozenset[tuple[str, ...]]
    telling: frozenset[tuple[str, ...]]

    def __bool__(self) -> bool:
        """Whether a quotation can be told at all."""
        return bool(self.telling)


def runs_of(texts: Iterable[str], but: Iterable[str] = ()) -> Runs:
    """The runs of words by which a quotation of these texts is known, but for those that stand in other texts too."""
    every = {run for text in texts for run in _runs(text)} - {run for text in but for run in _runs(text)}
    telling = {run for run in every if sum(map(len, run)) >= (LETTERS if len(run) == RUN else LETTERS_OF_LINE)}
    return Runs(frozenset(every), frozenset(telling))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Each run of a text; of each of its lines that is no longer than one, the whole line, if it says enough."""
    words = [found[0].casefold() for found in WORD.finditer(text)]
    yield from zip(*(words[start:] for start in range(RUN)), strict=False)
    for line in text.splitlines():
        short = tuple(found[0].casefold() for found in WORD.finditer(line))
        if 1 < len(short) < RUN and sum(map(len, short)) >= LETTERS_OF_LINE:
            yield short


def quotes(text: str, runs: Runs) -> bool:
    """Whether a text has one of these runs."""
    return bool(runs) and next(_places(text, runs), None) is not None


def struck(text: str, runs: Runs, instead: str) -> str:
    """A text with other words in place of each passage that these runs make, in a time that grows with its length."""
    parts, done = [], 0
    for start, end in _places(text, runs):
        parts += [text[done:start], instead]
        done = end
    return "".join([*parts, text[done:]])


def _places(text: str, runs: Runs) -> Iterator[tuple[int, int]]:
    """Where the passages begin and end; runs that touch or overlap are one, of which one at least tells that it is quoted."""
    words = list(WORD.finditer(text))
    said = [found[0].casefold() for found in words]
    lengths = sorted({len(run) for run in runs.every}, reverse=True)
    start, end, tells = 0, 0, False
    for at in range(len(said)):
        run = next((one for one in (tuple(said[at : at + many]) for many in lengths) if one in runs.every), ())
        if not run:
            continue
        if at > end:
            if tells:
                yield words[start].start(), words[end - 1].end()
            start, tells = at, False
        end, tells = max(end, at + len(run)), tells or run in runs.telling
    if tells:
        yield words[start].start(), words[end - 1].end()


def quotes_within(value: Any, runs: Runs, spared: frozenset[str]) -> bool:
    """The same of every text of plain values, but for what stands under the keys that are spared."""
    return struck_within(value, runs, "", spared) != value


def struck_within(value: Any, runs: Runs, instead: str, spared: frozenset[str]) -> Any:
    """Plain values with every text in them struck, but for what stands under the keys that are spared."""
    if isinstance(value, str):
        return struck(value, runs, instead)
    if isinstance(value, dict):
        return {key: one if key in spared else struck_within(one, runs, instead, spared) for key, one in value.items()}
    return [struck_within(one, runs, instead, spared) for one in value] if isinstance(value, list) else value
