"""How far points are from the borders of a layer, measured only where a border runs close by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from scrutiny.geography.shapes import from_rows

#: points of a border in one piece, so that only what runs close by is measured
PIECE = 64


def points_at(xs: Sequence[float | None], ys: Sequence[float | None]) -> Any:
    """An array of points."""
    return shapely.points(list(xs), list(ys))


def box_round_points(points: Any) -> tuple[float, float, float, float]:
    """The box round some points."""
    x0, y0, x1, y1 = shapely.total_bounds(points).tolist()
    return x0, y0, x1, y1


def within_boxes(points: Any, boxes: Any) -> list[int]:
    """The positions of the points that lie in any of some boxes (rows of least x, least y, most x, most y)."""
    tree = shapely.STRtree(shapely.box(*boxes.T))
    return np.unique(tree.query(points, predicate="intersects")[0]).tolist()


def near_borders(points: Any, shapes: Sequence[bytes], reach: float) -> list[tuple[int, int, float]]:
    """(point, shape, metres) by position, for each border of a shape (WKB) within reach of a point; a pair may come twice."""
    pieces, owners = _pieces(shapes)
    at, piece = shapely.STRtree(pieces).query(points, predicate="dwithin", distance=reach)
    metres = shapely.distance(points[at], pieces[piece])
    return list(zip(at.tolist(), owners[piece].tolist(), metres.tolist(), strict=True))


def _pieces(shapes: Sequence[bytes]) -> tuple[Any, Any]:
    """The borders of shapes in short pieces, and for each the position of its shape."""
    rings, owners = shapely.get_parts(shapely.boundary(from_rows(shapes)), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(points):
        return np.array([], dtype=object), np.array([], dtype=int)
    starts = np.searchsorted(ring, np.arange(len(rings)))
    within = np.arange(len(points)) - starts[ring]
    number = ring * (within.max() // PIECE + 1) + within // PIECE
    last = np.flatnonzero((np.diff(number) > 0) & (np.diff(ring) == 0))
    # each piece ends where the next of its ring begins: that point stands in both
    points = np.insert(points, last + 1, points[last + 1], axis=0)
    number = np.insert(number, last + 1, number[last])
    keys, count = np.unique(number, return_counts=True)
    whole = np.repeat(count > 1, count)  # a last point by itself ends the piece before
    _, renumbered = np.unique(number[whole], return_inverse=True)
    kept = keys[count > 1] // (within.max() // PIECE + 1)
    return shapely.linestrings(points[whole], indices=renumbered), owners[kept]
