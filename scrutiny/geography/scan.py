"""Which one shape of a layer holds a point, told from the layer's edges alone; pure.

The land is ruled into rows of cells. Where an edge crosses the south side of a row, what lies west and east of it differs by
the shapes whose edge it is; so the crossings in order from the west tell the shape at any place on that side. From there to
a point the way leads straight north, past the edges of one cell. Each shape has a code of 64 bits at random, an edge that of
its one or two shapes put together by exclusive or: what is met an even number of times falls out. A point nearer to an edge
than `NEAR`, or in several shapes, is not told here.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from typing import Any

import numpy as np
import shapely

from scrutiny.geography.edges import spread

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
        self._open()
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

    def _open(self) -> None:
        """The same tables to be read number by number, which numpy is slow at, and where the rows begin in them."""
        rows = np.arange(self._rows + 1)
        self._first_crossings: list[int] = np.searchsorted(self._crossings, rows * APART).tolist()
        self._first_cells: list[int] = np.searchsorted(self._cells, rows * self._columns).tolist()
        tables = (self._crossings, self._east, self._cells, self._begins, self._in_cell, self._lines.reshape(-1), self._of)
        self._read = tuple(np.ascontiguousarray(table).data for table in tables)
        self._code_at = self._codes.data

    def at(self, x: float, y: float) -> int:
        """The position of the shape that a point lies strictly inside; -1 where in none; -2 where that is not told here."""
        east_by, north_by = x - self._west, y - self._south
        if not (0 <= north_by < self._rows * SIDE and 0 <= east_by < self._columns * SIDE):
            return OUTSIDE
        crossings, east, cells, begins, in_cell, ends, of = self._read
        row, column = int(north_by // SIDE), int(east_by // SIDE)
        along, begin, end = row * APART + east_by, self._first_crossings[row], self._first_crossings[row + 1]
        number = bisect_right(crossings, along, begin, end)
        if (number > begin and along - crossings[number - 1] < NEAR) or (number < end and crossings[number] - along < NEAR):
            return UNTOLD
        value: int = east[number]
        cell = row * self._columns + column
        found = bisect_left(cells, cell, self._first_cells[row], self._first_cells[row + 1])
        if cells[found] == cell:
            floor, after, before = row * SIDE + self._south, x + NEAR, x - NEAR
            for line in in_cell[begins[found] : begins[found + 1]]:
                x1 = ends[4 * line]
                if x1 > after:
                    continue
                x2 = ends[4 * line + 2]
                if x2 < before:
                    continue
                y1, y2 = ends[4 * line + 1], ends[4 * line + 3]
                if (x - x1 < NEAR or x2 - x < NEAR) and min(y1, y2) - NEAR <= y <= max(y1, y2) + NEAR:
                    return UNTOLD
                if x1 <= x < x2:
                    height = y1 + (y2 - y1) * ((x - x1) / (x2 - x1))
                    if abs(height - y) < NEAR or abs(height - floor) < NEAR:
                        return UNTOLD
                    if floor < height < y:
                        value ^= of[line]
        if not value:
            return OUTSIDE
        position = value & 0xFFFFFF
        return position if position < len(self._code_at) and self._code_at[position] == value else UNTOLD

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
    x1, y1, x2, y2 = table.T
    order = np.argsort(x1 + 0.7310585 * y1 + 0.3819660 * x2 + 0.1715729 * y2).astype(np.int32)
    lines = np.take(table, order, axis=0)
    begins = np.ones(len(lines), dtype=bool)
    if len(lines):
        begins[1:] = lines[1:, X1] != lines[:-1, X1]
        for end in (Y1, X2, Y2):
            begins[1:] |= lines[1:, end] != lines[:-1, end]
    first = np.flatnonzero(begins)
    return lines[first], np.bitwise_xor.reduceat(codes[order], first) if len(first) else codes


def _give_back() -> None:
    """Give the memory that the making took back to the machine, where its C library keeps it and can be asked (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
