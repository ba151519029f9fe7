"""What share of the areas a body serves lies in a place: by people, along the lineage of codes that ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select

from scrutiny.apportioning.apportion import apportion
from scrutiny.areas.models import Area
from scrutiny.extensions import db

#: What is divided to find a share: fine enough that a billion pounds is out by less than a penny.
UNIT = 10**15


@dataclass(frozen=True, slots=True)
class Share:
    """The share (0..1) of a body's area that lies in the place, and how that was worked out; `base` is '' where it is whole."""

    share: Fraction
    base: str = ""
    base_year: int | None = None
    error_note: str = ""
    lacking: str = ""
    #: why nothing, or not all, could be placed

    @property
    def is_apportioned(self) -> bool:
        """Whether only a part lies in the place."""
        return 0 < self.share < 1


WHOLE, NONE = Share(Fraction(1)), Share(Fraction(0))


def shares_of(groups: Iterable[tuple[str, ...]], areas: Sequence[Area], on: date) -> dict[tuple[str, ...], Share]:
    """The share of each group of codes (the areas a body serves) that lies in the areas of a place on a day."""
    return shares_each(groups, {"": areas}, on)[""]


def shares_each(
    groups: Iterable[tuple[str, ...]], places: Mapping[str, Sequence[Area]], on: date
) -> dict[str, dict[tuple[str, ...], Share]]:
    """The same for each of several places, by its key; the number of statements does not grow with them."""
    wanted = set(groups)
    codes = {code for group in wanted for code in group}
    people = _people({code for group in wanted if len(group) > 1 for code in group})
    found = {}
    for key, of_place in _shares(codes, places, on).items():
        each = of_place | dict.fromkeys((area.code for area in places[key]), WHOLE)
        found[key] = {group: _joined(group, each, people) for group in wanted}
    return found


def _joined(group: tuple[str, ...], each: Mapping[str, Share], people: Mapping[str, int]) -> Share:
    """The share of several areas together, each weighing as many people as it has."""
    if len(group) <= 1:
        return each.get(group[0], NONE) if group else NONE
    weights = [people.get(code, 0) for code in group]
    total = sum(weights)
    parts = [each.get(code, NONE) for code in group]
    if total:
        share = sum((part.share * weight for part, weight in zip(parts, weights, strict=True)), Fraction(0)) / total
    else:
        share = sum((part.share for part in parts), Fraction(0)) / len(parts)
    told = next((part for part in parts if part.base), parts[0])
    return Share(share, told.base, told.base_year, told.error_note, told.lacking)


def _shares(codes: set[str], places: Mapping[str, Sequence[Area]], on: date) -> dict[str, dict[str, Share]]:
    """The share of each code in each place: areas are apportioned kind by kind, to every kind of the places' own areas."""
    found: dict[str, dict[str, Share]] = {key: {} for key in places}
    own = {key: {area.code for area in areas} for key, areas in places.items()}
    codes = {code for code in codes if any(code not in held for held in own.values())}
    to_kinds = sorted({area.kind for areas in places.values() for area in areas})
    for from_kind, of_kind in _by_kind(codes, next(iter(places.values()))[0].kind).items():
        for to_kind in to_kinds:
            divided = apportion(dict.fromkeys(of_kind, UNIT), from_kind, to_kind, on=on)
            into = _into(places, to_kind)
            for flow in divided.flows:
                for key in into.get(flow.to_code, ()):
                    before = found[key].get(flow.from_code, NONE).share
                    share = min(before + Fraction(flow.amount, UNIT), Fraction(1))
                    found[key][flow.from_code] = Share(share, divided.base, divided.base_year, divided.error_note)
            for one in divided.not_placed:
                for of_place in found.values():
                    of_place.setdefault(one.code, Share(Fraction(0), lacking=one.why))
    return found


def _by_kind(codes: Iterable[str], otherwise: str) -> dict[str, list[str]]:
    """The codes by their kind; one whose boundary is not loaded is taken for one of the kind given."""
    kinds, found = _kinds(codes), defaultdict[str, list[str]](list)
    for code in sorted(codes):
        found[kinds.get(code, otherwise)].append(code)
    return found


def _into(places: Mapping[str, Sequence[Area]], kind: str) -> dict[str, list[str]]:
    """The places that each code of a kind is part of."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, areas in places.items():
        for area in areas:
            if area.kind == kind:
                found[area.code].append(key)
    return found


def _kinds(codes: Iterable[str]) -> dict[str, str]:
    """The kind of each code that is known, the newest of it."""
    rows = select(Area.code, Area.kind).where(Area.code.in_(sorted(codes))).order_by(Area.from_on, Area.id)
    return {row.code: row.kind for row in db.session.execute(rows)}


def _people(codes: Iterable[str]) -> dict[str, int]:
    """How many people each code has, by the newest boundary that was counted."""
    rows = select(Area.code, Area.people).where(Area.code.in_(sorted(codes)), Area.people.is_not(None)).order_by(Area.from_on)
    return {row.code: row.people for row in db.session.execute(rows)}
