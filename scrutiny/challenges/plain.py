"""A published challenge in plain values: the same for its CSV, its JSON, the API and the command."""

from __future__ import annotations

from datetime import date, datetime

from scrutiny.challenges import words
from scrutiny.challenges.models import Challenge
from scrutiny.formats import london_day

COLUMNS = (
    "reference",
    "about",
    "title",
    "state",
    "overdue",
    "answers_for_it",
    "published_on",
    "due_on",
    "answered_on",
    "outcome",
    "answer",
    "wrong",
    "should_be",
    "link",
    "name",
    "supporters",
)


def as_plain(challenge: Challenge, supporters: int, today: date) -> dict[str, object]:
    """What anybody may know of a published challenge; days as ISO text, '' where there is none."""
    last = challenge.answers[-1] if challenge.answers else None
    return {
        "reference": challenge.reference,
        "about": challenge.subject,
        "title": words.title_of(challenge),
        "state": challenge.state,
        "overdue": words.is_late(challenge, today),
        "answers_for_it": challenge.answerer,
        "published_on": _day(challenge.published_at),
        "due_on": challenge.due_on.isoformat() if challenge.due_on else "",
        "answered_on": _day(challenge.answered_at),
        "outcome": last.outcome if last else "",
        "answer": last.words if last else "",
        "wrong": challenge.wrong,
        "should_be": challenge.should_be,
        "link": challenge.link,
        "name": challenge.writer,
        "supporters": supporters,
    }


def cell(value: object) -> str | int:
    """A value as a cell of a table."""
    return (
        value
        if isinstance(value, int) and not isinstance(value, bool)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _day(at: datetime | None) -> str:
    """The London day of a moment."""
    return london_day(at).isoformat() if at is not None else ""
