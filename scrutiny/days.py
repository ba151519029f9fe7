"""Which days a person may enter, on pages and in commands: real ones, not so far off that nobody could have meant them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import click
from flask_babel import gettext

from scrutiny.formats import london_day
from workflows.written_days import read_day

#: Whole years ahead: the longest timetable, with its follow-ups and a slipped recommendation, ends well within them.
YEARS_AHEAD = 20
#: Before any council, agency or boundary that is still spoken of.
EARLIEST = date(1800, 1, 1)


#: Days that may be asked about: with room before and after for all that is counted from them, and an end to what is counted.
ASKED_FROM, ASKED_TO = date(1000, 1, 1), date(2999, 12, 31)


def may_be_asked(day: date) -> bool:
    """Whether a question may be of this day: of others nothing is known, and no calendar goes far enough beyond them."""
    return ASKED_FROM <= day <= ASKED_TO


def horizon(today: date) -> date:
    """The first day that is too far off: the same one all year, so that a page and its letter never disagree."""
    return date(today.year + YEARS_AHEAD + 1, 1, 1)


def why_not_enter(day: date, today: date | None = None) -> str:
    """Why a day may not be entered, in a sentence that says which may; '' if it may."""
    end = horizon(today or london_day(datetime.now(UTC)))
    if day >= end:
        return gettext("Choose a day before %(end)s", end=_said(end))
    return gettext("Choose a day on or after %(earliest)s", earliest=_said(EARLIEST)) if day < EARLIEST else ""


class Day(click.ParamType):
    """A day typed as 2026-11-27; `bounded` where something is kept for it, not only asked about it."""

    name = "date"

    def __init__(self, *, bounded: bool = False) -> None:
        self.bounded = bounded

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; a usage error, with the remedy, where it is not one or may not be entered."""
        if isinstance(value, date):
            return value
        day = read_day(value)
        if day is None:
            self.fail(f"“{value}” is not a day that exists: write one like 2026-11-27", param, ctx)
        if self.bounded and (why := why_not_enter(day)):
            self.fail(f"{value} is too far off. {why}", param, ctx)
        if not may_be_asked(day):
            self.fail(f"{value} is too far off. Choose a day in the years 1000 to 2999", param, ctx)
        return day


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


#: Any day that exists, for questions; and a day something is kept for.
ANY_DAY = Day()
DAY = Day(bounded=True)


@dataclass(frozen=True, slots=True)
class During:
    """From which day to which something holds; None where it has no first or no last."""

    from_on: date | None = None
    to_on: date | None = None


ALWAYS = During()
