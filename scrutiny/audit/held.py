"""What rooms above hold that the trail is checked against: where it stood at some moment, and what was sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Anchor:
    """That the trail stood at a row, with a digest, when something was made; `what` names it in words."""

    what: str
    number: int
    digest: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Seal:
    """Something sealed: `fault` where it has changed, `gap` where it was erased and why; neither where it is whole."""

    what: str
    fault: str
    gap: str


_anchors: list[Callable[[], Iterator[Anchor]]] = []
_seals: list[Callable[[], Iterator[Seal]]] = []


def anchors(source: Callable[[], Iterator[Anchor]]) -> Callable[[], Iterator[Anchor]]:
    """Let a function of another room give anchors."""
    _anchors.append(source)
    return source


def seals(source: Callable[[], Iterator[Seal]]) -> Callable[[], Iterator[Seal]]:
    """Let a function of another room give seals."""
    _seals.append(source)
    return source


def all_anchors() -> Iterator[Anchor]:
    """Every anchor the database holds."""
    for source in _anchors:
        yield from source()


def all_seals() -> Iterator[Seal]:
    """Everything that was sealed."""
    for source in _seals:
        yield from source()
