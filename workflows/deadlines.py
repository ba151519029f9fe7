"""Due dates: a clock set going on a day, by a calendar; each can show its working and say why in plain words."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from workflows.clocks import RULES, Clock, corresponding_day, parse_clock
from workflows.due_date_steps import Count, Pause, Step, steps_of
from workflows.labels import labels
from workflows.refusals import Refused
from workflows.workdays import (
    DIVISION_LABELS,
    ENGLAND_AND_WALES,
    WEEKDAYS,
    Calendar,
    Calendars,
    division_of,
    in_words,
    past_the_calendar,
)

__all__ = ["RULES", "START_EVENTS", "Clock", "Due", "Pause", "Step", "due", "explain_in_words", "not_started", "parse_clock"]

START_EVENTS: Final = labels(
    {
        "start": "the clock starts",
        "request_sent": "the request was sent",
        "request_received": "the request was received",
        "report_date": "the report is dated",
        "report_received": "the report was received",
        "report_received_or_notice_if_later": "the report or, if later, the notice was received",
        "response_requested": "a response was asked for",
        "direction_date": "the direction was given",
        "draft_email_date": "the e-mail with the draft was sent",
        "publication": "it was published",
        "notification": "notice was given",
        "meeting": "the meeting is held",
        "phase": "the phase ends",
        "clarified": "the question back was answered",
    }
)


@dataclass(frozen=True, slots=True)
class Due:
    """A due date and all it rests on; `due` is None where no date is set. The working is built when asked for."""

    due: date | None
    clock: Clock
    start: date
    event: str  # one of START_EVENTS
    nation: str  # as it was asked for
    division: str  # whose bank holidays were used
    calendar: Calendar = field(repr=False, compare=False)
    pauses: tuple[Pause, ...] = ()  # in which nothing was counted

    @property
    def edition(self) -> str:
        """The digest of the calendar used."""
        return self.calendar.digest

    @property
    def provisional(self) -> bool:
        """Whether the count runs past the last day for which bank holidays are known."""
        last = max(self.start, self.due) if self.due else self.start
        return self.clock.rule.working and last > self.calendar.last_day

    @property
    def provisional_sentence(self) -> str:
        """What is not yet known, or ''."""
        if not self.provisional:
            return ""
        return f"provisional: holidays after {in_words(self.calendar.last_day)} are not yet known"

    @property
    def expectation(self) -> bool:
        """Whether the date is only expected, not set by law."""
        return self.clock.name == "reasonable"

    @property
    def rule(self) -> str:
        """The rule in one sentence."""
        return self.clock.words

    @property
    def source(self) -> str:
        """Where the rule comes from."""
        return self.clock.source

    @property
    def start_words(self) -> str:
        """What started the clock, such as 'the request was received'."""
        return START_EVENTS[self.event]

    def steps(self) -> tuple[Step, ...]:
        """Every day from the start to the due date, counted or not, and why."""
        if not self.due:
            return ()
        return steps_of(Count(self.clock, self.start, self.due, self.calendar, self.start_words, self.pauses))

    def skipped(self) -> tuple[Step, ...]:
        """The weekdays that were passed over as bank holidays."""
        closed = self.calendar.holidays
        return tuple(s for s in self.steps() if not s.counted and s.date in closed and s.date.weekday() < 5)


def due(
    clock: Clock | str,
    start: date,
    calendars: Calendars,
    *,
    nation: str = ENGLAND_AND_WALES,
    event: str = "",
    pauses: tuple[Pause, ...] = (),
) -> Due:
    """When a clock that starts on a day runs out; refuses in a sentence where it cannot be counted.

    As many days are added as would have counted in `pauses`; a count back from a meeting has none.
    """
    if isinstance(clock, str):
        clock = parse_clock(clock)
    event = event or clock.rule.event
    if event not in START_EVENTS:
        raise Refused(f"There is no start event {event!r}; write one of {', '.join(START_EVENTS)}.")
    uk_any = clock.name == "working_after_uk_any"
    division = division_of(nation)
    calendar = calendars.uk_any if uk_any else calendars.by_division[division]
    try:
        day = _resumed(_count(clock, start, calendar), clock, calendar, pauses)
    except (OverflowError, ValueError):
        raise past_the_calendar(f"{clock} from {in_words(start)}") from None
    return Due(day, clock, start, event, nation, calendar.division, calendar, pauses)


def not_started(clock: Clock, event: str) -> str:
    """Why there is no date: the day that starts the clock is not known."""
    return f"No date is set yet: it is {clock.words}, counted from the day {START_EVENTS[event]}, and that day is not known."


def _resumed(day: date | None, clock: Clock, calendar: Calendar, pauses: tuple[Pause, ...]) -> date | None:
    """The due date with as many days added as were paused: working days, unless the clock counts every day."""
    for pause in pauses if day and clock.name != "clear_before" else ():
        working = clock.rule.working or clock.name == "stated_date"
        number = len(pause.days(calendar if working else None))
        day = calendar.after(day, number) if working and number and day else day + timedelta(days=number) if day else None
    return day


def _count(clock: Clock, start: date, calendar: Calendar) -> date | None:
    """The due date alone."""
    match clock.name:
        case "working_after" | "working_after_uk_any" | "reasonable":
            return calendar.after(start, clock.number)
        case "calendar_after" | "clear_after":
            return start + timedelta(days=clock.number)
        case "months_beginning_with":
            return corresponding_day(start, clock.number)
        case "working_day_number":
            return calendar.after(start, clock.number - calendar.is_working(start))
        case "clear_before":
            return calendar.before(start, clock.number + 1)
        case "stated_date":
            if clock.on and clock.on < start:
                raise Refused(
                    f"The date written in the request, {in_words(clock.on)}, falls before {in_words(start)}, "
                    "when the clock starts; write a later date."
                )
            return clock.on
        case _:
            return None


def explain_in_words(due: Due) -> str:
    """Why this date, in one or two plain sentences."""
    if due.due is None:
        return f"No date is set yet: {due.rule}."
    if due.clock.name == "stated_date":
        return f"Due on {_day(due.due)}: the date written in the request; the law gives no number of days{_paused(due)}."
    back = due.clock.name == "clear_before"
    began = f"{in_words(due.start)}, the day {due.start_words}"
    whose = f", by the bank holidays of {DIVISION_LABELS[due.division]}" if due.clock.rule.working else ""
    first = f"{'By' if back else 'Due on'} {_day(due.due)}: {due.rule}. "
    second = f"Counted {'back from' if back else 'from'} {began}{whose}"
    passed = [f"{in_words(step.date)} ({step.why})" for step in due.skipped()]
    second += f", passing over {_list(passed)}" if passed else ""
    second += _paused(due)
    notes = f"; {due.provisional_sentence}" if due.provisional else ""
    if not due.clock.rule.working and due.due.weekday() > 4:
        notes += f"; that it is a {WEEKDAYS[due.due.weekday()]} does not move it"
    return first + second + notes + "."


def _paused(due: Due) -> str:
    """The days that were not counted, because a question waited for its reply."""
    real = [pause for pause in due.pauses if pause.answered_on > pause.asked_on]
    spans = [f"{in_words(pause.asked_on)} to {in_words(pause.answered_on)}" for pause in real]
    return f"; paused from {_list(spans)}, while a question waited for its reply" if spans else ""


def _day(day: date) -> str:
    """A date with its weekday."""
    return f"{WEEKDAYS[day.weekday()]} {in_words(day)}"


def _list(words: list[str]) -> str:
    """Words joined as people join them; a long list is cut short, for the working names every day."""
    if len(words) > 6:
        words = [*words[:5], f"{len(words) - 5} more bank holidays"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
