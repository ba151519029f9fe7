"""Many postcodes at once: for each the councils it may lie across, by the same rule as for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select

from scrutiny.areas.models import Area, Postcode
from scrutiny.areas.queries import holds_on
from scrutiny.areas.succession import resolve_many
from scrutiny.areas.writing import chunks
from scrutiny.extensions import db
from scrutiny.geography.borders import box_round_points, near_borders, points_at, within_boxes
from scrutiny.geography.point_lookup import Found
from scrutiny.place_lookup.straddling import COUNCILS, NEAR, Neighbour, Straddle


def asks_of(placed: Sequence[Postcode], there: Mapping[str, Found], on: date) -> dict[str, str]:
    """Which council is meant, in words, for each postcode (with a point) that may lie in another than the one at its point;
    where two overlap at the point itself nothing is said here."""
    if not placed:
        return {}
    points = points_at([row.x for row in placed], [row.y for row in placed])
    kinds = _kinds(points, on)
    said = {}
    for kind in COUNCILS:
        rows = [row for row, of_kind in zip(placed, kinds, strict=True) if of_kind == kind]
        if not rows:
            continue
        near = _near(points[[of_kind == kind for of_kind in kinds]], kind, on)
        named = _named({row.district_code for row in rows if row.district_code}, kind, on)
        for row, neighbours in zip(rows, near, strict=True):
            inside = tuple(area for area in there.get(row.postcode, ()) if area.kind == kind)
            found = {one.id: one for one in (*named.get(row.district_code or "", ()), *neighbours)}
            beside = [one for one in found.values() if one.id not in {area.id for area in inside}]
            beside.sort(key=lambda one: (one.metres or 0.0, one.code))
            if beside and len(inside) < 2:
                said[row.postcode] = Straddle(row.postcode, inside, tuple(beside), "").asks
    return said


def _kinds(points: Any, on: date) -> list[str | None]:
    """For each point the first kind of council with the box of an area within reach."""
    kinds: list[str | None] = [None] * len(points)
    for kind in reversed(COUNCILS):
        columns = (Area.min_x, Area.min_y, Area.max_x, Area.max_y)
        rows = db.session.execute(select(*columns).where(Area.kind == kind, holds_on(on)).order_by(Area.id)).all()
        if not rows:
            continue
        boxes = np.array([tuple(row) for row in rows], dtype=float) + np.array([-NEAR, -NEAR, NEAR, NEAR])
        for at in within_boxes(points, boxes):
            kinds[at] = kind
    return kinds


def _near(points: Any, kind: str, on: date) -> list[list[Neighbour]]:
    """For each point the councils whose border runs within reach, with the metres to it."""
    least_x, least_y, most_x, most_y = box_round_points(points)
    rows = db.session.execute(
        select(Area.id, Area.code, Area.name, Area.kind, Area.shape)
        .where(
            Area.kind == kind,
            holds_on(on),
            Area.min_x <= most_x + NEAR,
            Area.max_x >= least_x - NEAR,
            Area.min_y <= most_y + NEAR,
            Area.max_y >= least_y - NEAR,
        )
        .order_by(Area.code, Area.id)
    ).all()
    found: list[dict[int, float]] = [{} for _ in range(len(points))]
    for point, owner, metres in near_borders(points, [row.shape for row in rows], NEAR):
        found[point][owner] = min(metres, found[point].get(owner, metres))
    return [[Neighbour(*rows[owner][:4], metres) for owner, metres in one.items()] for one in found]


def _named(codes: set[str], kind: str, on: date) -> dict[str, list[Neighbour]]:
    """The council that a postcode's own file names, by its code there, brought forward to the day where it became one whole."""
    became = {code: one.became[0].code for code, one in resolve_many(codes, on).items() if len(one.became) == 1}
    areas: dict[str, Neighbour] = {}
    for chunk in chunks(sorted(set(became.values())), 500):
        rows = select(Area.id, Area.code, Area.name, Area.kind)
        for row in db.session.execute(rows.where(Area.code.in_(chunk), Area.kind == kind, holds_on(on)).order_by(Area.id)):
            areas.setdefault(row.code, Neighbour(row.id, row.code, row.name, row.kind, None))
    return {code: [areas[new]] for code, new in became.items() if new in areas}
