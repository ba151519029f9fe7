"""A place and what lies over it, as light rings that pages and print can draw; simplified together, so neighbours meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.areas.queries import holds_on
from scrutiny.extensions import db
from scrutiny.geography import outlines

Rings = list[list[tuple[float, float]]]
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
    place = _joined([shapes[i] for i in area_ids])
    keys = list(covers)
    over = [_joined([shapes[i] for i in covers[key]]) for key in keys]
    pieces = outlines.pieces(place, np.array(over, dtype=object)) if keys else np.array([], dtype=object)
    covering = _covering(place, pieces)
    near = _near(place, [shapes[i] for i in beside])
    if len(near):
        covering = outlines.meeting(np.array([*covering, *near], dtype=object))
    drawn = outlines.light(covering, frame=np.array([place], dtype=object))
    inner, outer = drawn[: len(keys) + 1], drawn[len(keys) + 1 :]
    outline = shapely.union_all(inner) if len(inner) else place
    return PlaceMap(_whole(outlines.rings(outline)), _parts(keys, inner), _parts([str(i) for i in beside], outer))


def _joined(shapes: Sequence[shapely.Geometry]) -> shapely.Geometry:
    """Shapes as one; joining costs, and most places are one area."""
    return shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)


def _parts(keys: Sequence[str], drawn: np.ndarray) -> tuple[Part, ...]:
    """The parts that have land, with their keys."""
    return tuple(
        Part(key, _whole(outlines.rings(shape)), _label_point(shape))
        for key, shape in zip(keys, drawn, strict=False)
        if not shapely.is_empty(shape)
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


def _near(place: shapely.Geometry, others: Sequence[shapely.Geometry]) -> np.ndarray:
    """What of the neighbours lies in a frame round the place, which is drawn over them."""
    if not others:
        return np.array([], dtype=object)
    margin = _margin(*shapely.bounds(place))
    left, low, right, high = shapely.bounds(place)
    frame = (left - margin, low - margin, right + margin, high + margin)
    cut = [outlines.sound(shapely.clip_by_rect(shape, *frame), shape, frame) for shape in others]
    return np.array([outlines.land(shape) for shape in cut], dtype=object)


def _covering(place: shapely.Geometry, pieces: np.ndarray) -> np.ndarray:
    """The pieces, and last what they leave of the place, so that its outline survives the simplifying."""
    rest = shapely.difference(place, shapely.union_all(pieces)) if len(pieces) else place
    polygons = [part for part in shapely.get_parts(rest) if part.geom_type == "Polygon"]
    return np.array([*pieces, shapely.multipolygons(polygons)], dtype=object)


def _shapes(ids: Sequence[int]) -> dict[int, shapely.Geometry]:
    """The stored shapes of some areas."""
    rows = db.session.execute(select(Area.id, Area.shape).where(Area.id.in_(ids)).order_by(Area.id))
    return {row.id: shapely.from_wkb(row.shape) for row in rows}


def _whole(rings: Rings) -> Rings:
    """Rings to the metre: finer is not seen, and whole numbers are the same on every machine."""
    return [[(round(x), round(y)) for x, y in ring] for ring in rings]


def _label_point(shape: shapely.Geometry) -> tuple[float, float] | None:
    """A point inside the largest polygon."""
    parts = shapely.get_parts(shape)
    if not len(parts):
        return None
    point = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    return round(point.x), round(point.y)
