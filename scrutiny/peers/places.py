"""The places of the same kind that are nearest, and what the count of each of them stands on, read for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scrutiny.agencies.answering import Answering, answering_each
from scrutiny.agencies.models import Footprint
from scrutiny.areas.models import Area, AreaLineage
from scrutiny.areas.queries import holds_on
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerSource
from scrutiny.ledger.selection import Chosen, chosen_phases, sources_counted
from scrutiny.rules.queries import rules
from workflows.peers import DENSITY, PEOPLE, nearest_of
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Places:
    """Places with the bodies that answer in each, by code, those that may have spent there, and the sources of all."""

    areas: Mapping[str, Area]
    here: Mapping[str, Sequence[Answering]]
    candidates: Mapping[str, frozenset[int]]
    chosen: Chosen


def sort_of(area: Area) -> tuple[str, str]:
    """What an area is: the kind of boundary, and the kind of council its code stands for."""
    kind = rules().area_kinds.get(area.kind)
    return area.kind, (kind.agency_kind_of(area.code) or "") if kind else ""


def measured(area: Area) -> dict[str, float]:
    """What is known of the size of an area, by measure."""
    if not area.people or area.square_metres <= 0:
        return {}
    return {PEOPLE: float(area.people), DENSITY: density(area)}


def density(area: Area) -> float:
    """People for each square kilometre; 0 where nobody was counted."""
    return 1_000_000 * (area.people or 0) / area.square_metres if area.square_metres > 0 else 0.0


def nearest_areas(area: Area, on: date) -> list[Area]:
    """The areas of the same kind that are nearest by the measures chosen, the nearest first."""
    rows = select(Area).where(Area.kind == area.kind, Area.id != area.id, holds_on(on)).order_by(Area.code)
    alike = {one.code: one for one in db.session.scalars(rows) if sort_of(one) == sort_of(area)}
    near = nearest_of(measured(area), {code: measured(one) for code, one in alike.items()}, rules().peers)
    return [alike[code] for code in near]


def places_of(areas: Sequence[Area], on: date, by: Actor) -> Places:
    """What the count of each of some areas stands on; the number of statements does not grow with them."""
    each = answering_each([area.id for area in areas], on)
    here = {area.code: each.get(area.id, []) for area in areas}
    codes = _with_former([area.code for area in areas], on)
    by_code = _serving({code for held in codes.values() for code in held})
    candidates = {
        code: frozenset({one.agency_id for one in here[code]} | {agency for one in held for agency in by_code.get(one, ())})
        for code, held in codes.items()
    }
    sources = sources_counted({agency for held in candidates.values() for agency in held}, by)
    return Places({area.code: area for area in areas}, here, candidates, chosen_phases(sources))


def _with_former(codes: Sequence[str], on: date) -> dict[str, set[str]]:
    """Each code with those it was made of by a day, and those they were made of before."""
    before: dict[str, set[str]] = {}
    wanted = set(codes)
    while wanted:
        before |= {code: set() for code in wanted}
        rows = select(AreaLineage.new_code, AreaLineage.old_code, AreaLineage.on).where(AreaLineage.new_code.in_(sorted(wanted)))
        for new, old, day in db.session.execute(rows):
            if day is None or day <= on:
                before[new].add(old)
        wanted = {old for olds in before.values() for old in olds} - set(before)
    return {code: _followed(code, before) for code in codes}


def _followed(code: str, before: Mapping[str, set[str]]) -> set[str]:
    """A code and all that stand before it."""
    found, wanted = {code}, [code]
    while wanted:
        new = before.get(wanted.pop(), set()) - found
        found |= new
        wanted += sorted(new)
    return found


def _serving(codes: set[str]) -> dict[str, set[int]]:
    """The bodies that serve or served each code, or that a source puts there."""
    found: dict[str, set[int]] = defaultdict(set)
    for of in (Footprint, LedgerSource):
        rows = select(of.area_code, of.agency_id).where(of.area_code.in_(sorted(codes))).distinct()
        for code, agency in db.session.execute(rows):
            found[code].add(agency)
    return found
