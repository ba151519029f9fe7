"""Which one shape of a layer holds a point, told from the layer's edges alone; pure.

The land is ruled into rows of cells. Where an edge crosses the south side of a row, what lies west and east of it differs by
the shapes whose edge it is; so the crossings in order from the west tell the shape at any place on that side. From there to
a point the way leads straight north, past the edges of one cell. Each shape has a code of 64 bits at random, an edge that of
its one or two shapes put together by exclusive or: what is met an even number of times falls out. A point nearer to an edge
than `NEAR`, or in several shapes, is not told here.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import shapely

from scrutiny.areas.edges import spread

#: sides of a cell in metres; a power of two, so that cells begin on exact numbers
SIDE = 256.0
#: what is nearer than this, in metres, is told by the shapes themselves: numbers are rounded
NEAR = 1e-3
#: shapes whose edges are taken at once
BATCH = 500
# How far apart rows are in the order of crossings: more than any width.
APART = float(1 << 24)
OUTSIDE, UNTOLD = -1, -2
X1, Y1, X2, Y2 = range(4)


class Scan:
    """A layer's edges, ready to be asked. Safe to be asked by several threads."""

    def __init__(self, count: int, shapes: Any) -> None:
        """`shapes(rows)` gives those of a slice of the `count` of them (valid, one CRS in metres)."""
        self._codes = np.random.default_rng(count).integers(1, 1 << 62, count + 1) & ~np.int64(0xFFFFFF) | np.arange(count + 1)
        self._codes[count] = 0
        tables, codes = [np.zeros((0, 4))], [np.zeros(0, dtype=np.int64)]
        for start in range(0, count, BATCH):
            table, owner = _edges(shapes(slice(start, min(start + BATCH, count))))
            tables.append(table)
            codes.append(self._codes[start + owner])
        self._lines, self._of = _once(np.concatenate(tables), np.concatenate(codes))
        del tables, codes
        x1, y1, x2, y2 = self._lines.T
        if not len(x1):
            x1 = y1 = x2 = y2 = np.zeros(1)
        self._west = float(x1.min() // SIDE - 1) * SIDE  # with a border of empty cells
        self._south = float(min(y1.min(), y2.min()) // SIDE - 1) * SIDE
        self._columns = int((x2.max() - self._west) // SIDE) + 2
        self._rows = int((max(y1.max(), y2.max()) - self._south) // SIDE) + 2
        self._cross()
        self._rule()
        _give_back()

    def _cross(self) -> None:
        """Where edges cross the south sides of rows, from the west, with what lies east of each."""
        x1, y1, x2, y2 = self._lines.T
        low, high = np.minimum(y1, y2) - self._south, np.maximum(y1, y2) - self._south
        first = np.floor(low / SIDE).astype(int) + 1
        times = np.floor(high / SIDE).astype(int) + 1 - first
        line, row = np.repeat(np.arange(len(x1)), times), spread(first, times)
        x1, y1, x2, y2 = self._lines[line].T
        at = x1 + (row * SIDE + self._south - y1) * (x2 - x1) / (y2 - y1)
        at = row * APART + (at - self._west)
        order = np.argsort(at)
        self._crossings = at[order]
        self._east = np.concatenate([[0], np.bitwise_xor.accumulate(self._of[line[order]])])

    def _rule(self) -> None:
        """The edges in each cell that has any."""
        x1, y1, x2, y2 = self._lines.T
        first, last = (((x - self._west) // SIDE).astype(np.int64) for x in (x1, x2))
        times = last - first + 1
        line, column = np.repeat(np.arange(len(x1)), times), spread(first, times)
        low, high = ((side(y1, y2) - self._south) // SIDE for side in (np.minimum, np.maximum))
        row, times = low[line].astype(np.int64), (high - low)[line].astype(np.int64) + 1
        cell = np.repeat(row * self._columns + column, times) + spread(np.zeros(len(row), dtype=int), times) * self._columns
        line = np.repeat(line, times)
        order = np.argsort(cell, kind="stable")
        cell, self._in_cell = cell[order], line[order].astype(np.int32)
        begins = np.flatnonzero(np.concatenate([[True], cell[1:] != cell[:-1]])[: len(cell)])
        self._cells = np.append(cell[begins], np.iinfo(np.int64).max)
        self._begins = np.append(begins, [len(cell), len(cell)]).astype(np.int32)

    def at(self, x: float, y: float) -> int:
        """The position of the shape that a point lies strictly inside; -1 where in none; -2 where that is not told here."""
        if not (0 <= y - self._south < self._rows * SIDE and 0 <= x - self._west < self._columns * SIDE):
            return OUTSIDE
        row, column = int((y - self._south) // SIDE), int((x - self._west) // SIDE)
        number = int(self._crossings.searchsorted(row * APART + (x - self._west), "right"))
        value = int(self._east[number])
        for at in self._crossings[max(number - 1, 0) : number + 1].tolist():
            if abs(at - row * APART - (x - self._west)) < NEAR:
                return UNTOLD
        cell = row * self._columns + column
        found = int(self._cells.searchsorted(cell))
        if self._cells[found] == cell:
            lines = self._in_cell[self._begins[found] : self._begins[found + 1]]
            floor, lines_here = row * SIDE + self._south, self._lines[lines].tolist()
            for (x1, y1, x2, y2), code in zip(lines_here, self._of[lines].tolist(), strict=True):
                if x < x1 - NEAR or x > x2 + NEAR:
                    continue
                if (x - x1 < NEAR or x2 - x < NEAR) and min(y1, y2) - NEAR <= y <= max(y1, y2) + NEAR:
                    return UNTOLD
                if x1 <= x < x2:
                    height = y1 + (y2 - y1) * ((x - x1) / (x2 - x1))
                    if abs(height - y) < NEAR or abs(height - floor) < NEAR:
                        return UNTOLD
                    if floor < height < y:
                        value ^= code
        position = (value & 0xFFFFFF) if value else len(self._codes) - 1
        if position >= len(self._codes) or self._codes[position] != value:
            return UNTOLD
        return position if value else OUTSIDE

    def at_many(self, x: Any, y: Any) -> Any:
        """The same of many points: for each the position, -1 or -2."""
        row, column = np.floor((y - self._south) / SIDE), np.floor((x - self._west) / SIDE)
        there = (row >= 0) & (row < self._rows) & (column >= 0) & (column < self._columns)
        row, column = np.where(there, row, -1.0), np.where(there, column, 0.0)
        number, near = self._crossings_before(row * APART + (x - self._west))
        value = self._east[number]
        cell = (row * self._columns + column).astype(np.int64)
        found = np.searchsorted(self._cells, cell)
        point = np.flatnonzero((self._cells[found] == cell) & there)
        first = self._begins[found[point]]
        times = self._begins[found[point] + 1] - first
        line, which = self._in_cell[spread(first, times)], np.repeat(point, times)
        over = np.flatnonzero((self._lines[line, X1] <= x[which] + NEAR) & (self._lines[line, X2] >= x[which] - NEAR))
        line, which = line[over], which[over]
        x1, y1, x2, y2 = np.ascontiguousarray(self._lines[line].T)
        px, py, floor = x[which], y[which], row[which] * SIDE + self._south
        over_it = (x1 <= px) & (px < x2)
        height = y1 + (y2 - y1) * np.divide(px - x1, x2 - x1, out=np.zeros(len(px)), where=over_it)
        beside = ((np.abs(px - x1) < NEAR) | (np.abs(x2 - px) < NEAR)) & (np.minimum(y1, y2) - NEAR <= py)
        beside &= py <= np.maximum(y1, y2) + NEAR
        near[which[beside | over_it & ((np.abs(height - py) < NEAR) | (np.abs(height - floor) < NEAR))]] = True
        passed = np.flatnonzero(over_it & (floor < height) & (height < py))
        np.bitwise_xor.at(value, which[passed], self._of[line[passed]])
        position = np.where(value != 0, value & 0xFFFFFF, len(self._codes) - 1)
        told = self._codes[np.minimum(position, len(self._codes) - 1)] == value
        answer = np.where(told, np.where(value != 0, position, OUTSIDE), UNTOLD)
        answer[near] = UNTOLD
        answer[~there] = OUTSIDE
        return answer

    def _crossings_before(self, at: Any) -> tuple[Any, Any]:
        """How many crossings come before each place, and whether one is near it."""
        number = np.searchsorted(self._crossings, at, "right")
        padded = np.concatenate([[-np.inf], self._crossings, [np.inf]])
        return number, (at - padded[number] < NEAR) | (padded[number + 1] - at < NEAR)


def _edges(shapes: Any) -> tuple[Any, Any]:
    """The edges of polygons and multipolygons, as rows of their ends from the west, and the shape of each."""
    parts, shape_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    kept = np.flatnonzero(ring[1:] == ring[:-1])
    one, other = points[kept], points[kept + 1]
    eastward = (one[:, :1] < other[:, :1]) | (one[:, :1] == other[:, :1]) & (one[:, 1:] <= other[:, 1:])
    table = np.concatenate([np.where(eastward, one, other), np.where(eastward, other, one)], axis=1)
    return table, shape_of_part[part_of_ring[ring[kept]]]


def _once(table: Any, codes: Any) -> tuple[Any, Any]:
    """Each edge once: the codes of edges that are the very same put together."""
    order = np.argsort(table @ np.array([1.0, 0.7310585, 0.3819660, 0.1715729]))
    lines = table[order]
    begins = np.flatnonzero(np.concatenate([[True], (lines[1:] != lines[:-1]).any(axis=1)])[: len(lines)])
    return lines[begins], np.bitwise_xor.reduceat(codes[order], begins) if len(begins) else codes


def _give_back() -> None:
    """Give the memory that the making took back to the machine, where its C library keeps it and can be asked (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
