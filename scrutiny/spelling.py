"""Names as people spell them: what a name is at its core, and how many letters two spellings are apart; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext

from scrutiny.typed_text import clean_line, folded
from workflows.refusals import Refused

#: Words that say what kind of body or area it is, or that join: left out of the core of a name.
FILLERS = frozenset(
    [
        "and",
        "of",
        "the",
        "in",
        "on",
        "upon",
        "for",
        "city",
        "county",
        "council",
        "councils",
        "borough",
        "boroughs",
        "district",
        "metropolitan",
        "unitary",
        "royal",
        "authority",
        "area",
        "police",
        "constabulary",
        "force",
        "fire",
        "rescue",
        "service",
        "services",
        "nhs",
        "integrated",
        "care",
        "board",
        "icb",
        "health",
        "university",
        "ward",
        "region",
        "combined",
        "mayoral",
        "crime",
        "commissioner",
        "office",
        "cyngor",
        "dinas",
        "bwrdeistref",
        "heddlu",
    ]
)
#: How official lists turn a name round, so that it stands under its own letter: Bristol, City of.
TURNED = ("city of", "county of", "city and county of", "isle of", "the")
#: A word for a kind of area that its label does not hold.
KIND_WORDS = {
    "constabulary": "police",
    "heddlu": "police",
    "borough": "district",
    "city": "district",
    "nhs": "icb",
    "cyngor": "council",
}


def forms_of(name: str) -> tuple[str, ...]:
    """A name folded as it stands, and as it is said: 'bristol city of' and 'city of bristol'."""
    return tuple(dict.fromkeys((folded(name), *_turned(name))))


def _turned(name: str) -> Iterator[str]:
    """The name the right way round, where an official list turned it."""
    head, comma, tail = name.rpartition(",")
    if comma and folded(tail) in TURNED:
        yield folded(f"{tail} {head}")


def holds(names: Iterable[str | None], text: str) -> bool:
    """Whether one of the names holds what was typed, however both are spelt."""
    wanted = folded(text)
    return bool(wanted) and any(wanted in folded(name) for name in names if name)


def begins_words(text: str, words: Iterable[str]) -> bool:
    """Whether each of some folded words begins a word of a text, however it is spelt."""
    there = folded(text).split()
    return all(any(one.startswith(word) for one in there) for word in words)


def names_typed(text: str, longest: int) -> list[str]:
    """Names typed one a line, cleaned, each once; Refused where one has more characters than `longest`."""
    names: dict[str, str] = {}
    for name in filter(None, map(clean_line, text.splitlines())):
        if len(name) > longest:
            raise Refused(gettext("Shorten “%(name)s…”: a name has %(most)s characters at most", name=name[:40], most=longest))
        names.setdefault(folded(name), name)
    return list(names.values())


def core_words(form: str) -> tuple[str, ...]:
    """The words of a folded name that are its own; all of them where none is."""
    words = form.split()
    return tuple(word for word in words if word not in FILLERS) or tuple(words)


def kind_words(form: str) -> set[str]:
    """The words of a folded text that say which kind of area is meant."""
    said = {word for word in form.split() if word in FILLERS}
    return said | {KIND_WORDS[word] for word in said if word in KIND_WORDS}


def letters_off(length: int) -> int:
    """How many letters of a word of some length may be wrong for it still to be the word meant."""
    return 0 if length < 3 else min(max(1, length // 5), 3)


def distance(one: str, other: str, most: int) -> int:
    """The letters added, lost, changed or swapped with their neighbour between two words; `most` + 1 where they are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, beside in enumerate(other, start=1):
            step = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != beside))
            if before and j > 1 and letter == other[j - 2] and one[i - 2] == beside:
                step = min(step, before[j - 2] + 1)
            row.append(step)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)
