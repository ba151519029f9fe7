"""A clash in words: the rule, both things, the days, the share, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext, ngettext

from scrutiny.agenda.effects import Effects
from scrutiny.formats import number, percent, short_day
from workflows import clashes
from workflows.clashes import SEVERITIES, Found


@dataclass(frozen=True, slots=True)
class Said:
    """One clash as it is shown; `key` is what an override is kept for."""

    key: str
    severity: str
    grade: str
    rule: str
    what: str
    days: str
    share: str
    todo: str
    source: str


def said_of(effects: Effects) -> list[Said]:
    """Every clash in words, the gravest first."""
    return [
        Said(
            one.key,
            one.rule.severity,
            SEVERITIES[one.rule.severity],
            one.rule.title,
            _what(one, effects.names.get(one.agency or 0, "")),
            _days(one),
            percent(one.share) if one.share else "",
            one.rule.todo,
            one.rule.source,
        )
        for one in effects.clashes
    ]


def _days(found: Found) -> str:
    """The days of a clash."""
    if found.first == found.last:
        return short_day(found.first)
    return gettext("%(first)s to %(last)s", first=short_day(found.first), last=short_day(found.last))


def _what(found: Found, agency: str) -> str:
    """What a clash is with."""
    match found.rule.check:
        case clashes.FIELDWORK:
            return gettext("%(agency)s is also visited for %(other)s", agency=agency, other=found.title)
        case clashes.THEME:
            return gettext("%(other)s looks at the same services here", other=found.title)
        case clashes.LOAD:
            return _over(found, agency)
        case clashes.EVIDENCE:
            return gettext(
                "The meeting is on %(meeting)s, and answers are due by %(due)s",
                meeting=short_day(found.first),
                due=short_day(found.last),
            )
        case clashes.INTERVAL:
            return ngettext(
                "It would end on %(last)s, and %(n)s month from the last one ends on %(latest)s",
                "It would end on %(last)s, and %(n)s months from the last one end on %(latest)s",
                found.number,
                last=short_day(found.last),
                n=number(found.number),
                latest=short_day(found.first),
            )
        case _:
            return gettext("%(what)s, for %(agency)s", what=found.title, agency=agency) if agency else found.title


def _over(found: Found, agency: str) -> str:
    """An agency with more than it agreed to."""
    values = {"agency": agency, "n": number(found.number), "most": number(found.limit)}
    if found.other == "questions":
        return gettext("%(agency)s would have %(n)s questions in the quarter. It agreed to %(most)s", **values)
    return gettext("%(agency)s would have %(n)s days of visits in the quarter. It agreed to %(most)s", **values)
