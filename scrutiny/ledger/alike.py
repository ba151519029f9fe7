"""Whether what is counted of bodies in two years may be compared, and what stands against it; pure.

Two years are compared where every body counted in either is counted in both, by the same kind of figures that cover as much.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

#: What stands against comparing: a body counted in one year alone, other figures, or a grant whose other side is in one alone.
NOT_BEFORE: Final = "not-before"
NOT_AFTER: Final = "not-after"
PHASE: Final = "phase"
COVERAGE: Final = "coverage"
STREAM: Final = "stream"
FILES: Final = "files"
OTHER_SIDE: Final = "other-side"


@dataclass(frozen=True, slots=True)
class Held:
    """What is counted of one body in one year: kinds of figures, what they cover, and whom it pays."""

    phases: frozenset[str]
    coverage: frozenset[tuple[str, int | None]]
    #: the word for it, and the share in whole percent, as a page says it
    streams: frozenset[str]
    files: int
    #: of payments: the files of the year, for a month that is missing shows only there
    pays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Unlike:
    """Why one body's figures of two years are not compared; `other` is the body at the other side of a grant."""

    body: int
    why: str
    other: int | None = None


@dataclass(frozen=True, slots=True)
class YearHeld:
    """The bodies counted in a place in a year, and all those of which anything is there to net against."""

    bodies: Mapping[int, Held]
    known: Collection[int]


def unlike(before: YearHeld, after: YearHeld) -> tuple[Unlike, ...]:
    """What stands against comparing two years, one reason for each body, in the order of their numbers; empty where nothing."""
    found = (_of_body(body, before, after) for body in sorted({*before.bodies, *after.bodies}))
    return tuple(one for one in found if one is not None)


def _of_body(body: int, before: YearHeld, after: YearHeld) -> Unlike | None:
    """The first thing that stands against comparing one body."""
    then, now = before.bodies.get(body), after.bodies.get(body)
    if then is None or now is None:
        return Unlike(body, NOT_BEFORE if then is None else NOT_AFTER)
    for why, one, other in (
        (PHASE, then.phases, now.phases),
        (COVERAGE, then.coverage, now.coverage),
        (STREAM, then.streams, now.streams),
        (FILES, then.files, now.files),
    ):
        if one != other:
            return Unlike(body, why)
    once = sorted(other for other in then.pays | now.pays if (other in before.known) != (other in after.known))
    return Unlike(body, OTHER_SIDE, once[0]) if once else None
