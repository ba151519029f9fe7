"""Mending polygons by the even-odd rule: land is what an odd number of rings goes round, so a ring within a ring is a
hole."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import shapely

REASONS = {
    "Nested shells": "a ring inside another was written as land; it was read as a hole",
    "Duplicate Rings": "a ring was written twice; what both go round was left out",
    "Hole lies outside shell": "a hole lay outside its outline; it was read as land of its own",
    "Holes are nested": "a hole lay inside a hole; it was read as land",
    "Interior is disconnected": "a hole cut the area in two; both parts were kept",
}
CROSSING = "its outline crosses itself; it was read by the even-odd rule"


def mend(shape: Any) -> Any:
    """The polygon or multipolygon an invalid one means by the even-odd rule; None where no land is left."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    points, owner = _points(rings)
    lines = shapely.union_all(shapely.linestrings(points, indices=owner))  # cut wherever they cross
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    if not len(faces):
        return None
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    odd = faces[_is_odd(inside, rings)]
    if not len(odd):
        return None
    whole = shapely.union_all(odd)
    return whole if whole.geom_type in ("Polygon", "MultiPolygon") and whole.is_valid and whole.area > 0 else None


def reason(as_written: Any, moved: Any, mended: Any) -> str:
    """What was wrong with a polygon and where, in the file's own coordinates, and how much land mending it changed."""
    said = shapely.is_valid_reason(as_written)
    if said == "Valid Geometry":
        said = shapely.is_valid_reason(moved)
    kind, _, at = said.partition("[")
    place = " ".join(f"{float(number):.4f}" for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", at)[:2])
    change = mended.area - shapely.area(moved)
    words = REASONS.get(
        kind.strip(), CROSSING if "ntersection" in kind else f"{kind.strip().lower()}; it was read by the even-odd rule"
    )
    size = f"; {change / 1e6:+.3f} km²" if abs(change) >= 1000 else f"; {change:+.0f} m²" if abs(change) >= 1 else ""
    return f"{words} (near {place.replace(' ', ', ')}{size})"


def _points(rings: Any) -> tuple[Any, Any]:
    """The coordinates of rings as lines, with repeated points taken out, and which line each belongs to."""
    points, owner = shapely.get_coordinates(shapely.remove_repeated_points(rings), return_index=True)
    return points, owner


def _is_odd(points: Any, rings: Any) -> Any:
    """For each point: whether a ray from it to the east crosses the rings an odd number of times."""
    ends, owner = _points(rings)
    same = owner[1:] == owner[:-1]
    x1, y1 = ends[:-1][same].T
    x2, y2 = ends[1:][same].T
    odd = np.zeros(len(points), dtype=bool)
    for number, (x, y) in enumerate(points):
        crosses = (y1 > y) != (y2 > y)
        at = x1[crosses] + (y - y1[crosses]) * (x2[crosses] - x1[crosses]) / (y2[crosses] - y1[crosses])
        odd[number] = np.count_nonzero(at > x) % 2
    return odd
