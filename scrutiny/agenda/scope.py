"""What an agenda is of: a place (by overlap, never by equal codes alone), a body, an agency, or everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from scrutiny.agencies.models import Agency, Footprint
from scrutiny.areas.models import Area, AreaOverlap, PlaceArea
from scrutiny.areas.queries import SLIVER
from scrutiny.areas.succession import ancestors
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.public_calendar import ground
from scrutiny.rules.queries import rules


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose agenda it is. `places` are those that share land with it, each with the share of it that they cover (None where
    they are of areas it was made of); None where any place counts."""

    name: str
    places: dict[int, float | None] | None = None
    codes: frozenset[str] = frozenset()
    area_ids: tuple[int, ...] = ()
    land: float = 0.0
    body: Body | None = None
    agency: Agency | None = None
    nations: frozenset[str] = field(default_factory=frozenset)


def of_place(name: str, areas: Sequence[Area], on: date) -> Scope:
    """The agenda of a place on a day: whatever shares land with it, or with the areas it was made of; a few statements."""
    ids, codes = tuple(area.id for area in areas), frozenset(area.code for area in areas)
    land = sum(area.square_metres for area in areas)
    places: dict[int, float | None] = dict.fromkeys(_formerly(sorted(codes), on))
    places |= shares_of_places(ids, codes, land)
    kinds = rules().area_kinds
    nations = frozenset(
        nation for area in areas if area.kind in kinds and (nation := kinds[area.kind].nation_of(area.code)) is not None
    )
    return Scope(name, places, codes, ids, land, nations=nations)


def shares_of_places(ids: Sequence[int], codes: frozenset[str], land: float) -> dict[int, float]:
    """The places that share land with some areas, each with the share of that land it covers; two statements."""
    same = (
        select(PlaceArea.place_id, func.sum(Area.square_metres))
        .join(Area, Area.id == PlaceArea.area_id)
        .where(Area.code.in_(codes))
        .group_by(PlaceArea.place_id)
    )
    over = (
        select(PlaceArea.place_id, func.sum(AreaOverlap.square_metres))
        .join(AreaOverlap, AreaOverlap.other_id == PlaceArea.area_id)
        .where(AreaOverlap.area_id.in_(ids), _no_sliver())
        .group_by(PlaceArea.place_id)
    )
    found: dict[int, float] = {}
    for rows in (same, over):
        for place_id, metres in db.session.execute(rows):
            found[place_id] = max(found.get(place_id, 0.0), min(metres / land, 1.0) if land else 0.0)
    return found


def shares_of_codes(scope: Scope, wanted: set[str]) -> dict[str, float]:
    """Of these codes, those whose areas share land with the place of a scope, each with the share of it; one statement."""
    return ground.shares_of_codes(ground.Ground(scope.area_ids, scope.codes, scope.land), wanted)


def of_body(body: Body) -> Scope:
    """The agenda of a body: the reviews it takes part in."""
    return Scope(body.name, body=body, nations=frozenset({body.nation}))


def of_agency(agency: Agency, on: date) -> Scope:
    """The agenda of an agency: what it is asked, and the days of the areas it serves; one statement."""
    rows = (
        select(Area)
        .join(Footprint, (Footprint.area_kind == Area.kind) & (Footprint.area_code == Area.code))
        .where(Footprint.agency_id == agency.id, Area.from_on <= on, or_(Area.to_on.is_(None), Area.to_on >= on))
    )
    areas = list(db.session.scalars(rows))
    return Scope(
        agency.name,
        None,
        frozenset(area.code for area in areas),
        tuple(area.id for area in areas),
        sum(area.square_metres for area in areas),
        agency=agency,
        nations=frozenset({agency.nation}),
    )


def _no_sliver() -> ColumnElement[bool]:
    """What two areas share is more than borders drawn twice."""
    return or_(AreaOverlap.share_of_area >= SLIVER, AreaOverlap.share_of_other_area >= SLIVER)


def _formerly(codes: Sequence[str], on: date) -> list[int]:
    """The places of areas that this one was made of."""
    before = {link.old_code for link in ancestors(codes, on)}
    if not before:
        return []
    rows = select(PlaceArea.place_id).join(Area, Area.id == PlaceArea.area_id).where(Area.code.in_(before)).distinct()
    return list(db.session.scalars(rows.order_by(PlaceArea.place_id)))
