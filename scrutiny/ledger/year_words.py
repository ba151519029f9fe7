"""What the count says of its years: how much more or less was spent, and why two years are not compared."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext, ngettext

from scrutiny.formats import listed, mid_sentence, number
from scrutiny.ledger.alike import COVERAGE, FILES, NOT_AFTER, NOT_BEFORE, PHASE, STREAM, Unlike
from scrutiny.ledger.counting import year_title
from scrutiny.ledger.keys import PHASES
from scrutiny.ledger.words import change_words
from scrutiny.ledger.years import OverYears, Step, real_change


def unlike_words(one: Unlike, step: Step, over: OverYears) -> str:
    """What stands against comparing a body in two years, in a sentence."""
    body = over.names.get(one.body, "")
    before, after = year_title(step.before.year), year_title(step.after.year)
    if one.why in (NOT_BEFORE, NOT_AFTER):
        year = before if one.why == NOT_BEFORE else after
        return gettext("%(body)s is not counted for %(year)s.", body=body, year=year)
    then, now = step.before.held.bodies[one.body], step.after.held.bodies[one.body]
    if one.why == PHASE:
        return gettext(
            "%(body)s: we have %(then)s for %(before)s and %(now)s for %(after)s.",
            body=body,
            then=_phases(then.phases),
            now=_phases(now.phases),
            before=before,
            after=after,
        )
    if one.why == COVERAGE:
        return gettext(
            "%(body)s: the figures for %(before)s and %(after)s do not cover the same part of its spending.",
            body=body,
            before=before,
            after=after,
        )
    if one.why == STREAM:
        return gettext(
            "%(body)s: the sources for %(before)s and %(after)s do not both cover revenue and capital.",
            body=body,
            before=before,
            after=after,
        )
    if one.why == FILES:
        return gettext(
            "%(body)s: %(then)s files of payments are loaded for %(before)s and %(now)s for %(after)s, so some months may be "
            "missing.",
            body=body,
            then=number(then.files),
            now=number(now.files),
            before=before,
            after=after,
        )
    missing = after if (one.other or 0) in step.before.held.known else before
    return gettext(
        "%(body)s pays grants to %(other)s, which is not counted for %(year)s.",
        body=body,
        other=over.names.get(one.other or 0, ""),
        year=missing,
    )


def _phases(keys: Iterable[str]) -> str:
    return listed([mid_sentence(str(PHASES[key])) for key in sorted(keys)])


def step_words(step: Step) -> str:
    """How much more or less was spent than in the year before, after inflation; or that the two are not compared."""
    return whole_words(step) if step.is_next else gettext("Not compared")


def whole_words(step: Step) -> str:
    """The same of any two years, such as the first and the last."""
    if not step.is_alike:
        return gettext("Not compared")
    share = real_change(step.before.net, step.after.net, step)
    return gettext("No price level") if share is None else change_words(share)


def between_words() -> str:
    """Why a year is not compared with the last one counted before it."""
    return gettext("Nothing is counted for the years between.")


def same_words(step: Step) -> str:
    """The change of the bodies that may be compared, where not all may be; '' where all may, or none."""
    same = step.of_the_same()
    if step.is_alike or same is None:
        return ""
    then, now, bodies = same
    share = real_change(then, now, step)
    if share is None:
        return ""
    return ngettext(
        "The %(num)d body counted alike in %(before)s and %(after)s spent %(change)s after inflation.",
        "The %(num)d bodies counted alike in %(before)s and %(after)s spent %(change)s after inflation.",
        bodies,
        before=year_title(step.before.year),
        after=year_title(step.after.year),
        change=change_words(share),
    )


def body_change_words(body: int, step: Step) -> str:
    """How one body's spending changed between two years after inflation; or that it is not compared."""
    if step.against(body):
        return gettext("Not compared")
    share = real_change(step.before.by_body.get(body), step.after.by_body.get(body), step)
    return gettext("No price level") if share is None else change_words(share)


def service_change_words(service: str, step: Step) -> str:
    """How spending on a service changed, where every body is counted alike in both years."""
    if not step.is_alike:
        return gettext("Not compared")
    share = real_change(step.before.by_service.get(service), step.after.by_service.get(service), step)
    return gettext("Nothing to compare with") if share is None else change_words(share)


def counted_words(over: OverYears) -> str:
    """Which years are counted, and how many of their neighbours may be compared."""
    steps = over.steps()
    told = ngettext(
        "%(num)d year is counted: %(years)s.",
        "%(num)d years are counted: %(years)s.",
        len(over.years),
        years=listed([year_title(one.year) for one in over.years]),
    )
    against = [one for one in steps if not one.is_compared]
    if not steps:
        return told
    if not against:
        return f"{told} {gettext('The same bodies are counted in the same way in each, so they may be compared.')}"
    said = ngettext(
        "%(years)s cannot be compared with the year counted before it.",
        "%(years)s cannot be compared with the years counted before them.",
        len(against),
        years=listed([year_title(one.after.year) for one in against]),
    )
    return f"{told} {said}"
