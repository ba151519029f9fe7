"""Shapes made light enough to draw: simplified as one coverage, so that neighbours still meet, and given as plain
rings."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

# At this many steps across the picture no eye sees the difference; it keeps any map under 300KB.
STEPS = 700
MOST_POINTS = 14_000
#: A share of the land that lies twice: less is the noise of borders drawn twice.
LAID_OVER = 0.001


def light(shapes: Any, *, frame: Any = None, steps: int = STEPS) -> Any:
    """The shapes (Shapely array, metres) simplified together for a picture `steps` wide; specks of land are left
    out."""
    if not len(shapes):
        return shapes
    left, low, right, high = shapely.total_bounds(shapes if frame is None else frame)
    step = max(right - left, high - low, 1.0) / steps
    drawn = shapely.coverage_simplify(shapes, step)
    while shapely.get_num_coordinates(drawn).sum() > MOST_POINTS and step < (right - left + high - low):
        step *= 1.6
        drawn = shapely.coverage_simplify(shapes, step)
    return np.array([_without_specks(shape, step) for shape in drawn], dtype=object)


def rings(shape: Any) -> list[list[tuple[float, float]]]:
    """Every ring of a polygon or multipolygon as plain points; drawn even-odd, holes come out as holes."""
    found = shapely.get_rings(shapely.get_parts(shape))
    return [[(float(x), float(y)) for x, y in shapely.get_coordinates(ring)] for ring in found]


def pieces(place: Any, others: Any) -> Any:
    """What each of the other shapes covers of a place, as polygons; empty where they only touch."""
    cut = shapely.intersection(others, place)
    return np.array([land(shape) for shape in np.atleast_1d(cut)], dtype=object)


def meeting(shapes: Any) -> Any:
    """The shapes with each corner of one made a corner of those it touches, so that they are one coverage; holes stay.

    Where some lie upon one another (two agencies of a kind that both serve a part) they are left as they are.
    """
    if shapely.area(shapes).sum() > shapely.area(shapely.union_all(shapes)) * (1 + LAID_OVER):
        return shapes
    return np.array([land(shape) for shape in shapely.coverage_clean(shapes)], dtype=object)


def sound(clipped: Any, shape: Any, frame: tuple[float, float, float, float]) -> Any:
    """A shape clipped to a frame the quick way, or cut exactly where that left it invalid."""
    return clipped if shapely.is_valid(clipped) else shapely.intersection(shape, shapely.box(*frame))


def land(shape: Any) -> Any:
    """The land of a shape, without the points and lines that touching leaves."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.multipolygons(parts) if parts else shapely.MultiPolygon()


def _without_specks(shape: Any, step: float) -> Any:
    """The shape without islands too small to be seen, but never without all of them."""
    parts = shapely.get_parts(shape)
    seen = parts[shapely.area(parts) > step * step]
    if not len(seen) and len(parts):
        seen = parts[[int(np.argmax(shapely.area(parts)))]]
    return shapely.multipolygons(seen) if len(seen) else shape
