"""Which areas hold a point on a day, answered from memory: boxes at once, shapes as they are first needed, under a lock."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from flask import current_app
from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.areas.stored import newest_load
from scrutiny.extensions import db

_making = threading.Lock()


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


class PointIndex:
    """All areas of all days by their boxes; good until another loading."""

    def __init__(self, seen: int) -> None:
        self.seen = seen
        rows = db.session.execute(
            select(
                Area.id, Area.code, Area.name, Area.kind, Area.from_on, Area.to_on, Area.min_x, Area.min_y, Area.max_x, Area.max_y
            ).order_by(Area.id)
        ).all()
        self._areas = [Known(*row[:6]) for row in rows]
        boxes = np.array([row[6:] for row in rows], dtype=float).reshape(-1, 4)
        self._tree = shapely.STRtree(shapely.box(*boxes.T))
        self._shapes: dict[int, Any] = {}
        # A prepared shape used by two threads at once crashes the process.
        self._lock = threading.Lock()

    def at(self, x: float, y: float, on: date) -> list[Known]:
        """The areas that hold the point (metres, PLACE_CRS) on a day; a point where two overlap lies in both."""
        with self._lock:
            near = [self._areas[i] for i in sorted(self._tree.query(shapely.points(x, y)).tolist())]
            near = [area for area in near if area.holds_on(on)]
            self._fetch([area.id for area in near if area.id not in self._shapes])
            return [area for area in near if shapely.intersects_xy(self._shapes[area.id], x, y)]

    def at_many(self, points: Sequence[tuple[float | None, float | None]], on: date) -> list[list[Known]]:
        """The areas that hold each point (metres, PLACE_CRS) on a day; many at once."""
        if not points:
            return []
        x, y = np.array(points, dtype=float).T
        held = np.array([area.holds_on(on) for area in self._areas], dtype=bool)
        with self._lock:
            point, area = self._tree.query(shapely.points(x, y))
            point, area = point[held[area]], area[held[area]]
            order = np.lexsort((area, point))
            point, area = point[order], area[order]
            lacking = [self._areas[i].id for i in np.unique(area).tolist() if self._areas[i].id not in self._shapes]
            for start in range(0, len(lacking), 500):
                self._fetch(lacking[start : start + 500])
            shapes = np.array([self._shapes[self._areas[i].id] for i in area.tolist()], dtype=object)
            inside = shapely.intersects_xy(shapes, x[point], y[point]) if len(shapes) else np.zeros(0, dtype=bool)
        found: list[list[Known]] = [[] for _ in points]
        for p, i in zip(point[inside].tolist(), area[inside].tolist(), strict=True):
            found[p].append(self._areas[i])
        return found

    def _fetch(self, ids: list[int]) -> None:
        """Read and prepare shapes that no point has asked for before."""
        if ids:
            for area_id, wkb in db.session.execute(select(Area.id, Area.shape).where(Area.id.in_(ids)).order_by(Area.id)):
                shape = shapely.from_wkb(wkb)
                shapely.prepare(shape)
                self._shapes[area_id] = shape


def point_index() -> PointIndex:
    """The index of this process, built on first use and again when any process has loaded something since."""
    seen = newest_load()
    held: PointIndex | None = current_app.extensions.get("areas_index")
    if held is None or held.seen != seen:
        with _making:
            held = current_app.extensions.get("areas_index")
            if held is None or held.seen != seen:
                held = current_app.extensions["areas_index"] = PointIndex(seen)
    return held
