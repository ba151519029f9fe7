"""A whole layer of areas drawn light together, and which of them are neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.geography import outlines, shapes

Rings = list[list[tuple[float, float]]]


def layer_rings(area_ids: Sequence[int]) -> dict[int, Rings]:
    """The rings (whole metres) of each area of one layer, simplified as one coverage so that neighbours still meet."""
    rows = db.session.execute(select(Area.id, Area.shape).where(Area.id.in_(area_ids)).order_by(Area.id)).all()
    drawn = outlines.light(shapes.from_rows(row.shape for row in rows))
    return {
        row.id: [[(round(x), round(y)) for x, y in ring] for ring in outlines.rings(shape)]
        for row, shape in zip(rows, drawn, strict=True)
    }


def neighbours(drawn: dict[int, Rings]) -> dict[int, list[int]]:
    """For each area of a drawn layer those it shares a border with: at least two points of both outlines."""
    holders: dict[tuple[float, float], set[int]] = defaultdict(set)
    for area_id, rings in drawn.items():
        for ring in rings:
            for point in ring:
                holders[point].add(area_id)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for ids in holders.values():
        for one in ids:
            for other in ids - {one}:
                shared[one, other] += 1
    found: dict[int, list[int]] = {area_id: [] for area_id in drawn}
    for (one, other), points in sorted(shared.items()):
        if points >= 2:
            found[one].append(other)
    return found
