"""Why each day of the working of a due date was counted or not, in words: composed from its values, wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypedDict

from flask_babel import gettext, ngettext

from scrutiny.formats import weekday
from scrutiny.holiday_names import holiday_name
from workflows.deadlines import START_EVENTS
from workflows.due_date_steps import Step


class Explained(TypedDict):
    """One day as commands and the API say it: the day as 2026-11-27, whether it was counted, and why or why not."""

    date: str
    counted: bool
    why: str


def explained(steps: Iterable[Step]) -> list[Explained]:
    """The working of a date, day by day, in words."""
    return [{"date": step.date.isoformat(), "counted": step.counted, "why": why_step(step)} for step in steps]


def why_step(step: Step) -> str:
    """Why one day was counted or not."""
    return _WORDS[step.kind](step)


def _day(step: Step) -> str:
    """A day that was counted."""
    if step.working:
        return gettext("working day %(number)s", number=step.number)
    return gettext("day %(number)s", number=step.number)


def _month(step: Step) -> str:
    """The end of a month of a period."""
    end = gettext("end of month %(number)s", number=step.number)
    if not step.lacks:
        return end
    return gettext("%(end)s; there is no day %(day)s to end before, so the last day of that month", end=end, day=step.lacks)


def _added(step: Step) -> str:
    """The day a pause moved a date to."""
    if step.working:
        days = ngettext("%(num)s working day", "%(num)s working days", step.number)
    else:
        days = ngettext("%(num)s day", "%(num)s days", step.number)
    return gettext("%(days)s later, as many as were paused", days=days)


_WORDS: Final[dict[str, Callable[[Step], str]]] = {
    "start": lambda step: gettext("the day %(event)s is not counted", event=START_EVENTS[step.name]),
    "first": lambda step: gettext("the day %(event)s is the first day", event=START_EVENTS[step.name]),
    "day": _day,
    "clear_day": lambda step: gettext("clear day %(number)s", number=step.number),
    "publish": lambda step: gettext("publish by this day"),
    "month": _month,
    "stated": lambda step: gettext("the date written in the request"),
    "holiday": lambda step: holiday_name(step.name),
    "weekend": lambda step: weekday(step.date),
    "paused": lambda step: gettext("paused: a question waited for its reply"),
    "added": _added,
    "kept": lambda step: step.name,
}
