"""Shapes as rows keep them and as other rooms ask of them, in the instance's own coordinate system (metres)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import shapely

Shape: TypeAlias = shapely.Geometry
#: a numpy array of shapes
Shapes: TypeAlias = Any


def from_rows(stored: Iterable[bytes | None]) -> Shapes:
    """Shapes from the WKB that rows keep; None where there is none."""
    return shapely.from_wkb(array(stored))


def from_row(stored: bytes) -> Shape:
    """One shape from its WKB."""
    return shapely.from_wkb(stored)


def to_rows(shapes: Sequence[Shape | None] | Shapes) -> list[bytes]:
    """The WKB of shapes."""
    return list(shapely.to_wkb(array(shapes)))


def array(values: Iterable[Any]) -> Shapes:
    """Values as an array of objects, whatever their number."""
    listed = list(values)
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made


def joined(shapes: Sequence[Shape] | Shapes) -> Shape:
    """Shapes as one; joining costs, and most places are one area."""
    return shapes[0] if len(shapes) == 1 else shapely.union_all(array(shapes))


def in_both(one: Shape, other: Shape) -> Shape:
    """What lies in both of two shapes, lines and points where they only touch."""
    return shapely.intersection(one, other)


def square_metres(shapes: Shapes) -> Any:
    """The land of each shape, in square metres."""
    return shapely.area(shapes)


def boxes(shapes: Shapes) -> list[list[float]]:
    """The box round each shape: least x, least y, most x, most y."""
    return shapely.bounds(shapes).tolist()


def box_round(shapes: Sequence[Shape] | Shapes) -> tuple[float, float, float, float]:
    """The box round all of some shapes."""
    x0, y0, x1, y1 = shapely.total_bounds(array(shapes)).tolist()
    return x0, y0, x1, y1


def points_inside(shapes: Shapes) -> Any:
    """A point that lies inside each shape, as rows of x and y."""
    return shapely.get_coordinates(shapely.point_on_surface(shapes))


def holds_points(shape: Shape, xs: Sequence[float], ys: Sequence[float]) -> list[bool]:
    """Whether each of some points lies inside a shape."""
    return shapely.contains_xy(shape, np.array(xs), np.array(ys)).tolist()


def metres_away(shapes: Shapes, x: float, y: float) -> list[float]:
    """How far each shape is from a point, in metres; 0 inside it."""
    return shapely.distance(shapes, shapely.points(x, y)).tolist()


def is_coverage(shapes: Shapes) -> bool:
    """Whether shapes meet edge to edge and never overlap."""
    return bool(shapely.coverage_is_valid(shapes))


def as_geojson_texts(shapes: Shapes, moved: Any) -> list[str]:
    """Shapes as GeoJSON text (RFC 7946), each point moved by a function of an array of points; `null` where there is none."""
    turned = shapely.orient_polygons(shapely.transform(shapes, moved))
    return [text or "null" for text in shapely.to_geojson(turned)]


def all_multipolygons(shapes: Shapes) -> Shapes:
    """Every polygon as a multipolygon of one, for formats that want one type a layer."""
    return array(shapely.multipolygons(shapely.get_parts(one)) if one.geom_type == "Polygon" else one for one in shapes)
