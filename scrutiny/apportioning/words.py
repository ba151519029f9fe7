"""What is said of figures that were apportioned: how it was done, on what count, how sure it is, and why a part is not
placed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from scrutiny.areas.queries import kind_label
from scrutiny.areas.succession import BECAME, Resolved
from scrutiny.formats import number, percent, short_day

PEOPLE, LAND, WEIGHTS = "people", "land", "weights"
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def why_not_found(one: Resolved, part: str | None, kind: str, on: date) -> str:
    """Why a code, or a part of what it became, has no boundary to apportion by."""
    if part is None and one.standing == BECAME:
        return gettext("%(note)s; how much of it each has is not known", note=one.note)
    if part is None:
        return one.note or gettext("nothing loaded here knows it")
    said = gettext(
        "no %(kind)s of the code %(part)s is loaded that holds on %(on)s", kind=_called(kind), part=part, on=short_day(on)
    )
    return f"{one.note}; {said}" if one.standing == BECAME else said


def why_weightless(how: str) -> str:
    """Why nothing can be apportioned from an area that weighs nothing."""
    return {
        PEOPLE: gettext("nobody has been counted in it"),
        LAND: gettext("it has no land"),
        WEIGHTS: gettext("none of the weights given is of a small area in it"),
    }[how]


def method_words(how: str, from_kind: str, to_kind: str, on: date) -> str:
    """How it was done, in a sentence."""
    words = {
        PEOPLE: gettext("the people who live in both, each small area counted whole where its own point lies (best fit)"),
        LAND: gettext("the land that lies in both"),
        WEIGHTS: gettext("the weights given for small areas, each counted whole where its own point lies (best fit)"),
    }
    if from_kind == to_kind:
        return gettext(
            "Codes of %(from_kind)s brought forward to %(on)s by their lineage", from_kind=_called(from_kind), on=short_day(on)
        )
    return gettext(
        "From %(from_kind)s to %(to_kind)s as at %(on)s, in proportion to %(words)s",
        from_kind=_called(from_kind),
        to_kind=_called(to_kind),
        on=short_day(on),
        words=words[how],
    )


def base_words(sources: Iterable[Any], how: str, on: date, weights: int) -> tuple[str, int | None]:
    """What was counted or measured, and its year."""
    if how == LAND:
        return gettext("boundaries as at %(on)s", on=short_day(on)), on.year
    if how == WEIGHTS:
        return ngettext(
            "weights given for %(n)s small area", "weights given for %(n)s small areas", weights, n=number(weights)
        ), None
    said = sorted({row.people_from for row in sources if row.people_from})
    years = {int(found) for one in said for found in YEAR.findall(one)[:1]}
    return "; ".join(said) or gettext("nobody has been counted"), next(iter(years)) if len(years) == 1 else None


def error_words(flows: Iterable[tuple[str, int]], in_part: Set[str], how: str) -> str:
    """How much of the total (source, amount) is an estimate, because its area is cut, and what the estimate assumes.

    `in_part` are the sources of which something could not be placed: what was placed of them is an estimate too.
    """
    by_source: dict[str, list[int]] = defaultdict(list)
    for source, amount in flows:
        by_source[source].append(abs(amount))
    cut = [amounts for source, amounts in by_source.items() if len(amounts) > 1 or source in in_part]
    total = sum(sum(amounts) for amounts in by_source.values())
    spread = {PEOPLE: gettext("people live in it"), LAND: gettext("its land does"), WEIGHTS: gettext("the weights do")}[how]
    if not by_source:
        return gettext("Nothing was placed, so nothing had to be estimated")
    if not cut:
        return gettext("Every area lies whole in one other, so nothing had to be estimated")
    share = percent(sum(map(sum, cut)) / total, 1) if total else "none"
    partly = gettext(" or lie in part in none") if in_part & by_source.keys() else ""
    return ngettext(
        "%(n)s of %(n2)s area is cut between two or more%(partly)s, and holds %(share)s of what was placed. How that "
        "is divided is an estimate: it assumes that the figure spreads over each area as %(spread)s",
        "%(n)s of %(n2)s areas are cut between two or more%(partly)s, and hold %(share)s of what was placed. How "
        "that is divided is an estimate: it assumes that the figure spreads over each area as %(spread)s",
        len(by_source),
        n=f"{len(cut):,}",
        n2=number(len(by_source)),
        partly=partly,
        share=share,
        spread=spread,
    )


def notes_of(known: Mapping[str, Resolved]) -> tuple[str, ...]:
    """What must be said of codes that ended and were followed."""
    said = [one.note for one in known.values() if one.standing == BECAME and one.became]
    more = [gettext("and %(n)s more codes were followed to what they became", n=len(said) - 20)] if len(said) > 20 else []
    return (*said[:20], *more)


def not_placed_words(kind: str) -> str:
    """Why a part that lies in no area of the other kind is not placed."""
    return gettext("it lies in no %(kind)s", kind=_called(kind))


def none_loaded_words(kind: str, on: date) -> str:
    """That there is nothing to apportion to, and what to do."""
    return gettext(
        "No %(kind)s is loaded that holds on %(on)s: load the layer, or choose another day", kind=_called(kind), on=short_day(on)
    )


def _called(kind: str) -> str:
    """What a kind of area is called within a sentence."""
    label = kind_label(kind)
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
