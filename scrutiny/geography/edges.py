"""The edges of a layer as one table of numbers; pure.

An edge is kept from west to east, one that runs due north from south to north. Its sign is 1 where the land of its shape lies
south of it (east, of one that runs due north), -1 where it lies north (west). So the signs of the edges passed on the way north
from a point add up to 1 where the point is inside the shape, and to 0 where it is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

#: the rows of the table
X1, Y1, X2, Y2, SLOPE, SIGN = range(6)
#: edges in a run: few enough to lie close together, many enough that there are few boxes
RUN = 8


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a layer, those of shape n in the columns `start[n]` to `start[n + 1]` of `table` (its rows as above,
    metres), as their rings run; `owner` is the shape of each."""

    table: Any
    owner: Any
    start: Any


@dataclass(frozen=True, slots=True)
class Lines:
    """The edges of a layer, each only once where two neighbours share it: `owner` and `sign` are of the one, `other` and
    `other_sign` of the neighbour (-1 and 0 where there is none)."""

    table: Any
    owner: Any
    sign: Any
    other: Any
    other_sign: Any
    start: Any


@dataclass(frozen=True, slots=True)
class Runs:
    """Short runs of lines that follow one another, with a tree of their boxes: lines `first` up to but not `last`."""

    first: Any
    last: Any
    tree: Any


def edges_of(shapes: Any) -> Edges:
    """The edges of valid polygons and multipolygons, whichever way round their rings were written."""
    parts, shape_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    outer = np.concatenate([[True], part_of_ring[1:] != part_of_ring[:-1]])[: len(rings)]
    turned = np.where(shapely.is_ccw(rings) == outer, 1.0, -1.0)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = np.ascontiguousarray(points.T)
    kept = np.flatnonzero((ring[1:] == ring[:-1]) & ((x[1:] != x[:-1]) | (y[1:] != y[:-1])))
    westward = (x[kept] > x[kept + 1]) | ((x[kept] == x[kept + 1]) & (y[kept] > y[kept + 1]))
    west, east, ring = kept + westward, kept + ~westward, ring[kept]
    table = np.empty((6, len(kept)))
    table[X1], table[Y1], table[X2], table[Y2] = x[west], y[west], x[east], y[east]
    across = table[X2] - table[X1]
    table[SLOPE] = np.divide(table[Y2] - table[Y1], across, out=np.zeros(len(kept)), where=across > 0)
    table[SIGN] = np.where(westward, 1.0, -1.0) * turned[ring]
    owner = shape_of_part[part_of_ring[ring]]
    return Edges(table, owner, np.searchsorted(owner, np.arange(len(shapes) + 1)))


def lines_of(shapes: Any) -> Lines:
    """The edges of valid polygons and multipolygons, with the neighbour that has the very same edge."""
    edges = edges_of(shapes)
    x1, y1, x2, y2 = edges.table[:SLOPE]
    order = np.argsort(x1 + 0.7310585 * y1 + 0.3819660 * x2 + 0.1715729 * y2)  # the same edges fall beside one another
    one, next_one = order[:-1], order[1:]
    same = (x1[one] == x1[next_one]) & (y1[one] == y1[next_one]) & (x2[one] == x2[next_one]) & (y2[one] == y2[next_one])
    same &= edges.owner[one] != edges.owner[next_one]
    same[1:] &= ~same[:-1]  # an edge written a third time stands for itself
    one, twin = np.minimum(one[same], next_one[same]), np.maximum(one[same], next_one[same])
    other, other_sign = np.full(len(edges.owner), -1), np.zeros(len(edges.owner))
    other[one], other_sign[one] = edges.owner[twin], edges.table[SIGN, twin]
    kept = np.ones(len(edges.owner), dtype=bool)
    kept[twin] = False
    table, owner = np.compress(kept, edges.table, axis=1), edges.owner[kept]
    start = np.searchsorted(owner, np.arange(len(shapes) + 1))
    return Lines(table, owner, table[SIGN], other[kept], other_sign[kept], start)


def runs_of(lines: Lines) -> Runs:
    """The lines in runs, each of one shape."""
    counts = -(-np.diff(lines.start) // RUN)
    owner = np.repeat(np.arange(len(counts)), counts)
    first = lines.start[owner] + RUN * spread(np.zeros(len(counts), dtype=int), counts)
    last = np.minimum(first + RUN, lines.start[owner + 1])
    x1, y1, x2, y2 = lines.table[:SLOPE]
    boxes = shapely.box(
        np.minimum.reduceat(x1, first),
        np.minimum.reduceat(np.minimum(y1, y2), first),
        np.maximum.reduceat(x2, first),
        np.maximum.reduceat(np.maximum(y1, y2), first),
    )
    return Runs(first, last, shapely.STRtree(boxes))


def heights(table: Any, x: Any) -> Any:
    """How far north each edge of a table lies at an `x` between its ends, in metres."""
    return table[Y1] + table[SLOPE] * (x - table[X1])


def spread(start: Any, count: Any) -> Any:
    """Runs of whole numbers one after another: `count` of them from each `start`."""
    ends = np.cumsum(count)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(start - (ends - count), count)
