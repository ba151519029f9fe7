"""The working of a due date: every day from its start, counted or not, and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from workflows.clocks import Clock, corresponding_day
from workflows.workdays import Calendar

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One day of the working: whether it was counted, and why or why not."""

    date: date
    counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Count:
    """What a working is built from: a clock, its two ends, the calendar, and what started it in words."""

    clock: Clock
    start: date
    end: date
    calendar: Calendar
    began: str


def steps_of(count: Count) -> tuple[Step, ...]:
    """Every day of a count, in the order it is made (backwards from a meeting)."""
    return tuple(_STEPS[count.clock.name](count))


def _every_day(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last, both included, forwards or backwards."""
    direction = 1 if last >= first else -1
    return (first + timedelta(days=n * direction) for n in range(abs((last - first).days) + 1))


def _after_steps(count: Count) -> Iterator[Step]:
    """Days counted after a start that is not counted itself."""
    yield Step(count.start, False, f"the day {count.began} is not counted")
    number = 0
    for day in _every_day(count.start + _ONE_DAY, count.end):
        why = count.calendar.why_not(day) if count.clock.rule.working else ""
        number += not why
        unit = "working day" if count.clock.rule.working else "day"
        yield Step(day, not why, why or f"{unit} {number}")


def _numbered_steps(count: Count) -> Iterator[Step]:
    """Working days counted from a start that is number 1."""
    number = 0
    for day in _every_day(count.start, count.end):
        why = count.calendar.why_not(day)
        number += not why
        yield Step(day, not why, why or f"working day {number}")


def _month_steps(count: Count) -> Iterator[Step]:
    """The start, which is counted, and the last day of each month of the period."""
    yield Step(count.start, True, f"the day {count.began} is the first day")
    for month in range(1, count.clock.number + 1):
        day = corresponding_day(count.start, month)
        short = (day + _ONE_DAY).day == 1 and count.start.day != 1
        why = f"; there is no day {count.start.day} to end before, so the last day of that month" if short else ""
        yield Step(day, True, f"end of month {month}{why}")


def _clear_before_steps(count: Count) -> Iterator[Step]:
    """Clear working days counted back from a meeting, then the day of publication."""
    yield Step(count.start, False, f"the day {count.began} is not counted")
    number = 0
    for day in _every_day(count.start - _ONE_DAY, count.end):
        why = count.calendar.why_not(day)
        last = day == count.end
        number += not why
        yield Step(day, not why and not last, why or ("publish by this day" if last else f"clear day {number}"))


def _stated_steps(count: Count) -> Iterator[Step]:
    """The one day that is written."""
    yield Step(count.end, True, "the date written in the request")


_STEPS: Final[dict[str, Callable[[Count], Iterator[Step]]]] = {
    "calendar_after": _after_steps,
    "clear_after": _after_steps,
    "working_after": _after_steps,
    "working_after_uk_any": _after_steps,
    "reasonable": _after_steps,
    "working_day_number": _numbered_steps,
    "months_beginning_with": _month_steps,
    "clear_before": _clear_before_steps,
    "stated_date": _stated_steps,
}
