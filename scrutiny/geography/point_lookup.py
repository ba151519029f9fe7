"""The areas that hold on one day, ready to be asked which of them hold a point.

A point is first looked for among the small areas. Every other kind in which that small area lies wholly in one area and in no
other is answered by a table; the rest by a scan of the kind's edges. What lies on an edge or in several areas of a kind is
asked of the polygons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely

from scrutiny.geography.scan import UNTOLD, Scan

# Corners of shapes kept at once, each of sixteen bytes; and answers kept.
MOST_HELD = 1_000_000
MOST_ANSWERS = 60_000
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
    """The small areas of a day: positions among its areas, and for each the ids of the areas told by table, parted by commas."""

    position: Any
    told: Sequence[str]


class Lookup:
    """The areas of one day. Not to be used by two threads at once."""

    def __init__(
        self, positions: list[int], areas: Sequence[Known], boxes: Any, small: Small, read: Callable[[list[int]], Any]
    ) -> None:
        """`areas` in the order answers are given in (`positions` among those of all days), their boxes as rows; `read` gives
        the shapes of ids."""
        self.positions = positions
        self._areas, self._boxes, self._small, self._read = areas, boxes, small.position, read
        self._shapes = np.full(len(areas), None, dtype=object)
        self._held = 0
        self._scan = self._scan_of(self._small)
        other = np.setdiff1d(np.arange(len(areas)), self._small).tolist()
        kinds = sorted({areas[i].kind for i in other})
        self._kinds = [_by_id([i for i in other if areas[i].kind == kind], areas) for kind in kinds]
        self._scans: list[Scan | None] = [None] * len(kinds)
        self._table = self._table_of(kinds, {areas[i].id: i for i in other}, small.told)
        # What a small area alone tells, where that is everything; the last is of no small area.
        self._whole = (self._table >= 0).all(axis=1)
        self._whole[-1] = False
        self._alone: list[Found | None] = [None] * len(self._table)
        self._answers: dict[tuple[int, ...], Found] = {}

    def _table_of(self, kinds: list[str], where: dict[int, int], told: Sequence[str]) -> Any:
        """A row for each small area and one of -1 for none, a column for each kind: the position of the area, or -1."""
        column, rows = {kind: n for n, kind in enumerate(kinds)}, {}
        for word in dict.fromkeys(told):
            row = rows[word] = [-1] * len(kinds)
            for number in word.split(",") if word else []:
                row[column[self._areas[where[int(number)]].kind]] = where[int(number)]
        return np.array([*(rows[word] for word in told), [-1] * len(kinds)], dtype=int).reshape(len(told) + 1, len(kinds))

    def _scan_of(self, positions: Any) -> Scan:
        """A scan of the edges of areas at positions."""
        ids = [self._areas[i].id for i in positions.tolist()]
        return Scan(len(ids), lambda rows: self._read(ids[rows]))

    def _kind(self, number: int) -> Scan:
        """The scan of a kind, made on first use."""
        found = self._scans[number]
        if found is None:
            found = self._scans[number] = self._scan_of(self._kinds[number])
        return found

    def at(self, x: float, y: float) -> Found:
        """The areas that hold a point; a point where two overlap, or on the edge between them, lies in both."""
        number = self._scan.at(x, y)
        if number == UNTOLD:
            return self._on_edges(x, y)
        found = self._alone[number]
        if found is not None:
            return found
        row = self._table[number].tolist()
        for kind, position in enumerate(row):
            if position < 0:
                inside = self._kind(kind).at(x, y)
                if inside == UNTOLD:
                    return self._on_edges(x, y)
                row[kind] = self._kinds[kind].item(inside) if inside >= 0 else -1
        return self._answer(number, row)

    def at_many(self, x: Any, y: Any) -> list[Found]:
        """The areas that hold each of many points."""
        number = _by_two(self._scan, x, y)
        every = np.flatnonzero(number != UNTOLD)
        rows = every[~self._whole[number[every]]]
        part, untold = self._by_kind(number[rows], x[rows], y[rows])
        answers = self._of_alone(number)[number]
        answers[rows] = self._of_parts(number[rows], part)
        for row in [*np.flatnonzero(number == UNTOLD).tolist(), *rows[untold].tolist()]:
            answers[row] = self._on_edges(float(x[row]), float(y[row]))
        found: list[Found] = answers.tolist()
        return found

    def _by_kind(self, number: Any, x: Any, y: Any) -> tuple[Any, Any]:
        """Of points in small areas: the position of the area of each kind (-1 for none), and whether only polygons tell."""
        table, untold = self._table[number], np.zeros(len(number), dtype=bool)
        for kind, positions in enumerate(self._kinds):
            rows = np.flatnonzero(table[:, kind] < 0)
            if len(rows):
                inside = _by_two(self._kind(kind), x[rows], y[rows])
                untold[rows[inside == UNTOLD]] = True
                table[rows, kind] = np.append(positions, [-1, -1])[inside]
        return table, untold

    def _of_alone(self, number: Any) -> Any:
        """What each small area alone tells, for those among the numbers of which that is everything."""
        touched = np.zeros(len(self._alone) + 1, dtype=bool)
        touched[number] = True
        for one in np.flatnonzero(touched[: len(self._alone)] & self._whole).tolist():
            if self._alone[one] is None:
                self._alone[one] = self._in_order([int(self._small[one]), *self._table[one].tolist()])
        found = np.empty(len(self._alone), dtype=object)
        found[:] = self._alone
        return found

    def _of_parts(self, number: Any, table: Any) -> Any:
        """The answers for small areas with the positions of every kind."""
        group = number
        for column in table.T:
            group = np.unique(group * (len(self._areas) + 1) + column, return_inverse=True)[1]
        _, first, same = np.unique(group, return_index=True, return_inverse=True)
        found = np.empty(len(first), dtype=object)
        found[:] = [self._answer(*one) for one in zip(number[first].tolist(), table[first].tolist(), strict=True)]
        return found[same]

    def _answer(self, number: int, row: list[int]) -> Found:
        """The areas of a small area (-1 for none) and of positions, one of a kind (-1 for none)."""
        key = (number, *row)
        found = self._answers.get(key)
        if found is None:
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            small = int(self._small[number]) if number >= 0 else -1
            found = self._answers[key] = self._in_order([small, *row])
            if number >= 0 and self._whole[number]:
                self._alone[number] = found
        return found

    def _on_edges(self, x: float, y: float) -> Found:
        """The areas that hold a point that some scan cannot tell: of that kind by its polygons."""
        number = self._scan.at(x, y)
        held = self._by_polygon(self._small, x, y) if number == UNTOLD else [int(self._small[number])] if number >= 0 else []
        for kind, position in enumerate(self._table[max(number, -1)].tolist()):
            inside = self._kind(kind).at(x, y) if position < 0 else -1
            if inside == UNTOLD:
                held += self._by_polygon(self._kinds[kind], x, y)
            else:
                held.append(int(self._kinds[kind][inside]) if inside >= 0 else position)
        return self._in_order(held)

    def _by_polygon(self, positions: Any, x: float, y: float) -> list[int]:
        """Those of positions whose polygon holds a point."""
        west, south, east, north = self._boxes[positions].T
        near = positions[(west <= x) & (x <= east) & (south <= y) & (y <= north)]
        lacking = [i for i in near.tolist() if self._shapes[i] is None]
        if lacking:
            fresh = self._read([self._areas[i].id for i in lacking])
            self._held += int(shapely.get_num_coordinates(fresh).sum())
            self._shapes[lacking] = fresh
        held: list[int] = near[shapely.intersects_xy(self._shapes[near], x, y)].tolist()
        if self._held > MOST_HELD:
            self._shapes.fill(None)
            self._held = 0
        return held

    def _in_order(self, positions: list[int]) -> Found:
        """Areas in the order answers are given in; -1 is none."""
        return tuple(self._areas[i] for i in sorted(positions) if i >= 0)


def _by_id(positions: list[int], areas: Sequence[Known]) -> Any:
    """Positions of areas in the order of their ids, in which they are read fastest."""
    return np.array(sorted(positions, key=lambda i: areas[i].id))


def _by_two(scan: Scan, x: Any, y: Any) -> Any:
    """What a scan tells of points, asked by two threads: numpy lets go of the interpreter."""
    halves = [slice(0, len(x) // 2), slice(len(x) // 2, len(x))]
    with ThreadPoolExecutor(2) as pool:
        return np.concatenate(list(pool.map(lambda half: scan.at_many(x[half], y[half]), halves)))
