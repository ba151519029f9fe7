"""What two layers share: pairs of areas with the land in both, where points lie, and a layer's own faults as a coverage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from scrutiny.geography.cutting import land_in_both

# Below this many square metres a shared strip is the noise of rounded coordinates, not land.
NOISE = 1.0
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Shared:
    """Pairs of areas that share land: positions in the first and second layer, and the land in both in square
    metres."""

    first: Any
    second: Any
    square_metres: Any


def shared_land(first: Any, second: Any, *, progress: Progress | None = None) -> Shared:
    """Every pair of valid shapes of two layers (Shapely arrays, one CRS in metres) that share more than a strip of
    noise."""
    if _corners_each(first) > _corners_each(second):
        j, i, land = land_in_both(second, first, progress)
    else:
        i, j, land = land_in_both(first, second, progress)
    kept = land > NOISE
    i, j, land = i[kept], j[kept], land[kept]
    order = np.lexsort((j, i))
    return Shared(i[order], j[order], land[order])


def _corners_each(shapes: Any) -> float:
    """How many corners a shape of the layer has, on average."""
    return float(shapely.get_num_coordinates(shapes).sum()) / max(len(shapes), 1)


def points_in(points_x: Any, points_y: Any, shapes: Any) -> tuple[Any, Any]:
    """For points in the CRS of the shapes: pairs (position of point, position of shape that covers it), ordered by
    point."""
    tree = shapely.STRtree(shapes)
    boxes = shapely.points(points_x, points_y)
    point, shape = tree.query(boxes)
    own = shapely.from_wkb(shapely.to_wkb(shapes))
    order = np.lexsort((point, shape))
    point, shape = point[order], shape[order]
    shapely.prepare(own)
    held = shapely.intersects_xy(own[shape], points_x[point], points_y[point])
    point, shape = point[held], shape[held]
    order = np.lexsort((shape, point))
    return point[order], shape[order]


def overlapping_neighbours(shapes: Any) -> Shared:
    """Pairs of areas within one layer that overlap, first before second, with the land counted twice; empty for a
    coverage."""
    none = Shared(np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0))
    if shapely.coverage_is_valid(shapes):
        return none
    suspect = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    if not len(suspect):
        return none
    # Of two that overlap only one may be marked, so the marked are held against all.
    found = shared_land(shapes[suspect], shapes)
    one, other = suspect[found.first], found.second
    low, high = np.minimum(one, other), np.maximum(one, other)
    _, where = np.unique(low * len(shapes) + high, return_index=True)
    where = where[low[where] != high[where]]
    return Shared(low[where], high[where], found.square_metres[where])
