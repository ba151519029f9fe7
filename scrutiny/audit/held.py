"""What rooms above hold that the trail is checked against: where it stood at some moment, and what was sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError

T = TypeVar("T")
AT_ONCE = 50
#: What reading a row may raise that other hands have written.
BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, SQLAlchemyError)


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


def sources() -> list[Callable[[], Iterator[Seal]]]:
    """The functions that give seals."""
    return list(_seals)


def all_anchors(faults: list[str]) -> list[Anchor]:
    """Every anchor the database holds; what keeps some from being read is put among the faults."""
    return _gathered(_anchors, faults)


def all_seals(faults: list[str]) -> list[Seal]:
    """Everything that was sealed; what keeps some from being read is put among the faults."""
    return _gathered(_seals, faults)


def _gathered(sources: list[Callable[[], Iterator[T]]], faults: list[str]) -> list[T]:
    """What each source gives, up to a row that it cannot read: the check of the rows names that one."""
    found: list[T] = []
    for source in sources:
        try:
            found.extend(source())  # one by one: what came before stays
        except BROKEN:
            room = source.__module__.removeprefix("scrutiny.").partition(".")[0]
            faults.append(gettext("A row of %(room)s cannot be read, and what comes after it was not held against it", room=room))
    return found


def each(keys: list[int], read: Callable[[list[int]], list[Seal]], called: Callable[[int], str]) -> Iterator[Seal]:
    """The seals of rows, many at once; where one cannot be read one by one, and that one is a fault."""
    left = iter(keys)
    while chunk := list(islice(left, AT_ONCE)):
        try:
            yield from read(chunk)
        except BROKEN:
            for key in chunk:
                yield from _one(key, read, called)


def _one(key: int, read: Callable[[list[int]], list[Seal]], called: Callable[[int], str]) -> list[Seal]:
    """The seals of one row."""
    try:
        return read([key])
    except BROKEN:
        return [Seal(called(key), gettext("%(what)s cannot be read", what=called(key)), "")]
