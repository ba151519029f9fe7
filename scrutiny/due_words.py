"""Why a due date is what it is, in sentences: composed from the reasons a row keeps, wherever they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from flask_babel import gettext, ngettext

from scrutiny.formats import day, listed, plain_day, weekday
from scrutiny.holiday_names import holiday_name
from scrutiny.kernel_words import rule_in_words
from scrutiny.phase_words import stretch
from workflows.clocks import parse_clock
from workflows.deadlines import START_EVENTS
from workflows.due_reasons import (
    AgreedWithReply,
    AwaitsDelivery,
    BeforeMeeting,
    Chosen,
    Counted,
    Extended,
    Kept,
    LawGivesNoDays,
    LawOther,
    LawSame,
    MethodAlone,
    MethodOther,
    MethodSame,
    NotStarted,
    OfPhase,
    PauseAdded,
    Paused,
    Reason,
    Returned,
)
from workflows.due_working import Working
from workflows.lifecycles.item import ITEM
from workflows.workdays import DIVISION_LABELS

#: So many holidays are named; the working names every day.
NAMED: Final = 6


def why(working: Working) -> str:
    """The sentences of the reasons of a date; '' where there are none."""
    return sentences(working.reasons)


def why_agreed(working: Working, *, runs: bool) -> str:
    """The same, after what was agreed since; only while a date runs."""
    first = why(working)
    agreed = sentences(reason for reason in (working.extended, working.again) if reason is not None)
    return gettext("%(agreed)s Counted before that: %(first)s", agreed=agreed, first=first) if agreed and runs else first


def sentences(reasons: Iterable[Reason]) -> str:
    """Reasons in words, one after the other."""
    return " ".join(_WORDS[type(reason)](reason) for reason in reasons)


def is_provisional(working: Working) -> bool:
    """Whether a date rests on holidays that are not known yet."""
    past = (isinstance(reason, Counted) and reason.known_until is not None for reason in working.reasons)
    return working.provisional or any(past)


def _due_on(reason_day: date | None, because: str, at_first: bool) -> str:
    """'Due on Friday …: because', or 'At first due on …'."""
    if at_first:
        return gettext("At first due on %(day)s: %(because)s.", day=day(reason_day), because=because)
    return gettext("Due on %(day)s: %(because)s.", day=day(reason_day), because=because)


def _counted(reason: Counted) -> str:
    """A count: the rule, from when, by whose holidays, what was passed over, what is not known."""
    clock = parse_clock(reason.clock)
    if reason.due is None:
        return gettext("No date is set yet: %(rule)s.", rule=rule_in_words(clock))
    if clock.name == "stated_date":
        because = gettext("the date written in the request; the law gives no number of days")
        return _due_on(reason.due, because + _pauses(reason), False)
    began = {"day": plain_day(reason.start), "event": START_EVENTS[reason.event]}
    if clock.name == "clear_before":
        first = gettext("By %(day)s: %(because)s.", day=day(reason.due), because=rule_in_words(clock))
        second = gettext("Counted back from %(day)s, the day %(event)s", **began)
    else:
        first = _due_on(reason.due, rule_in_words(clock), False)
        second = gettext("Counted from %(day)s, the day %(event)s", **began)
    if clock.rule.working:
        second += gettext(", using the bank holidays of %(division)s", division=DIVISION_LABELS[reason.division])
    if reason.passed:
        second += gettext(
            ", passing over %(days)s", days=_few([f"{plain_day(on)} ({holiday_name(name)})" for on, name in reason.passed])
        )
    second += _pauses(reason)
    if reason.known_until is not None:
        second += gettext("; provisional: holidays after %(day)s are not yet known", day=plain_day(reason.known_until))
    if not clock.rule.working and reason.due.weekday() > 4:
        second += gettext("; under this rule it can fall on a %(weekday)s", weekday=weekday(reason.due))
    return f"{first} {second}."


def _pauses(reason: Counted) -> str:
    """The days that were not counted, because a question waited for its reply."""
    if not reason.pauses:
        return ""
    spans = [gettext("%(first)s to %(last)s", first=plain_day(first), last=plain_day(last)) for first, last in reason.pauses]
    return gettext("; paused from %(spans)s, while a question waited for its reply", spans=_few(spans))


def _of_phase(reason: OfPhase) -> str:
    """A standard item hung on a phase."""
    end = {"phase": reason.phase, "day": day(reason.ends_on)}
    number = abs(reason.offset)
    if not number:
        return _due_on(reason.due, gettext("the day on which “%(phase)s” ends (%(day)s)", **end), reason.at_first)
    far = stretch(number, reason.unit)
    if reason.offset > 0:
        because = gettext("%(far)s after “%(phase)s” ends (%(day)s)", far=far, **end)
    else:
        because = gettext("%(far)s before “%(phase)s” ends (%(day)s)", far=far, **end)
    return _due_on(reason.due, because, reason.at_first)


def _before_meeting(reason: BeforeMeeting) -> str:
    """The eve of a meeting."""
    because = gettext("the last working day before the meeting on %(day)s, too near for its agenda", day=day(reason.meeting_on))
    return _due_on(reason.due, because, reason.at_first)


def _not_started(reason: NotStarted) -> str:
    """A clock whose start is not known."""
    known = {"rule": rule_in_words(parse_clock(reason.clock)), "event": START_EVENTS[reason.event]}
    if reason.law:
        return gettext(
            "By law (%(law)s): no date is set yet: it is %(rule)s, counted from the day %(event)s, and that day is not known.",
            law=reason.law,
            **known,
        )
    return gettext("No date is set yet: it is %(rule)s, counted from the day %(event)s, and that day is not known.", **known)


def _paused(reason: Paused) -> str:
    """Why an item has no date while a question waits."""
    now = gettext(
        "The due date is paused: a question was asked on %(day)s and has not been answered yet. "
        "The days until it is answered do not count.",
        day=day(reason.asked_on),
    )
    return f"{now} {gettext('It was due on %(day)s before that.', day=day(reason.before))}" if reason.before else now


def _pause_added(reason: PauseAdded) -> str:
    """An agreed day, and the pause."""
    added = ngettext("%(num)s working day", "%(num)s working days", reason.days)
    return gettext("%(day)s was agreed, and %(days)s of pause added.", day=day(reason.before), days=added)


def _few(words: list[str]) -> str:
    """Words joined as people join them; a long list is cut short."""
    if len(words) > NAMED:
        more = ngettext("%(num)s more bank holiday", "%(num)s more bank holidays", len(words) - NAMED + 1)
        words = [*words[: NAMED - 1], more]
    return listed(words)


_WORDS: Final[dict[type[Any], Callable[[Any], str]]] = {
    Counted: _counted,
    Chosen: lambda reason: _due_on(reason.on, gettext("the day the officer chose"), reason.at_first),
    OfPhase: _of_phase,
    BeforeMeeting: _before_meeting,
    NotStarted: _not_started,
    AwaitsDelivery: lambda reason: gettext("No date runs yet. The date is counted from the day the request is delivered."),
    Paused: _paused,
    LawSame: lambda reason: gettext("The law says the same."),
    LawGivesNoDays: lambda reason: gettext("The law gives no number of days."),
    LawOther: lambda reason: gettext("By law (%(law)s): %(day)s.", law=reason.law, day=day(reason.due)),
    Extended: lambda reason: gettext(
        "Extended from %(before)s to %(until)s.", before=day(reason.before), until=day(reason.until)
    ),
    AgreedWithReply: lambda reason: gettext(
        "%(until)s was agreed when the question was answered; before, it was %(before)s.",
        until=day(reason.until),
        before=day(reason.before),
    ),
    PauseAdded: _pause_added,
    Returned: lambda reason: gettext(
        "Returned on %(day)s (%(state)s before).", day=day(reason.on), state=ITEM.states[reason.state].lower()
    ),
    MethodSame: lambda reason: gettext("The method says the same."),
    MethodOther: lambda reason: gettext(
        "The law's day counts; the method asks for %(day)s. %(words)s", day=day(reason.due), words=reason.words
    ),
    MethodAlone: lambda reason: gettext("The method asks for this day. %(words)s", words=reason.words),
    Kept: lambda reason: reason.words,
}
