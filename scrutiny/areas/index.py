"""Which areas hold a point on a day, answered from memory: one index a process, built on first use, asked under a lock."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
from flask import current_app
from sqlalchemy import and_, event, func, or_, select
from sqlalchemy.orm import Mapper, Session, SessionTransaction, aliased, object_session

from scrutiny.areas.models import Area, AreaLoad, AreaOverlap
from scrutiny.areas.stored_layers import newest_load
from scrutiny.extensions import db
from scrutiny.geography import shapes
from scrutiny.geography.point_lookup import Found, Known, Lookup, Small
from scrutiny.rules.queries import rules

#: the days of which the areas are kept ready; the one not asked for longest goes first
MOST_DAYS = 3
READY = "areas_index"
_making = threading.Lock()


class PointIndex:
    """All areas of all days; good until another loading."""

    def __init__(self, seen: int) -> None:
        self.seen = seen
        kinds = rules().area_kinds
        self._measured = [key for key, kind in kinds.items() if kind.measuring_stick]
        columns = (Area.id, Area.code, Area.name, Area.kind, Area.from_on, Area.to_on)
        boxes = (Area.min_x, Area.min_y, Area.max_x, Area.max_y)
        order = {key: kind.order for key, kind in kinds.items()}
        same: dict[Any, Any] = {}  # the kinds and days that many areas have are kept once
        rows = db.session.execute(select(*columns).order_by(Area.id))
        every = [
            Known(number, code, name, same.setdefault(kind, kind), same.setdefault(begins, begins), same.setdefault(ends, ends))
            for number, code, name, kind, begins, ends in rows
        ]
        ranked = sorted(range(len(every)), key=lambda i: (order.get(every[i].kind, len(order) + 1), every[i].code, i))
        self._areas = [every[i] for i in ranked]
        sides = db.session.execute(select(*boxes).order_by(Area.id))
        self._boxes = np.fromiter(chain.from_iterable(sides), dtype=float).reshape(-1, 4)[ranked]
        self._held: dict[date, Lookup] = {}
        self._last: tuple[date, Lookup] | None = None
        # A prepared shape used by two threads at once crashes the process.
        self._lock = threading.Lock()

    def at(self, x: float, y: float, on: date) -> Found:
        """The areas that hold the point (metres, PLACE_CRS) on a day, in the order of kinds; where two overlap, both."""
        with self._lock:
            return self._day(on).at(x, y)

    def at_many(self, points: Sequence[tuple[float | None, float | None]] | Any, on: date) -> list[Found]:
        """The areas that hold each point (rows of x and y in metres, PLACE_CRS) on a day; many at once."""
        if not len(points):
            return []
        x, y = np.ascontiguousarray(np.asarray(points, dtype=float).T)
        with self._lock:
            return self._day(on).at_many(x, y)

    def _day(self, on: date) -> Lookup:
        """The areas of a day, ready; those asked for last are kept."""
        if self._last is not None and self._last[0] == on:
            return self._last[1]
        found = self._held.pop(on, None) or self._lookup(on)
        self._held[on], self._last = found, (on, found)
        while len(self._held) > MOST_DAYS:
            del self._held[next(iter(self._held))]
        return found

    def _lookup(self, on: date) -> Lookup:
        """The areas that hold on a day: another day's, where it has the very same."""
        kept = [i for i, area in enumerate(self._areas) if area.holds_on(on)]
        for held in self._held.values():
            if held.positions == kept:
                return held
        areas = [self._areas[i] for i in kept]
        small = sorted((i for i, area in enumerate(areas) if area.kind in self._measured), key=lambda i: areas[i].id)
        ids = [areas[i].id for i in small]
        told = self._told(on)
        known = Small(np.array(small, dtype=int), [told.get(number, "") for number in ids])
        return Lookup(kept, areas, self._boxes[kept], known, _shapes)

    def _told(self, on: date) -> dict[int, str]:
        """For each small area the ids of the areas it lies wholly in, parted by commas: one of a kind, and the only one."""
        small, other = aliased(Area), aliased(Area)
        alone = (
            select(AreaOverlap.area_id, func.min(AreaOverlap.other_id).label("other_id"))
            .join(small, and_(small.id == AreaOverlap.area_id, small.kind.in_(self._measured), _holds(small, on)))
            .join(other, and_(other.id == AreaOverlap.other_id, other.kind.not_in(self._measured), _holds(other, on)))
            .group_by(AreaOverlap.area_id, other.kind)
            .having(func.count() == 1, func.min(AreaOverlap.share_of_area) >= 1)
            .subquery()
        )
        ids = func.aggregate_strings(alone.c.other_id.cast(db.String), ",")
        words: dict[str, str] = {}
        rows = db.session.execute(select(alone.c.area_id, ids).group_by(alone.c.area_id).order_by(alone.c.area_id))
        return {area_id: words.setdefault(told, told) for area_id, told in rows}


def _holds(area: Any, on: date) -> Any:
    """That it holds on a day."""
    return and_(area.from_on <= on, or_(area.to_on.is_(None), area.to_on >= on))


def _shapes(ids: list[int]) -> Any:
    """The shapes of ids, in their order."""
    close = len(ids) > 1 and max(ids) - min(ids) < 2 * len(ids)  # as those of a layer: to name each takes longer than to read
    wanted = Area.id.between(min(ids), max(ids)) if close else Area.id.in_(ids)
    rows = dict(db.session.execute(select(Area.id, Area.shape).where(wanted).order_by(Area.id)).all())
    return shapes.from_rows(rows[number] for number in ids)


def point_index() -> PointIndex:
    """The index of this process, built on first use and again when any process has loaded something since.

    Whether one has is asked once in a transaction: within it nothing that others load is seen.
    """
    info = db.session.info
    held: PointIndex | None = info.get(READY)
    if held is not None:
        return held
    seen = newest_load()
    held = current_app.extensions.get("areas_index")
    if held is None or held.seen != seen:
        with _making:
            held = current_app.extensions.get("areas_index")
            if held is None or held.seen != seen:
                held = current_app.extensions["areas_index"] = PointIndex(seen)
    info[READY] = held
    return held


@event.listens_for(db.session, "after_transaction_end")
def _ask_again(session: Session, _transaction: SessionTransaction) -> None:
    """The next transaction may see more."""
    session.info.pop(READY, None)


@event.listens_for(AreaLoad, "after_insert")
@event.listens_for(AreaLoad, "after_update")
def _loaded_here(_mapper: Mapper[Any], _connection: Any, load: AreaLoad) -> None:
    """This transaction has loaded something itself."""
    session = object_session(load)
    if session is not None:
        session.info.pop(READY, None)
