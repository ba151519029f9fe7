"""Why a phase of a timetable has its days, in sentences: composed from the reasons a row keeps, wherever they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from flask_babel import gettext, ngettext

from scrutiny.formats import day, plain_day
from workflows.phase_reasons import Chosen, Drawn, Kept, Left, Lengthened, Moved, PhaseReason


def phase_why(reasons: Iterable[PhaseReason]) -> str:
    """Reasons in words, one after the other; '' where there are none."""
    return " ".join(_WORDS[type(reason)](reason) for reason in reasons)


def stretch(number: int, unit: str) -> str:
    """A number of units of a method (wd, cd, weeks, months): '15 working days'."""
    if unit == "wd":
        return ngettext("%(num)s working day", "%(num)s working days", number)
    if unit == "weeks":
        return ngettext("%(num)s week", "%(num)s weeks", number)
    if unit == "months":
        return ngettext("%(num)s month", "%(num)s months", number)
    return ngettext("%(num)s day", "%(num)s days", number)


def _drawn(reason: Drawn) -> str:
    """How long, from when, and whether that is law."""
    law = gettext("Set by law.") if reason.statutory else gettext("By convention, not law.")
    until = reason.known_until
    more = gettext("Provisional: holidays after %(day)s are not yet known.", day=plain_day(until)) if until else ""
    return " ".join(filter(None, [_place(reason), law, reason.note, more]))


def _place(reason: Drawn) -> str:
    """How long a phase is, and how far from what."""
    said = {"long": stretch(reason.duration, reason.unit), "day": plain_day(reason.anchor), "event": _event(reason)}
    if reason.base:
        number = _numbered(reason.offset, reason.offset_unit)
        return gettext("%(long)s long, from %(number)s, where %(day)s, when %(event)s, is number 1.", number=number, **said)
    if not reason.offset:
        return gettext("%(long)s long, from %(day)s, when %(event)s.", **said)
    far = stretch(abs(reason.offset), reason.offset_unit)
    if reason.offset > 0:
        return gettext("%(long)s long, %(far)s after %(day)s, when %(event)s.", far=far, **said)
    return gettext("%(long)s long, %(far)s before %(day)s, when %(event)s.", far=far, **said)


def _event(reason: Drawn) -> str:
    """What happens on the day a phase is counted from."""
    if not reason.before:
        return gettext("the review opens")
    if reason.event == "starts":
        return gettext("“%(phase)s” starts", phase=reason.before)
    return gettext("“%(phase)s” ends", phase=reason.before)


def _numbered(number: int, unit: str) -> str:
    """The number of a day, week or month: 'working day 3'."""
    if unit == "wd":
        return gettext("working day %(number)s", number=number)
    if unit == "weeks":
        return gettext("week %(number)s", number=number)
    if unit == "months":
        return gettext("month %(number)s", number=number)
    return gettext("day %(number)s", number=number)


def _moved(reason: Moved) -> str:
    """Who moved it and when, to when it ran before, and their own words."""
    said = gettext(
        "Moved by %(name)s on %(day)s; before that it ran to %(before)s.",
        name=reason.by,
        day=plain_day(reason.on),
        before=plain_day(reason.ended_on),
    )
    return f"{said} {reason.words}".strip()


_WORDS: Final[dict[type[Any], Callable[[Any], str]]] = {
    Drawn: _drawn,
    Chosen: lambda reason: gettext("The days you chose."),
    Moved: _moved,
    Left: lambda reason: gettext(
        "Left where it was when “%(phase)s” moved on %(day)s.", phase=reason.moved, day=plain_day(reason.on)
    ),
    Lengthened: lambda reason: gettext("Before a holiday was learnt of late it ran to %(day)s.", day=day(reason.ended_on)),
    Kept: lambda reason: reason.words,
}
