"""The ladder of reminders: a nudge before the day and one after it. Policy, not law; short, so that it is read. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from workflows.workdays import Calendar

#: Working days before the due date (negative) or after it, and the letter of that rung.
RUNGS: Final = ((-5, "request_reminder"), (1, "request_chased"))


def rung_day(due_on: date, rung: int, calendar: Calendar) -> date | None:
    """The day of a rung (0 the first) of the ladder to a due date, or None past its end."""
    if rung >= len(RUNGS):
        return None
    away, _ = RUNGS[rung]
    return calendar.before(due_on, -away) if away < 0 else calendar.after(due_on, away)


def first_rung(due_on: date | None, today: date, calendar: Calendar) -> date | None:
    """The day of the first rung still to come, for an item due on a day; None where there is none."""
    if due_on is None:
        return None
    days = [rung_day(due_on, rung, calendar) for rung in range(len(RUNGS))]
    return next((found for found in days if found is not None and found > today), None)


def rung_on(due_on: date, today: date, calendar: Calendar) -> tuple[str | None, date | None]:
    """Which letter is called for on a day (None where it is too soon), and the day of the next rung."""
    letter, following = None, None
    for rung, (_, kind) in enumerate(RUNGS):
        its_day = rung_day(due_on, rung, calendar)
        if its_day is not None and its_day <= today:
            letter = kind
        elif following is None:
            following = its_day
    return letter, following
