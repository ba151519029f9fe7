"""A method as a document: what it says in plain values, and its timetable as a chart and in days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from markupsafe import Markup

from scrutiny.agencies.queries import kind_label
from scrutiny.formats import plain_day
from scrutiny.kernel_words import in_words
from scrutiny.phase_words import stretch
from scrutiny.pictures import Phase, timetable
from scrutiny.rules.queries import calendars_in_force
from workflows.kinds import BODY_KINDS
from workflows.method import JUDGEMENTS, PERSONAL_DATA, SIGN_OFF_RULES, Entitlement, Evidence, FollowUp, Method
from workflows.phases import PhaseDates, timetable_of


@dataclass(frozen=True, slots=True)
class MethodPage:
    """What the page of a method shows."""

    method: Method
    start: date
    phases: tuple[PhaseDates, ...]
    chart: Markup
    leads: list[tuple[str, str]]
    joins: list[tuple[str, str]]
    evidence: list[tuple[str, list[tuple[Evidence, str]]]]
    sign_off: str
    judgement: str
    personal_data: str
    follow_ups: list[str]


def page_of(method: Method, start: date) -> MethodPage:
    """A method with its timetable as it would run from a day."""
    phases = timetable_of(method, start, calendars_in_force())
    bars = [Phase(one.title, one.starts_on, one.ends_on, "two" if one.statutory else "one") for one in phases]
    return MethodPage(
        method=method,
        start=start,
        phases=phases,
        chart=timetable(bars, title=gettext("Timetable of %(title)s from %(day)s", title=method.title, day=plain_day(start))),
        leads=[_entitled(one) for one in method.leads],
        joins=[_entitled(one) for one in method.joins],
        evidence=_by_line(method),
        sign_off=in_words(SIGN_OFF_RULES[method.sign_off.rule]),
        judgement=in_words(JUDGEMENTS[method.judgement.kind]),
        personal_data=in_words(PERSONAL_DATA[method.personal_data]),
        follow_ups=[_follow_up(method, one) for one in method.follow_ups],
    )


def next_working_day(today: date) -> date:
    """The day from which a timetable is shown where none is asked for: today, or the working day after a weekend or holiday."""
    return calendars_in_force().of("england").on_or_after(today)


def _entitled(one: Entitlement) -> tuple[str, str]:
    """A kind of body, and the law that lets it lead or join."""
    return BODY_KINDS[one.kind], one.law


def _follow_up(method: Method, one: FollowUp) -> str:
    """What is looked at again, when, and after which judgement."""
    after = stretch(one.after, one.unit)
    if not one.outcome:
        return gettext("%(title)s: after %(after)s", title=one.title, after=after)
    return gettext(
        "%(title)s: after %(after)s, where the %(judgement)s is “%(outcome)s”",
        title=one.title,
        after=after,
        judgement=in_words(method.judgement.word).lower(),
        outcome=method.judgement.labels.get(one.outcome, one.outcome),
    )


def _by_line(method: Method) -> list[tuple[str, list[tuple[Evidence, str]]]]:
    """The standard evidence under each line of enquiry, with the kinds of agency asked."""
    titles = {line.key: line.title for line in method.lines}
    found: dict[str, list[tuple[Evidence, str]]] = {}
    for item in method.evidence:
        asked = ", ".join(kind_label(kind) for kind in item.agencies)
        found.setdefault(titles.get(item.line, item.line), []).append((item, asked))
    return list(found.items())
