"""Weights of small areas added up where two layers share them: each small area counts whole where its own point lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.areas.queries import holds_on
from scrutiny.areas.service import measuring_kinds
from scrutiny.areas.writing import chunks
from scrutiny.extensions import db
from scrutiny.geography import shapes
from scrutiny.geography.best_fit import Stick, inside

#: what an area shares with each area of another kind by code, and what it weighs altogether
Weighed = tuple[list[tuple[str, float]], float]


def weighed(area_ids: Sequence[int], to_kind: str, weights: Mapping[str, float], on: date) -> dict[str, Weighed]:
    """For each of these areas, by code, the weight it shares with each area of a kind; one that weighs nothing is left out."""
    stick = _stick(weights)
    first_codes, first = _layer(list(area_ids))
    others = select(Area.id).where(Area.kind == to_kind, holds_on(on)).order_by(Area.id)
    second_codes, second = _layer(list(db.session.scalars(others)))
    ours, theirs = inside(stick, first), inside(stick, second)
    wholes = np.bincount(ours.area, weights=stick.people[ours.point], minlength=len(first_codes))
    into: dict[int, list[int]] = {}
    for point, area in zip(theirs.point.tolist(), theirs.area.tolist(), strict=True):
        into.setdefault(point, []).append(area)
    sums: dict[int, dict[int, float]] = {}
    for point, area in zip(ours.point.tolist(), ours.area.tolist(), strict=True):
        for other in into.get(point, []):
            held = sums.setdefault(area, {})
            held[other] = held.get(other, 0.0) + float(stick.people[point])
    return {
        code: ([(second_codes[other], weight) for other, weight in sorted(sums.get(at, {}).items()) if weight], float(wholes[at]))
        for at, code in enumerate(first_codes)
        if wholes[at] > 0
    }


def _stick(weights: Mapping[str, float]) -> Stick:
    """The small areas that have a weight, with their points; the newest boundary of each."""
    found: dict[str, tuple[float, float]] = {}
    for chunk in chunks(sorted(weights), 500):
        rows = select(Area.code, Area.point_x, Area.point_y).where(Area.code.in_(chunk), Area.kind.in_(measuring_kinds()))
        found |= {row.code: (row.point_x, row.point_y) for row in db.session.execute(rows.order_by(Area.from_on, Area.id))}
    codes = sorted(found)
    points = np.array([found[code] for code in codes], dtype=float).reshape(-1, 2)
    sizes = np.array([weights[code] for code in codes], dtype=float)
    return Stick(tuple(codes), points[:, 0], points[:, 1], sizes, date.min, "weights")


def _layer(area_ids: list[int]) -> tuple[list[str], Any]:
    """The codes and shapes of areas, in one order."""
    rows: list[Any] = []
    for chunk in chunks(sorted(area_ids), 500):
        rows += db.session.execute(select(Area.code, Area.shape).where(Area.id.in_(chunk)).order_by(Area.id)).all()
    return [row.code for row in rows], shapes.from_rows(row.shape for row in rows)
