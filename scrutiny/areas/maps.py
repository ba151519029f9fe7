"""A place and what lies over it, as light rings that pages and print can draw; simplified together, so neighbours meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy import select

from scrutiny.areas import outlines
from scrutiny.areas.models import Area
from scrutiny.extensions import db

Rings = list[list[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a place that one or more areas cover: a key given by the caller, rings in metres, a point for its label."""

    key: str
    rings: Rings
    label_at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """The outline of a place and the parts others cover of it, in PLACE_CRS metres."""

    outline: Rings
    parts: tuple[Part, ...]


def place_map(area_ids: Sequence[int], covers: dict[str, list[int]]) -> PlaceMap:
    """The outline of the areas of a place, and for each key of `covers` what its areas (ids) cover of the place."""
    wanted = {*area_ids, *(i for ids in covers.values() for i in ids)}
    shapes = _shapes(sorted(wanted))
    place = shapely.union_all([shapes[i] for i in area_ids])
    keys = list(covers)
    over = [shapely.union_all([shapes[i] for i in covers[key]]) for key in keys]
    pieces = outlines.pieces(place, np.array(over, dtype=object)) if keys else np.array([], dtype=object)
    drawn = outlines.light(_covering(place, pieces), frame=np.array([place], dtype=object))
    parts = tuple(
        Part(key, _whole(outlines.rings(shape)), _label_point(shape))
        for key, shape in zip(keys, drawn[: len(keys)], strict=True)
        if not shapely.is_empty(shape)
    )
    outline = shapely.union_all(drawn) if len(drawn) else place
    return PlaceMap(_whole(outlines.rings(outline)), parts)


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
