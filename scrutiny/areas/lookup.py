"""The areas that hold on one day, ready to be asked which of them hold a point.

A point is first looked for among the small areas. Where it lies strictly inside one, every other kind in which that small
area lies wholly in one area and in no other is answered by a table; the rest by their polygons, cut to the small area's box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely

#: points asked of one shape from which preparing it pays
OFTEN = 4
#: a small area's box is taken a little larger, by odd amounts, so that nothing it cuts is cut at a corner
MARGIN = np.array([-1.3719, -1.7313, 1.5907, 1.2139])
# Corners of whole shapes kept prepared at once, each of about two hundred bytes; and pieces kept cut.
MOST_PREPARED = 300_000
MOST_CUT = 6_000
#: pieces about one small area that fit in a whole number, one bit each, beside the number of the small area
MOST_PIECES = 40
Found = tuple["Known", ...]


@dataclass(frozen=True, slots=True)
class Known:
    """One area as the index knows it; it holds on both days."""

    id: int
    code: str
    name: str
    kind: str
    from_on: date
    to_on: date | None

    def holds_on(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.from_on <= on and (self.to_on is None or self.to_on >= on)


@dataclass(frozen=True, slots=True)
class Small:
    """The small areas of a day: positions among its areas, their shapes, and for each the ids of the areas told by table,
    parted by commas."""

    position: Any
    shapes: Any
    told: Sequence[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of every point strictly inside a small area: the positions of areas that all of them lie in, and of those
    that some may lie in, each with its shape about the small area."""

    whole: tuple[int, ...]
    partly: Any
    pieces: Any


class Lookup:
    """The areas of one day. Not to be used by two threads at once: a prepared shape used by two crashes the process."""

    def __init__(
        self, positions: list[int], areas: Sequence[Known], boxes: Any, small: Small, read: Callable[[list[int]], Any]
    ) -> None:
        """`areas` in the order answers are given in (`positions` among those of all days), their boxes as rows; `read` gives
        the shapes of ids."""
        self.positions = positions
        self._areas, self._boxes, self._small, self._read = areas, boxes, small, read
        self._other = np.setdiff1d(np.arange(len(areas)), small.position)
        self._tree = shapely.STRtree(small.shapes)
        self._other_tree = shapely.STRtree(shapely.box(*boxes[self._other].T))
        self._shapes = np.full(len(areas), None, dtype=object)
        self._where = {areas[i].id: i for i in self._other.tolist()}
        self._prepared = self._cut = 0
        self._told: dict[int, Told] = {}
        self._answers: dict[tuple[int, int], Found] = {}

    def at(self, x: float, y: float) -> Found:
        """The areas that hold a point; a point where two overlap, or on the edge between them, lies in both."""
        self._forget()
        near = self._tree.query(shapely.Point(x, y))
        inside = near[shapely.contains_xy(self._small.shapes[near], x, y)]
        if len(inside) != 1:
            on_edge = near[shapely.intersects_xy(self._small.shapes[near], x, y)]
            return self._in_order([*self._small.position[on_edge].tolist(), *self._by_polygon(x, y)])
        number = int(inside[0])
        told = self._told.get(number) or self._tell(number)
        if not len(told.partly):
            return self._answer(number, 0)
        held = shapely.intersects_xy(told.pieces, x, y)
        return self._answer(number, sum(1 << bit for bit in np.flatnonzero(held).tolist()))

    def at_many(self, x: Any, y: Any) -> list[Found]:
        """The areas that hold each of many points."""
        self._forget()
        strict = self._small_areas(x, y)
        touched = np.unique(strict[strict >= 0])
        for number in touched.tolist():
            if number not in self._told:
                self._tell(number)
        count = np.zeros(len(self._small.shapes) + 1, dtype=int)
        count[touched] = [len(self._told[number].partly) for number in touched.tolist()]
        strict[count[strict] > MOST_PIECES] = -1
        partly = np.flatnonzero((strict >= 0) & (count[strict] > 0))
        key = self._pieces_held(strict[partly], count, x[partly], y[partly])
        answers: Any = np.full(len(x), None, dtype=object)
        table: Any = np.full(len(count), None, dtype=object)
        for number in touched.tolist():
            table[number] = self._answer(number, 0)
        rows = np.flatnonzero(strict >= 0)
        answers[rows] = table[strict[rows]]
        keys, same = np.unique(strict[partly] << MOST_PIECES | key, return_inverse=True)
        some: Any = np.empty(len(keys), dtype=object)
        some[:] = [self._answer(one >> MOST_PIECES, one & (1 << MOST_PIECES) - 1) for one in keys.tolist()]
        answers[partly] = some[same]
        for row in np.flatnonzero(strict < 0).tolist():
            answers[row] = self.at(float(x[row]), float(y[row]))
        found: list[Found] = answers.tolist()
        return found

    def _small_areas(self, x: Any, y: Any) -> Any:
        """For each point the small area it lies strictly inside, where it is one and only one; else -1."""
        with ThreadPoolExecutor(2) as pool:
            halves = np.array_split(np.arange(len(x)), 2)
            pairs = list(pool.map(lambda half: self._tree.query(shapely.points(x[half], y[half])), halves))
            point = np.concatenate([half[found[0]] for half, found in zip(halves, pairs, strict=True)])
            area = np.concatenate([found[1] for found in pairs])
            middle = np.median(area) if len(area) else 0  # each shape is prepared and asked by one thread only
            parts = [np.flatnonzero(area <= middle), np.flatnonzero(area > middle)]
            held = list(pool.map(lambda rows: _strictly(self._small.shapes, area[rows], x[point[rows]], y[point[rows]]), parts))
        rows = np.concatenate([part[inside] for part, inside in zip(parts, held, strict=True)])
        strict = np.full(len(x), -1)
        strict[point[rows]] = area[rows]
        strict[np.bincount(point[rows], minlength=len(x)) != 1] = -1
        return strict

    def _pieces_held(self, number: Any, count: Any, x: Any, y: Any) -> Any:
        """For each point, strictly inside the small area of that number, which of its pieces hold it, as bits."""
        if not len(number):
            return np.zeros(0, dtype=np.int64)
        numbers = np.unique(number)
        pieces = np.concatenate([self._told[one].pieces for one in numbers.tolist()])
        start = np.zeros(len(count), dtype=int)
        start[numbers] = np.cumsum(count[numbers]) - count[numbers]
        times = count[number]
        row = np.repeat(np.arange(len(number)), times)
        bit = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
        held = shapely.intersects_xy(pieces[start[number[row]] + bit], x[row], y[row])
        bits = np.where(held, np.int64(1) << bit, 0)
        return np.add.reduceat(bits, np.cumsum(times) - times)

    def _by_polygon(self, x: float, y: float) -> list[int]:
        """The positions of areas other than small ones whose polygon holds a point."""
        near = self._other[self._other_tree.query(shapely.Point(x, y))]
        shapes = self._shapes_at(near)
        fresh = shapes[~shapely.is_prepared(shapes)]
        if len(fresh):
            self._prepared += int(shapely.get_num_coordinates(fresh).sum())
            if self._prepared > MOST_PREPARED:
                shapely.destroy_prepared(self._shapes)
                self._prepared = int(shapely.get_num_coordinates(shapes).sum())
            shapely.prepare(shapes)
        held: list[int] = near[shapely.intersects_xy(shapes, x, y)].tolist()
        return held

    def _forget(self) -> None:
        """Forget what was worked out, where it has grown large."""
        if self._cut > MOST_CUT:
            self._told.clear()
            self._answers.clear()
            self._cut = 0

    def _shapes_at(self, positions: Any) -> Any:
        """The shapes at positions, read where they were not."""
        lacking = [i for i in positions.tolist() if self._shapes[i] is None]
        for start in range(0, len(lacking), 500):
            some = lacking[start : start + 500]
            self._shapes[some] = self._read([self._areas[i].id for i in some])
        return self._shapes[positions]

    def _tell(self, number: int) -> Told:
        """Work out what is known of the points strictly inside a small area."""
        whole = [self._where[int(word)] for word in self._small.told[number].split(",") if word]
        kinds = {self._areas[i].kind for i in whole}
        box = self._boxes[self._small.position[number]] + MARGIN
        near = [i for i in self._other[self._other_tree.query(shapely.box(*box))].tolist() if self._areas[i].kind not in kinds]
        partly, pieces = [], []
        for i, shape in zip(near, self._shapes_at(np.array(near, dtype=int)), strict=True):
            piece = shapely.clip_by_rect(shape, *box)
            if not piece.is_empty:
                partly.append(i)
                pieces.append(piece if piece.is_valid else shape)
        position = int(self._small.position[number])
        told = Told((position, *whole), np.array(partly, dtype=int), np.array(pieces, dtype=object))
        self._told[number] = told
        self._cut += len(pieces)
        return told

    def _answer(self, number: int, bits: int) -> Found:
        """The areas that hold a point strictly inside a small area, and inside those of its pieces whose bit is set."""
        if (number, bits) not in self._answers:
            told = self._told[number]
            partly = [i for bit, i in enumerate(told.partly.tolist()) if bits >> bit & 1]
            self._answers[number, bits] = self._in_order([*told.whole, *partly])
        return self._answers[number, bits]

    def _in_order(self, positions: list[int]) -> Found:
        """Areas in the order answers are given in."""
        return tuple(self._areas[i] for i in sorted(positions))


def _strictly(shapes: Any, area: Any, x: Any, y: Any) -> Any:
    """Which points lie strictly inside the shape beside them; shapes asked often are prepared meanwhile."""
    wanted, times = np.unique(area, return_counts=True)
    often = wanted[times >= OFTEN]
    held = np.zeros(len(area), dtype=bool)
    order = np.argsort(area, kind="stable")
    shapely.prepare(shapes[often])
    held[order] = shapely.contains_xy(shapes[area[order]], x[order], y[order])
    shapely.destroy_prepared(shapes[often])
    return held
