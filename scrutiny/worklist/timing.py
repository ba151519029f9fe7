"""Where a review stands in its timetable: its phase, the working day it has come to, and the picture of both; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext, lazy_gettext, ngettext
from markupsafe import Markup

from scrutiny import pictures
from scrutiny.formats import short_day
from scrutiny.holiday_names import holiday_name
from scrutiny.phase_words import phase_why
from scrutiny.reviews.models import Phase, Review
from scrutiny.reviews.queries import CURRENT
from workflows.workdays import Calendar

DONE, NOW, TO_COME, PLANNED = "done", "now", "to-come", "planned"
STANDINGS = {
    DONE: lazy_gettext("Done"),
    NOW: lazy_gettext("Now"),
    TO_COME: lazy_gettext("To come"),
    PLANNED: lazy_gettext("Planned, then withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Position:
    """How far a review has come: its phase in words and, while one runs, which working day of how many of that phase."""

    phase: str
    day: int | None
    of: int | None

    def __str__(self) -> str:
        if self.day is None:
            return self.phase
        return gettext("%(phase)s, working day %(day)s of %(of)s", phase=self.phase, day=self.day, of=self.of)


def position_of(review: Review, today: date, calendar: Calendar) -> Position:
    """Where a review stands on a day: where phases overlap, in the one that ends first."""
    if review.state in ("reported", "closed", "withdrawn"):
        over = {"reported": gettext("Reported"), "closed": gettext("Closed"), "withdrawn": gettext("Withdrawn")}
        return Position(over[review.state], None, None)
    if not review.phases:
        return Position(gettext("No timetable"), None, None)
    first = min(phase.starts_on for phase in review.phases)
    last = max(phase.ends_on for phase in review.phases)
    if today < first:
        return Position(gettext("Begins on %(day)s", day=short_day(first)), None, None)
    if today > last:
        return Position(gettext("Past its last phase, which ended on %(day)s", day=short_day(last)), None, None)
    now = phases_on(review, today)
    if not now:
        return Position(gettext("Between phases"), None, None)
    phase = min(now, key=lambda one: (one.ends_on, one.position))
    begun, length = (working_days(phase.starts_on, day, calendar) for day in (today, phase.ends_on))
    return Position(phase.title, begun, length)


def phases_on(review: Review, today: date) -> list[Phase]:
    """The phases that run on a day."""
    return [phase for phase in review.phases if phase.starts_on <= today <= phase.ends_on]


def working_days(first: date, last: date, calendar: Calendar) -> int:
    """How many working days there are from one day to another, both counted."""
    return sum(calendar.is_working(first + timedelta(days=n)) for n in range((last - first).days + 1))


def next_end(review: Review, today: date) -> Phase | None:
    """The phase that ends next; none in a review that is over."""
    coming = [phase for phase in review.phases if phase.ends_on >= today]
    return min(coming, key=lambda phase: (phase.ends_on, phase.position)) if coming and review.state in CURRENT else None


def picture(
    review: Review, today: date, calendar: Calendar, marks: Sequence[pictures.Mark] = (), *, narrow: bool = False
) -> Markup:
    """The timetable as bars, with today's line, the holidays shaded and days marked; its facts stand in `rows` too."""
    tones = {TO_COME: "one", NOW: "two", DONE: "done", PLANNED: "one"}
    phases = [
        pictures.Phase(phase.title, phase.starts_on, phase.ends_on, tones[_standing(review, phase, today)])
        for phase in review.phases
    ]
    return pictures.timetable(
        phases,
        title=gettext("Timetable of %(title)s, for a narrow screen", title=review.title)
        if narrow
        else gettext("Timetable of %(title)s", title=review.title),
        today=today,
        holidays=calendar.holidays,
        marks=marks,
        width=360 if narrow else 960,
        narrow=narrow,
    )


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One phase, as the table beside the picture says it."""

    key: str
    title: str
    starts_on: date
    ends_on: date
    length: str
    standing: str  # done, now, to come, or planned where the review was withdrawn
    statutory: bool
    why: str


def rows(review: Review, today: date, calendar: Calendar) -> list[PhaseRow]:
    """The facts of the picture as rows, in the method's order."""
    return [
        PhaseRow(
            phase.key,
            phase.title,
            phase.starts_on,
            phase.ends_on,
            ngettext("%(num)s working day", "%(num)s working days", working_days(phase.starts_on, phase.ends_on, calendar)),
            str(STANDINGS[_standing(review, phase, today)]),
            phase.statutory,
            phase_why(phase.why.reasons),
        )
        for phase in review.phases
    ]


def _standing(review: Review, phase: Phase, today: date) -> str:
    """How a phase stands on a day; of a withdrawn review nobody entered which phases were done, and none is to come."""
    if review.state == "withdrawn":
        return PLANNED
    return DONE if phase.ends_on < today else NOW if phase.starts_on <= today else TO_COME


def holidays_within(review: Review, calendar: Calendar) -> list[tuple[date, str]]:
    """The bank holidays that fall within the timetable, which the picture shades."""
    if not review.phases:
        return []
    first = min(phase.starts_on for phase in review.phases)
    last = max(phase.ends_on for phase in review.phases)
    return [(day, holiday_name(title)) for day, title in sorted(calendar.holidays.items()) if first <= day <= last]
