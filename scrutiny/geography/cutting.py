"""The land that shapes of two layers share, worked out from their edges without drawing the shapes that they share; pure.

Inside a shape the signs of the edges north of a point add up to 1, outside to 0 (`edges`). So the land in both of two shapes
is the sum, over every edge of the one and every edge of the other, of sign times sign times the land below both: a closed
formula for two straight edges over the same stretch from west to east. Nothing in it can fail on edges that lie upon each
other or nearly so, which is how two layers made from the same lines meet, and where drawing the shared shape is slowest.

Only what is near counts. About each area of the first layer a box is drawn; of a shape of the second layer no more is needed
than its edges within the box, and whether the box's north-west corner lies inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from scrutiny.geography.edges import SIGN, SLOPE, X1, X2, Y1, Y2, Edges, Lines, Runs, edges_of, heights, lines_of, runs_of, spread

# A box a little larger than the area, by odd amounts, so that no edge of it falls on a corner of the other layer.
MARGIN = np.array([-1.3719, -1.7313, 1.5907, 1.2139])
# Edges worked on at once: what fits in a processor's cache.
BATCH = 8_000
#: a share that falls short of the whole by less than this, in square metres, is the whole: numbers are rounded
WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Side:
    """The second layer made ready once: its lines, the same in runs, and how many shapes it has."""

    lines: Lines
    runs: Runs
    count: int


def land_in_both(first: Any, second: Any, progress: Callable[[float], None] | None = None) -> tuple[Any, Any, Any]:
    """The pairs of valid shapes of two layers (Shapely arrays, one CRS in metres) that may share land, and the square metres
    they share: positions in the first, positions in the second, land. What only touches is there with nothing."""
    sizes, boxes, lines = shapely.area(first), np.ascontiguousarray((shapely.bounds(first) + MARGIN).T), lines_of(second)
    side = Side(lines, runs_of(lines), len(second))
    within = _corners_within(side, boxes)
    box, run = side.runs.tree.query(shapely.box(*boxes))
    order = np.argsort(box, kind="stable")
    box, run = box[order], run[order]
    begins = np.flatnonzero(np.concatenate([[True], box[1:] != box[:-1]])[: len(box)])
    ends = np.concatenate([begins[1:], [len(box)]])
    work = _batches(shapely.get_num_coordinates(first[box[begins]]), BATCH)
    batches = [slice(begins[rows.start], ends[rows.stop - 1]) for rows in work]
    pairs, lands = [np.zeros(0, dtype=int)], [np.zeros(0)]
    with ThreadPoolExecutor(2) as pool:  # numpy and GEOS let go of the interpreter
        for done, found in enumerate(pool.map(lambda rows: _batch(first, boxes, side, box[rows], run[rows]), batches), 1):
            pairs.append(found[0])
            lands.append(found[1])
            if progress:
                progress(done / len(batches))
    pair = np.concatenate(pairs)
    i, j = pair // side.count, pair % side.count
    land = np.concatenate(lands) + sizes[i] * np.isin(pair, within)
    land = np.where(np.abs(land - sizes[i]) < WHOLE, sizes[i], land)
    whole = np.setdiff1d(within, pair)
    alone = whole // side.count
    return np.concatenate([i, alone]), np.concatenate([j, whole % side.count]), np.concatenate([land, sizes[alone]])


def _corners_within(side: Side, boxes: Any) -> Any:
    """Which boxes' north-west corners lie in which shapes: box * count + shape, in order; by the number of edges north of the
    corner, odd inside."""
    order = np.argsort(boxes[0])
    west, north, table = boxes[0, order], boxes[3, order], side.lines.table
    low, high = np.searchsorted(west, table[X1]), np.searchsorted(west, table[X2])
    found = [np.zeros(0, dtype=int)]
    for rows in _batches(high - low, 4 * BATCH):
        times = (high - low)[rows]
        line, corner = np.repeat(np.arange(rows.start, rows.stop), times), spread(low[rows], times)
        above = heights(np.take(table, line, axis=1), west[corner]) > north[corner]
        line, box = line[above], order[corner[above]] * side.count
        two = side.lines.other[line] >= 0
        found += [box + side.lines.owner[line], box[two] + side.lines.other[line[two]]]
    pairs, times = np.unique(np.concatenate(found), return_counts=True)
    return pairs[times % 2 == 1]


def _batches(counts: Any, size: int) -> Iterator[slice]:
    """Positions in slices whose counts come to about `size`."""
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        stop = max(start + 1, int(np.searchsorted(ends, (ends[start - 1] if start else 0) + size, "right")))
        yield slice(start, stop)
        start = stop


def _batch(first: Any, boxes: Any, side: Side, box: Any, run: Any) -> tuple[Any, Any]:
    """Of boxes (in order) and the runs of lines that meet them: each pair as box * count + shape, and its land by its edges
    alone."""
    times = (side.runs.last - side.runs.first)[run]
    line, box = spread(side.runs.first[run], times), np.repeat(box, times)
    x1, y1, x2, y2 = np.take(side.lines.table[:SLOPE], line, axis=1)
    west, south, east, north = np.take(boxes, box, axis=1)
    meets = (x1 < east) & (x2 > west) & (np.minimum(y1, y2) < north) & (np.maximum(y1, y2) > south)
    areas, own = np.unique(box[meets], return_inverse=True)
    near, line, own = _near(side.lines.table, line[meets], own, boxes[:, areas])
    ours, our_own = _over(edges_of(first[areas]), boxes[:, areas], near, own)
    i, j = _over_the_same_stretch(ours, our_own, near, own)
    land = np.bincount(j, weights=_below_both(np.take(ours, i, axis=1), np.take(near, j, axis=1)), minlength=len(line))
    two = np.flatnonzero(side.lines.other[line] >= 0)
    key = areas[own] * side.count
    keys = np.concatenate([key + side.lines.owner[line], key[two] + side.lines.other[line[two]]])
    signed = np.concatenate([land * side.lines.sign[line], (land * side.lines.other_sign[line])[two]])
    pairs, number = np.unique(keys, return_inverse=True)
    return pairs, np.bincount(number, weights=signed, minlength=len(pairs))


def _near(table: Any, line: Any, own: Any, boxes: Any) -> tuple[Any, Any, Any]:
    """Lines cut to boxes (`own` the box of each): their table, lines and boxes, by box and then from west to east, with x from
    the box's west side and y from its north side, and the sign 1.

    What rises above the north side is left out. Where a line passes through that side, a level one from there to the box's
    east side stands for it: from there on the land along the side begins (1), or ends (-1).
    """
    west, _, east, north = np.take(boxes, own, axis=1)
    table = np.take(table, line, axis=1)
    x1, x2 = np.maximum(table[X1], west), np.minimum(table[X2], east)
    y1 = np.where(x1 > table[X1], heights(table, x1), table[Y1]) - north
    y2 = np.where(x2 < table[X2], heights(table, x2), table[Y2]) - north
    x1, x2, width = x1 - west, x2 - west, east - west
    up, down = np.flatnonzero((y1 <= 0) & (y2 > 0)), np.flatnonzero((y1 > 0) & (y2 <= 0))
    below, through = np.flatnonzero(((y1 <= 0) | (y2 <= 0)) & (x1 < x2)), np.concatenate([up, down])
    climb = np.where(table[SLOPE, through] == 0, np.inf, table[SLOPE, through])
    at = np.clip(x1[through] - y1[through] / climb, x1[through], x2[through])
    x2[up], y2[up] = at[: len(up)], 0.0
    x1[down], y1[down] = at[len(up) :], 0.0
    level = np.zeros((6, len(through)))
    level[X1], level[X2], level[SIGN] = at, width[through], np.repeat([1.0, -1.0], [len(up), len(down)])
    cut = np.take(np.stack([x1, y1, x2, y2, table[SLOPE], np.ones(len(line))]), below, axis=1)
    cut, kept = np.concatenate([cut, level], axis=1), np.concatenate([below, through])
    order = np.lexsort((cut[X1], own[kept]))
    return np.take(cut, order, axis=1), line[kept[order]], own[kept[order]]


def _over(edges: Edges, boxes: Any, near: Any, own: Any) -> tuple[Any, Any]:
    """The edges of areas that lie over some stretch of near lines, and the area of each: ordered and measured as those."""
    west, east = np.full(boxes.shape[1], np.inf), np.full(boxes.shape[1], -np.inf)
    np.minimum.at(west, own, near[X1])
    np.maximum.at(east, own, near[X2])
    left, _, _, top = np.take(boxes, edges.owner, axis=1)
    x1, x2 = edges.table[X1] - left, edges.table[X2] - left
    edge = np.flatnonzero((x2 > west[edges.owner]) & (x1 < east[edges.owner]))
    order = edge[np.argsort(edges.owner[edge] * (x2.max(initial=0) + 1) + x1[edge])]
    table = np.stack([x1, edges.table[Y1] - top, x2, edges.table[Y2] - top, edges.table[SLOPE], edges.table[SIGN]])
    return np.take(table, order, axis=1), edges.owner[order]


def _over_the_same_stretch(ours: Any, our_own: Any, near: Any, own: Any) -> tuple[Any, Any]:
    """Edges of the same pair that lie over some same stretch from west to east: every such two of them, once."""
    apart = max(ours[X2].max(initial=0), near[X2].max(initial=0)) + 1
    our_start, near_start = our_own * apart + ours[X1], own * apart + near[X1]
    our_end, near_end = our_own * apart + ours[X2], own * apart + near[X2]
    low = np.searchsorted(near_start, our_start, "left")  # near that begin within ours
    times = np.maximum(np.searchsorted(near_start, our_end, "left") - low, 0)
    i, j = np.repeat(np.arange(len(our_own)), times), spread(low, times)
    low = np.searchsorted(our_start, near_start, "right")  # ours that begin within near, later than they do
    times = np.maximum(np.searchsorted(our_start, near_end, "left") - low, 0)
    return np.concatenate([i, spread(low, times)]), np.concatenate([j, np.repeat(np.arange(len(own)), times)])


def _below_both(one: Any, other: Any) -> Any:
    """Sign times sign times the land below both of two edges over the stretch they share: the lower of two straight lines is
    half their sum less half the distance between them."""
    x1, x2 = np.maximum(one[X1], other[X1]), np.minimum(one[X2], other[X2])
    a1, a2, b1, b2 = heights(one, x1), heights(one, x2), heights(other, x1), heights(other, x2)
    from_1, from_2 = a1 - b1, a2 - b2
    apart = np.abs(from_1) + np.abs(from_2)
    crossing = np.flatnonzero(from_1 * from_2 < 0)
    apart[crossing] = (from_1[crossing] ** 2 + from_2[crossing] ** 2) / apart[crossing]
    return np.maximum(x2 - x1, 0.0) * (a1 + a2 + b1 + b2 - apart) * one[SIGN] * other[SIGN] / 4
