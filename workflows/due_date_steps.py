"""The working of a due date: every day from its start, counted or not, and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from workflows.clocks import Clock, corresponding_day
from workflows.workdays import Calendar

_ONE_DAY: Final = timedelta(days=1)
WAITING: Final = "paused: a question waited for its reply"


@dataclass(frozen=True, slots=True)
class Step:
    """One day of the working: whether it was counted, and why or why not."""

    date: date
    counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A question back from the agency, and its reply: the days after the one, up to and with the other, are not counted."""

    asked_on: date
    answered_on: date

    def holds(self, day: date) -> bool:
        """Whether a day is one of those not counted."""
        return self.asked_on < day <= self.answered_on

    def days(self, calendar: Calendar | None) -> list[date]:
        """The days that would have counted: working days by a calendar, every day without one."""
        every = [self.asked_on + timedelta(days=n + 1) for n in range((self.answered_on - self.asked_on).days)]
        return [day for day in every if calendar is None or calendar.is_working(day)]


@dataclass(frozen=True, slots=True)
class Count:
    """What a working is built from: a clock, its two ends, the calendar, and what started it in words."""

    clock: Clock
    start: date
    end: date
    calendar: Calendar
    began: str
    pauses: tuple[Pause, ...] = ()

    def paused(self, day: date) -> bool:
        """Whether a question waited for its reply on a day."""
        return any(pause.holds(day) for pause in self.pauses)


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
        why = why or (WAITING if count.paused(day) else "")
        number += not why
        unit = "working day" if count.clock.rule.working else "day"
        yield Step(day, not why, why or f"{unit} {number}")


def _numbered_steps(count: Count) -> Iterator[Step]:
    """Working days counted from a start that is number 1."""
    number = 0
    for day in _every_day(count.start, count.end):
        why = count.calendar.why_not(day) or (WAITING if count.paused(day) else "")
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
    yield from _made_up(count, None)


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
    """The one day that is written, and what a pause adds to it."""
    yield Step(count.clock.on or count.end, True, "the date written in the request")
    yield from _made_up(count, count.calendar)


def _made_up(count: Count, calendar: Calendar | None) -> Iterator[Step]:
    """The days of each pause, then the day to which as many days were added."""
    paused = [day for pause in count.pauses for day in pause.days(calendar)]
    yield from (Step(day, False, WAITING) for day in paused)
    if paused:
        unit = "day" if calendar is None else "working day"
        yield Step(count.end, True, f"{len(paused)} {unit}{'' if len(paused) == 1 else 's'} later, as many as were paused")


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
