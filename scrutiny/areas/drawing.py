"""Maps of this room's areas, drawn by pictures.py: a whole kind, or a place with the parts that others cover of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from flask import current_app
from markupsafe import Markup
from sqlalchemy import select

from scrutiny.areas import outlines, queries
from scrutiny.areas.models import Area
from scrutiny.areas.stored import newest_load
from scrutiny.extensions import db
from scrutiny.formats import percent
from scrutiny.pictures import SHADES, Shape, boundary_map

#: a whole country at this many steps is about 150 kB
COARSE = 500
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Outline:
    """One area made light enough to draw: rings in metres (PLACE_CRS), and a point inside for its label."""

    id: int
    code: str
    name: str
    rings: list[list[tuple[float, float]]]
    at: tuple[float, float]


def map_of_kind(kind: str, on: date, *, title: str, href: Callable[[Outline], str] | None = None) -> Markup:
    """Every area of a kind on a day, each named and, with `href`, a link; '' where none is loaded."""
    drawn = [Shape(one.rings, one.name, href=href(one) if href else "") for one in outlines_of_kind(kind, on)]
    return boundary_map(drawn, title=title)


def map_of_place(
    areas: Sequence[Area], on: date, *, title: str, kind: str | None = None, href: Callable[[queries.Overlap], str] | None = None
) -> tuple[Markup, list[queries.Overlap]]:
    """A place's boundary, with the part each area of `kind` covers in a shade of its own; and the same facts for a table."""
    over = queries.overlaps([area.id for area in areas], on, with_kind=kind) if kind else []
    place, parts = parts_of_place([area.id for area in areas], [one.id for one in over])
    shapes = []
    for number, (one, part) in enumerate(zip(over, parts, strict=True)):
        words = f"{one.name}: {percent(one.share_of_people)} of the people, {percent(one.share_of_area)} of the land"
        shade = SHADES[number % len(SHADES)]
        label = one.name if len(over) > 1 else ""
        shapes.append(Shape(part.rings, words, shade, href(one) if href else "", label, part.at))
    named = " and ".join(area.name for area in areas[:3])
    if not shapes:
        shapes.append(Shape(place.rings, named, "one"))
    return boundary_map([*shapes, Shape(place.rings, named, "place")], title=title, most_height=700), over


def outlines_of_kind(kind: str, on: date) -> list[Outline]:
    """Every area of a kind on a day as a light outline, by name; neighbours still meet."""
    rows = db.session.execute(
        select(Area.id, Area.code, Area.name).where(Area.kind == kind, queries.holds_on(on)).order_by(Area.name, Area.code)
    ).all()
    ids = [row.id for row in rows]
    drawn = _kept(("kind", kind, tuple(ids)), lambda: _drawn(outlines.light(_shapes(ids), steps=COARSE))) if ids else []
    return [Outline(*row, *one) for row, one in zip(rows, drawn, strict=True) if one[0]]


def parts_of_place(area_ids: Sequence[int], other_ids: Sequence[int]) -> tuple[Outline, list[Outline]]:
    """The outline of a place, and what each of the other areas covers of it; simplified together, so that they fit."""

    def make() -> list[tuple[Any, Any]]:
        place = shapely.union_all(_shapes(area_ids))
        pieces = outlines.pieces(place, _shapes(other_ids)) if other_ids else np.array([], dtype=object)
        return _drawn(outlines.light(np.array([*pieces, place], dtype=object), frame=np.array([place], dtype=object)))

    drawn = _kept(("place", tuple(area_ids), tuple(other_ids)), make)
    made = [Outline(area_id, "", "", *one) for area_id, one in zip([*other_ids, 0], drawn, strict=True)]
    return made[-1], made[:-1]


def _drawn(shapes: Any) -> list[tuple[Any, Any]]:
    """Rings and a label point of each shape."""
    found = []
    for shape in shapes:
        point = shapely.point_on_surface(shape)
        found.append((outlines.rings(shape), (float(point.x), float(point.y)) if not shapely.is_empty(shape) else (0.0, 0.0)))
    return found


def _shapes(ids: Sequence[int]) -> Any:
    """The stored shapes of areas, in the order of the ids."""
    wkb: dict[int, bytes] = {}
    for start in range(0, len(ids), 500):
        wanted = list(ids[start : start + 500])
        rows = db.session.execute(select(Area.id, Area.shape).where(Area.id.in_(wanted)).order_by(Area.id))
        wkb |= {row.id: row.shape for row in rows}
    return shapely.from_wkb(np.array([wkb[area_id] for area_id in ids], dtype=object))


def _kept(key: Any, make: Callable[[], list[tuple[Any, Any]]]) -> list[tuple[Any, Any]]:
    """Drawn once in each process, until something is loaded; the oldest goes when there are many."""
    seen = newest_load()
    held = current_app.extensions.setdefault("areas_drawn", {})
    if held.get("seen") != seen:
        held.clear()
        held["seen"] = seen
    if key not in held:
        if len(held) > MOST_KEPT:
            held.pop(next(iter(k for k in held if k != "seen")), None)
        held[key] = make()
    return list(held[key])
