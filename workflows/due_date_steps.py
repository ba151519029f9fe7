"""The working of a due date: every day from its start, counted or not, and why, as values. The words are the application's."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Final

from workflows.clocks import Clock, corresponding_day
from workflows.workdays import Calendar
from workflows.written_days import day_written

_ONE_DAY: Final = timedelta(days=1)
#: Why a day was counted or not. `kept` is a row of before, which held a sentence.
KINDS: Final = (
    "start",  # the day of the event `name`, not counted
    "first",  # the day of the event `name`, counted
    "day",  # day `number`; a working day where `working`
    "clear_day",
    "publish",
    "month",  # the end of month `number`; where `lacks`, the last day of a month that has no such day
    "stated",
    "holiday",  # called `name`
    "weekend",
    "paused",
    "added",  # `number` days (working days where `working`) after the day that was, for a pause
    "kept",  # the sentence `name`
)


@dataclass(frozen=True, slots=True)
class Step:
    """One day of the working: whether it was counted, and why or why not, as one of KINDS with its values."""

    date: date
    counted: bool
    kind: str
    number: int = 0
    name: str = ""  # of a holiday, or a key of the start events
    working: bool = False
    lacks: int = 0  # the day of the month that month does not have

    def to_plain(self) -> dict[str, object]:
        """A step as a row keeps it; what it does not say is left out."""
        said = {part.name: getattr(self, part.name) for part in fields(self)[3:] if getattr(self, part.name)}
        return {"date": self.date.isoformat(), "counted": self.counted, "kind": self.kind} | said

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> "Step":
        """A step from what a row keeps; a row of before held the reason as a sentence."""
        day, is_counted = day_written(kept["date"]), bool(kept["counted"])
        if "kind" not in kept:
            return cls(day, is_counted, "kept", name=str(kept.get("why", "")))
        known = {part.name for part in fields(cls)[2:]}
        return cls(day, is_counted, **{name: value for name, value in kept.items() if name in known})


def plain_steps(steps: Iterable[Step]) -> list[dict[str, object]]:
    """Steps as a row keeps them."""
    return [step.to_plain() for step in steps]


def kept_steps(kept: Mapping[str, Any]) -> tuple[Step, ...]:
    """The steps among the values of a row; none where the date was not counted."""
    return tuple(Step.from_plain(step) for step in kept.get("steps") or ())


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
    """What a working is built from: a clock, its two ends, the calendar, and the event that started it (a key)."""

    clock: Clock
    start: date
    end: date
    calendar: Calendar
    event: str
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


def _closed(calendar: Calendar, day: date) -> Step | None:
    """Why a day is no working day; None for one that is."""
    if day in calendar.holidays:
        return Step(day, False, "holiday", name=calendar.holidays[day])
    return None if calendar.is_working(day) else Step(day, False, "weekend")


def _after_steps(count: Count) -> Iterator[Step]:
    """Days counted after a start that is not counted itself."""
    yield Step(count.start, False, "start", name=count.event)
    yield from _numbered(count, count.start + _ONE_DAY, working=count.clock.rule.working)


def _numbered_steps(count: Count) -> Iterator[Step]:
    """Working days counted from a start that is number 1."""
    yield from _numbered(count, count.start, working=True)


def _numbered(count: Count, first: date, *, working: bool) -> Iterator[Step]:
    """Each day from the first, those that are counted with their number."""
    number = 0
    for day in _every_day(first, count.end):
        passed = _closed(count.calendar, day) if working else None
        passed = passed or (Step(day, False, "paused") if count.paused(day) else None)
        number += passed is None
        yield passed or Step(day, True, "day", number, working=working)


def _month_steps(count: Count) -> Iterator[Step]:
    """The start, which is counted, and the last day of each month of the period."""
    yield Step(count.start, True, "first", name=count.event)
    for month in range(1, count.clock.number + 1):
        day = corresponding_day(count.start, month)
        short = (day + _ONE_DAY).day == 1 and count.start.day != 1
        yield Step(day, True, "month", month, lacks=count.start.day if short else 0)
    yield from _made_up(count, None)


def _clear_before_steps(count: Count) -> Iterator[Step]:
    """Clear working days counted back from a meeting, then the day of publication; no question stops these."""
    yield Step(count.start, False, "start", name=count.event)
    number = 0
    for day in _every_day(count.start - _ONE_DAY, count.end):
        passed = _closed(count.calendar, day)
        number += passed is None
        yield passed or (Step(day, False, "publish") if day == count.end else Step(day, True, "clear_day", number))


def _stated_steps(count: Count) -> Iterator[Step]:
    """The one day that is written, and what a pause adds to it."""
    yield Step(count.clock.on or count.end, True, "stated")
    yield from _made_up(count, count.calendar)


def _made_up(count: Count, calendar: Calendar | None) -> Iterator[Step]:
    """The days of each pause, then the day to which as many days were added."""
    paused = [day for pause in count.pauses for day in pause.days(calendar)]
    yield from (Step(day, False, "paused") for day in paused)
    if paused:
        yield Step(count.end, True, "added", len(paused), working=calendar is not None)


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
