"""What reviews need of the person who asks: each room says what waits in it, and the inbox and the hub of a review join that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Protocol, runtime_checkable

from flask import current_app
from sqlalchemy import Executable, Select

from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from scrutiny.room import WAITS
from workflows.roles import Actor


class Rank(IntEnum):
    """Where a need stands among those of a review, most pressing first."""

    LETTER_TO_APPROVE = 1
    REQUEST_UNDELIVERED = 2
    CHECK_UNDELIVERED = 3
    RECOMMENDATION_UNDELIVERED = 4
    NOTICE_UNDELIVERED = 5
    MAIL_TO_READ = 6
    LETTERS_LOST = 7
    OVERDUE = 8
    RECEIVED = 9
    EXTENSION = 10
    QUESTION_BACK = 11
    DRAFT = 12
    PROPOSED_QUESTION = 13
    NOBODY_NAMED = 14
    ERROR_REPORTED = 15
    REPORT_HELD = 16
    FINDING = 17
    CORRECTION = 18
    RESPONSE = 19
    NOT_SIGNED = 20
    SIGNATURE = 21
    MEETING = 22
    OWN_QUESTIONS = 23


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits: in words, where to do it, and a word for the link where it is a deed."""

    rank: Rank
    text: str
    href: str
    deed: str = ""
    tone: str = "waiting"


#: What one review needs: the id of the review, and the need.
OfReview = tuple[int, Need]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks and when, and what they have to do with which reviews, by id."""

    by: Actor
    today: date
    at: datetime
    runs: Mapping[int, Review]  # those they run
    works: Mapping[int, Review]  # those they may inspect
    daily: bool  # whether the daily work is theirs: a chair leaves it to officers, where the body has any


@runtime_checkable
class Dated(Protocol):
    """Such a module of a room in which something has its day."""

    def deadlines(self, reader: DayReader) -> Iterable[Deadline]:
        """The days still open in these reviews, in a constant number of statements."""


@runtime_checkable
class Loses(Protocol):
    """Such a module of a room whose letters start a period."""

    def lost_letters(self) -> Select[int]:
        """The ids of the letters whose loss the room tells itself, or which nobody needs any more."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day of a review, what falls on it, and where to look."""

    review_id: int
    day: date
    text: str
    href: str
    key: str  # the same from day to day, for calendars


@dataclass(frozen=True, slots=True)
class DayReader:
    """Who asks for the days of which reviews, by id; observers are told of phases only."""

    by: Actor
    reviews: Mapping[int, Review]
    works: Mapping[int, Review]  # those of them that they may inspect and that are not over


class Waits(Protocol):
    """A module of a room that says what waits there, each in a constant number of statements."""

    def needs(self, reader: Reader) -> Iterable[OfReview]:
        """What waits for this reader, in the order in which those of one rank are shown."""


def rooms_that_wait() -> Sequence[Waits]:
    """The modules by which rooms say what waits in them."""
    found: list[Waits] = current_app.extensions.get(WAITS, [])
    return found


def deadlines_of_rooms(reader: DayReader) -> Iterator[Deadline]:
    """The days still open in these reviews, room by room."""
    for room in rooms_that_wait():
        if isinstance(room, Dated):
            yield from room.deadlines(reader)


def told_by_rooms() -> Sequence[Select[int]]:
    """The letters by whose loss a room says itself what did not arrive, from the `lost_letters` of its module."""
    return [room.lost_letters() for room in rooms_that_wait() if isinstance(room, Loses)]


def read_rows(statement: Executable) -> list[Any]:
    """The rows of a statement."""
    return list(db.session.execute(statement))


def address_of(review: Review) -> str:
    """The address of the page of a review."""
    return f"/reviews/{review.reference}"
