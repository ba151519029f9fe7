"""Due dates: a clock set going on a day, by a calendar; each can show its working. The words are the application's."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from workflows.clocks import RULES, Clock, corresponding_day, parse_clock
from workflows.due_date_steps import Count, Pause, Step, steps_of
from workflows.labels import labels
from workflows.refusals import Refused
from workflows.workdays import ENGLAND_AND_WALES, Calendar, Calendars, division_of, in_words, past_the_calendar

__all__ = ["RULES", "START_EVENTS", "Clock", "Due", "Pause", "Step", "due", "parse_clock"]

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
        "draft_email_date": "the email with the draft was sent",
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
    def expectation(self) -> bool:
        """Whether the date is only expected, not set by law."""
        return self.clock.name == "reasonable"

    @property
    def source(self) -> str:
        """Where the rule comes from."""
        return self.clock.source

    def steps(self) -> tuple[Step, ...]:
        """Every day from the start to the due date, counted or not, and why."""
        if not self.due:
            return ()
        return steps_of(Count(self.clock, self.start, self.due, self.calendar, self.event, self.pauses))

    def skipped(self) -> tuple[Step, ...]:
        """The weekdays that were passed over as bank holidays."""
        return tuple(step for step in self.steps() if step.kind == "holiday" and step.date.weekday() < 5)


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
        raise Refused(
            "There is no start event %(event)s; write one of %(start_events)s.",
            event=repr(event),
            start_events=", ".join(START_EVENTS),
        )
    uk_any = clock.name == "working_after_uk_any"
    division = division_of(nation)
    calendar = calendars.uk_any if uk_any else calendars.by_division[division]
    try:
        day = _resumed(_count(clock, start, calendar), clock, calendar, pauses)
    except (OverflowError, ValueError):
        raise past_the_calendar(f"{clock} from {in_words(start)}") from None
    return Due(day, clock, start, event, nation, calendar.division, calendar, pauses)


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
                    "The date written in the request, %(on)s, falls before %(start)s, when the clock starts; write a later date.",
                    on=in_words(clock.on),
                    start=in_words(start),
                )
            return clock.on
        case _:
            return None
