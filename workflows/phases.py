"""When the phases of a method fall, and when its standard evidence is due, for a review that starts on a day."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from workflows.clocks import Clock, corresponding_day
from workflows.deadlines import Due, due
from workflows.method import START, Evidence, Method, Phase
from workflows.phase_reasons import Drawn, PhaseReason
from workflows.workdays import ENGLAND_AND_WALES, Calendar, Calendars, in_words, past_the_calendar

#: The keys by which methods name the days on which a body sits: nobody can be at two of them.
MEETINGS: Final = ("committee", "hearing", "meeting", "session", "flags-panel")

#: Those of every phase with a meeting in it: evidence sessions are weeks of several, so that two at once are no clash.
WITH_MEETINGS: Final = (*MEETINGS, "evidence-sessions")

#: Those of phases in which people go and look, and an agency has visitors.
FIELDWORK: Final = ("fieldwork", "on-site", "deep-dive")

#: The key of the day on which the agenda of a meeting is published.
AGENDA: Final = "agenda"


@dataclass(frozen=True, slots=True)
class PhaseDates:
    """A phase with its first and last day, and why they are those."""

    key: str
    title: str
    starts_on: date
    ends_on: date
    statutory: bool
    why: tuple[PhaseReason, ...] = ()


def timetable_of(
    method: Method,
    start: date,
    calendars: Calendars,
    nation: str = ENGLAND_AND_WALES,
    standing: Mapping[str, PhaseDates] | None = None,
) -> tuple[PhaseDates, ...]:
    """Every phase of a method with its dates, in the method's order, for a review that starts on a day.

    Phases in `standing` keep the dates they have there, and those that follow them are counted from these.
    """
    calendar = calendars.of(nation)
    phases = {phase.key: _in_nation(phase, nation) for phase in method.phases}
    dated: dict[str, PhaseDates] = {key: dates for key, dates in (standing or {}).items() if key in phases}
    try:
        for phase in phases.values():
            _date(phase, phases, dated, start, calendar)
    except (OverflowError, ValueError):
        latest = max([start, *(one.ends_on for one in dated.values())])
        raise past_the_calendar(f"A phase of “{method.title}” after {in_words(latest)}", "choose earlier days") from None
    return tuple(dated[phase.key] for phase in method.phases)


def _in_nation(phase: Phase, nation: str) -> Phase:
    """A phase as it is in a nation: what is law in another alone is convention there, and its law is not named."""
    if not phase.statutory or nation == ENGLAND_AND_WALES or phase.set_by_law(nation):
        return phase
    return replace(phase, statutory=False, note="")


def followers_of(method: Method, key: str) -> tuple[str, ...]:
    """The keys of the phases that follow a phase, directly or through others, in the method's order."""
    found = {key}
    while more := {phase.key for phase in method.phases if phase.after in found} - found:
        found |= more
    return tuple(phase.key for phase in method.phases if phase.key in found - {key})


def agenda_rules(method: Method) -> tuple[tuple[str, str, int], ...]:
    """The keys of an agenda set by law and of its meeting, and the clear working days asked between them.

    The method says it as its distance: an agenda set by law, so many working days before the meeting, less the day it is held.
    """
    agenda = next((phase for phase in method.phases if phase.key == AGENDA and phase.statutory), None)
    found = []
    for phase in method.phases if agenda else ():
        if phase.key not in MEETINGS:
            continue
        if phase.after == AGENDA and phase.offset_unit == "wd" and phase.offset > 1:
            found.append((AGENDA, phase.key, phase.offset - 1))
        elif agenda and agenda.after == phase.key and agenda.offset_unit == "wd" and agenda.offset < -1:
            found.append((AGENDA, phase.key, -agenda.offset - 1))
    return tuple(found)


def _date(phase: Phase, phases: dict[str, Phase], dated: dict[str, PhaseDates], start: date, calendar: Calendar) -> None:
    """Date a phase, after the phase it follows (the reader has refused cycles)."""
    if phase.key in dated:
        return
    if phase.after == START:
        anchor, event, title = start, "opens", ""
    else:
        before = phases[phase.after]
        _date(before, phases, dated, start, calendar)
        its = dated[before.key]
        anchor, event = (its.starts_on, "starts") if phase.counted_from == "start" else (its.ends_on, "ends")
        title = before.title
    starts_on = _offset(anchor, phase.offset, phase.offset_unit, phase.day_number_base, calendar)
    ends_on = _last_day(starts_on, phase.duration, phase.unit, calendar)
    why = Drawn(
        duration=phase.duration,
        unit=phase.unit,
        anchor=anchor,
        event=event,
        before=title,
        offset=phase.offset,
        offset_unit=phase.offset_unit,
        base=phase.day_number_base,
        statutory=phase.statutory,
        note=phase.note,
        known_until=calendar.last_day if phase.unit == "wd" and ends_on > calendar.last_day else None,
    )
    dated[phase.key] = PhaseDates(phase.key, phase.title, starts_on, ends_on, phase.statutory, (why,))


def _offset(anchor: date, number: int, unit: str, base: int, calendar: Calendar) -> date:
    """The day so far from another, which is itself number `base`."""
    number -= base
    match unit:
        case "wd":
            first = calendar.on_or_after(anchor) if number >= 0 else anchor
            return calendar.before(first, -number) if number < 0 else calendar.after(first, number)
        case "cd":
            return anchor + timedelta(days=number)
        case "weeks":
            return anchor + timedelta(weeks=number)
        case _:
            years, month = divmod(anchor.month - 1 + number, 12)
            length = monthrange(anchor.year + years, month + 1)[1]
            return date(anchor.year + years, month + 1, min(anchor.day, length))


def _last_day(first: date, duration: int, unit: str, calendar: Calendar) -> date:
    """The last day of a stretch whose first day is counted."""
    match unit:
        case "wd":
            return calendar.after(first, duration - calendar.is_working(first))
        case "cd":
            return first + timedelta(days=duration - 1)
        case "weeks":
            return first + timedelta(days=7 * duration - 1)
        case _:
            return corresponding_day(first, duration)


def due_of_evidence(
    item: Evidence, phases: Iterable[PhaseDates], sent_on: date, calendars: Calendars, nation: str = ENGLAND_AND_WALES
) -> Due:
    """When a standard item is due if its request is sent on a day.

    Where the phase it hangs on has gone by or is not known, ten working days from sending stand in, as an expectation.
    """
    if item.clock:
        return due(item.clock, sent_on, calendars, nation=nation)
    phase = next((phase for phase in phases if phase.key == item.phase), None)
    if phase is None:
        return due("reasonable:10", sent_on, calendars, nation=nation, event="request_sent")
    try:
        day = _offset(phase.ends_on, item.offset, item.unit, 0, calendars.of(nation))
    except (OverflowError, ValueError):
        raise past_the_calendar(f"“{item.title}” after {in_words(phase.ends_on)}", "choose earlier days") from None
    if day <= sent_on:
        return due("reasonable:10", sent_on, calendars, nation=nation, event="request_sent")
    return due(Clock("stated_date", on=day), sent_on, calendars, nation=nation, event="request_sent")
