"""A place and what lies over it, as light rings that pages and print can draw; simplified together, so neighbours meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.areas.queries import holds_on
from scrutiny.extensions import db
from scrutiny.geography import map_parts
from scrutiny.geography.map_parts import Rings
from scrutiny.geography.shapes import Shape, Shapes, box_round, from_row, joined

#: Of the longer side of a place: how far round it its neighbours are drawn.
MARGIN = 0.08
MOST_NEIGHBOURS = 60


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a place that one or more areas cover: a key given by the caller, rings in metres, a point for its label."""

    key: str
    rings: Rings
    label_at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """The outline of a place, the parts others cover of it, and what of its neighbours is near; in PLACE_CRS metres."""

    outline: Rings
    parts: tuple[Part, ...]
    beside: tuple[Part, ...] = ()


def place_map(area_ids: Sequence[int], covers: dict[str, list[int]], beside: Sequence[int] = ()) -> PlaceMap:
    """The outline of the areas of a place, and for each key of `covers` what its areas (ids) cover of the place.

    `beside` are areas next to the place: what of them lies in a frame round it is drawn too, by their ids. All is simplified
    as one coverage, so that parts and neighbours still meet.
    """
    wanted = {*area_ids, *beside, *(i for ids in covers.values() for i in ids)}
    shapes = _shapes(sorted(wanted))
    place = joined([shapes[i] for i in area_ids])
    over = [joined([shapes[i] for i in ids]) for ids in covers.values()]
    drawn = map_parts.draw(place, over, [shapes[i] for i in beside], _margin(*box_round([place])))
    parts, others = _parts(list(covers), drawn.pieces), _parts([str(i) for i in beside], drawn.neighbours)
    return PlaceMap(map_parts.whole_metres(drawn.outline), parts, others)


def _parts(keys: Sequence[str], drawn: Shapes) -> tuple[Part, ...]:
    """The parts that have land, with their keys."""
    return tuple(
        Part(key, map_parts.whole_metres(shape), map_parts.label_point(shape))
        for key, shape in zip(keys, drawn, strict=False)
        if map_parts.has_land(shape)
    )


def neighbours_of(areas: Sequence[Area], on: date) -> list[Area]:
    """The areas of the same kind that lie near the areas of a place on a day, by name."""
    if not areas:
        return []
    left, low = min(area.min_x for area in areas), min(area.min_y for area in areas)
    right, high = max(area.max_x for area in areas), max(area.max_y for area in areas)
    margin = _margin(left, low, right, high)
    rows = select(Area).where(
        Area.kind == areas[0].kind,
        Area.code.not_in([area.code for area in areas]),
        holds_on(on),
        Area.min_x <= right + margin,
        Area.max_x >= left - margin,
        Area.min_y <= high + margin,
        Area.max_y >= low - margin,
    )
    return list(db.session.scalars(rows.order_by(Area.name, Area.code).limit(MOST_NEIGHBOURS)))


def _margin(left: float, low: float, right: float, high: float) -> float:
    """How far round a place its neighbours are drawn, in metres."""
    return max(right - left, high - low) * MARGIN


def _shapes(ids: Sequence[int]) -> dict[int, Shape]:
    """The stored shapes of some areas."""
    rows = db.session.execute(select(Area.id, Area.shape).where(Area.id.in_(ids)).order_by(Area.id))
    return {row.id: from_row(row.shape) for row in rows}
