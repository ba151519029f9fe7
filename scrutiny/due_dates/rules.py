"""When an item is due and why: the requester's day, else the method's, else the law's, else what is reasonable. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from flask_babel import gettext

from scrutiny.formats import day
from workflows.clocks import Clock, parse_clock
from workflows.deadlines import Due, Pause, due
from workflows.due_date_steps import plain_steps
from workflows.due_reasons import BeforeMeeting, Chosen, LawGivesNoDays, LawOther, LawSame, NotStarted, OfPhase, Reason, counted
from workflows.due_working import RestsOn, Working, worked
from workflows.method import Evidence
from workflows.methods import PhaseDates, due_of_evidence
from workflows.powers import PAUSES, RESTARTS, Power
from workflows.refusals import Refused
from workflows.workdays import Calendars

#: What is asked where neither method nor law says when: an expectation, never called a duty.
DEFAULT = "reasonable:10"
#: Clocks that set a day by what is reasonable or customary: an expectation, whatever the power.
EXPECTED = ("reasonable", "clear_before")
#: The agenda of a meeting is published so many clear working days before it, and names who comes.
AGENDA = "clear_before:5"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What decides a due date: the standard item and phases of the method, the power, and the day the asker chose."""

    standard: Evidence | None
    phases: tuple[PhaseDates, ...]
    power: Power | None
    chosen_on: date | None
    nation: str
    meeting_on: date | None = None  # of a meeting one is asked to attend


@dataclass(frozen=True, slots=True)
class Starts:
    """The days from which clocks may be counted, by event; what has not happened, or is not known, is not among them."""

    sent_on: date
    known: Mapping[str, date]
    pauses: tuple[Pause, ...] = ()

    def day_of(self, event: str) -> date | None:
        """The day an event happened, or None where that is not known."""
        return self.sent_on if event in ("start", "request_sent") else self.known.get(event)


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of an item and all that is stored beside them; where `needs` names an event, its day must be known first."""

    clock: Clock
    event: str
    due: Due | None
    statutory: Due | None
    reasons: tuple[Reason, ...]
    power: Power | None
    needs: tuple[str, ...]

    @property
    def due_on(self) -> date | None:
        """The day the item is wanted by."""
        return self.due.due if self.due else None

    @property
    def statutory_due_on(self) -> date | None:
        """The day the law sets, where it sets one."""
        return self.statutory.due if self.statutory else None

    @property
    def working(self) -> Working:
        """Reasons, steps, source, what started the clock and what the law says, as they are kept."""
        power = self.power
        return Working(
            reasons=self.reasons,
            plain_steps=tuple(plain_steps(self.due.steps() if self.due else ())),
            source=self.clock.source,
            provisional=self.due.provisional if self.due else False,
            expected=self.clock.name in EXPECTED,
            counted=self.due_on,
            needs=self.needs,
            rests_on=RestsOn(power.key, power.source, power.event) if power else None,
            statutory=law_worked(self.statutory) if self.statutory else None,
        )


def law_worked(statutory: Due) -> Working:
    """What the law says, as it is kept beside a due date."""
    return worked(statutory, due=statutory.due, source=statutory.source)


def dates_of(wanted: Wanted, starts: Starts, calendars: Calendars) -> Dates:
    """The dates of an item by the starts that are known; a chosen day that has gone by is refused."""
    sent_on, power = starts.sent_on, wanted.power
    legal = _legal_clock(power)
    known = _Known(starts, calendars)
    statutory = _count(legal, power.event if power else "", wanted, known, law=power) if legal else None
    missing = (power.event,) if power and legal and statutory is None else ()
    if wanted.chosen_on is not None and wanted.chosen_on <= sent_on:
        raise Refused(
            gettext(
                "%(chosen_on)s is not after %(sent_on)s, when the request goes: choose a later day",
                chosen_on=day(wanted.chosen_on),
                sent_on=day(sent_on),
            )
        )
    clock, event, own = _clock_of(wanted, starts, calendars, legal)
    found = statutory if clock == legal and power and event == power.event else _count(clock, event, wanted, known)
    if found is None:
        return Dates(clock, event, None, None, (NotStarted(str(clock), event),), power, (event,))
    reasons: tuple[Reason, ...] = (own or counted(found),)
    if own is not None and starts.pauses:
        reasons = (replace(own, at_first=True), counted(found))
    if own is not None or clock != legal:
        reasons += beside_law(found, statutory, power if missing else None)
    return Dates(clock, event, found, statutory, reasons, power, missing)


#: Why a day is what it is, where that is not a clock's own count.
Own: TypeAlias = Chosen | OfPhase | BeforeMeeting | None


def _clock_of(wanted: Wanted, starts: Starts, calendars: Calendars, legal: Clock | None) -> tuple[Clock, str, Own]:
    """The clock an item is dated by, its start event, and why where that is not the clock's own count."""
    if wanted.chosen_on is not None:
        clock = Clock("stated_date", on=wanted.chosen_on)
        return clock, "request_sent", Chosen(wanted.chosen_on)
    if wanted.meeting_on is not None:
        return _before_meeting(wanted.meeting_on, wanted.nation, starts, calendars)
    if wanted.standard is not None and wanted.standard.clock is not None:
        event = wanted.standard.clock.rule.event
        return wanted.standard.clock, "request_sent" if event == "start" else event, None
    if wanted.standard is not None:
        found = due_of_evidence(wanted.standard, wanted.phases, starts.sent_on, calendars, wanted.nation)
        return found.clock, found.event, _of_method(wanted, found)
    if legal is not None and wanted.power is not None:
        return legal, wanted.power.event, None
    return parse_clock(DEFAULT), "request_sent", None


def _before_meeting(meeting_on: date, nation: str, starts: Starts, calendars: Calendars) -> tuple[Clock, str, Own]:
    """When to say whether one will attend: before the agenda is published, or at the latest the day before the meeting."""
    if meeting_on <= starts.sent_on:
        raise Refused(
            gettext(
                "The meeting on %(meeting_on)s is not after %(sent_on)s, when the request goes: choose later",
                meeting_on=day(meeting_on),
                sent_on=day(starts.sent_on),
            )
        )
    agenda = due(AGENDA, meeting_on, calendars, nation=nation)
    if agenda.due and agenda.due > starts.sent_on:
        return agenda.clock, "meeting", None
    eve = max(calendars.of(nation).before(meeting_on, 1), starts.sent_on)
    return Clock("stated_date", on=eve), "request_sent", BeforeMeeting(eve, meeting_on)


def _legal_clock(power: Power | None) -> Clock | None:
    """The clock the law sets, where it sets a number of days."""
    if power is None or power.doubtful or power.clock.name in ("none", "stated_date", "reasonable", "clear_before"):
        return None
    return power.clock


@dataclass(frozen=True, slots=True)
class _Known:
    """What a count goes by: the days on which something began, and the days that count."""

    starts: Starts
    calendars: Calendars


def _count(clock: Clock, event: str, wanted: Wanted, known: _Known, law: Power | None = None) -> Due | None:
    """A date counted from the day its event happened, or None where that day is not known.

    What the law (`law`) gives stands still for no question unless the power says so; it may begin again with the reply.
    """
    starts, calendars = known.starts, known.calendars
    replied = max((pause.answered_on for pause in starts.pauses), default=None)
    if law is not None and law.clarification == RESTARTS and replied is not None:
        return due(clock, replied, calendars, nation=wanted.nation, event="clarified")
    start = wanted.meeting_on if event == "meeting" else starts.day_of(event)
    pauses = starts.pauses if law is None or law.clarification == PAUSES else ()
    return due(clock, start, calendars, nation=wanted.nation, event=event, pauses=pauses) if start is not None else None


def _of_method(wanted: Wanted, found: Due) -> Own:
    """Why, for a standard item hung on a phase; None where it is counted by a clock."""
    item = wanted.standard
    if item is None or item.phase is None or found.clock.name != "stated_date" or found.due is None:
        return None
    phase = next(phase for phase in wanted.phases if phase.key == item.phase)
    return OfPhase(found.due, item.offset, item.unit, phase.title, phase.ends_on)


def beside_law(found: Due, statutory: Due | None, waiting: Power | None = None) -> tuple[Reason, ...]:
    """What the law says beside a day, where that is another, or not known yet."""
    if waiting is not None:
        return (NotStarted(str(waiting.clock), waiting.event, law=waiting.source),)
    if statutory is None:
        return (LawGivesNoDays(),) if found.clock.name == "stated_date" else ()
    return (LawSame(),) if statutory.due == found.due else (LawOther(statutory.source, statutory.due),)


def phases_of(rows: Iterable[Any]) -> tuple[PhaseDates, ...]:
    """The phases of a review, as stored, for counting."""
    return tuple(PhaseDates(row.key, row.title, row.starts_on, row.ends_on, row.statutory, row.why.reasons) for row in rows)
