"""The map of this instance for the front page: one layer drawn once, kept until something is loaded, with its neighbours."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from math import inf
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup

from scrutiny.areas.layer_map import layer_rings, neighbours
from scrutiny.areas.models import Area
from scrutiny.areas.queries import areas_of_kind, kinds_loaded
from scrutiny.areas.stored_layers import Loading, last_loading
from scrutiny.formats import number, square_km
from scrutiny.languages import locale_now
from scrutiny.pictures import Shape, boundary_map
from scrutiny.rules.queries import rules

#: What the front page draws: the first of these that is loaded, else the first kind that is not a small area.
WANTED = ("district", "upper_tier")
#: So many areas still have room for their names.
FEW = 14
Box = tuple[float, float, float, float]
Seen = tuple[Loading | None, date, str]
_making = threading.Lock()


@dataclass(frozen=True, slots=True)
class Listed:
    """One area of the map, as the list beside it says it."""

    code: str
    name: str
    people: int | None
    square_metres: float


@dataclass(frozen=True, slots=True)
class Districts:
    """A drawn layer: the map, the same as a list by name, and each area's neighbours by code."""

    seen: Seen
    plural: str
    svg: Markup
    listed: tuple[Listed, ...]
    beside: dict[str, tuple[Listed, ...]]
    title: str = ""
    shapes: tuple[Shape, ...] = ()
    #: each of `listed` as it is drawn, to be drawn again larger
    boxes: tuple[Box, ...] = ()
    #: the corners of each: west, south, east, north


def districts(on: date) -> Districts:
    """The layer as it stands on a day; drawn on first use and again when anything was loaded, or for another day or language."""
    seen = (last_loading(), on, str(locale_now()))
    held: Districts | None = current_app.extensions.get("public_districts")
    if held is None or held.seen != seen:
        with _making:
            held = current_app.extensions.get("public_districts")
            if held is None or held.seen != seen:
                held = current_app.extensions["public_districts"] = _drawn(seen, on)
    return held


def _drawn(seen: Seen, on: date) -> Districts:
    """Draw the layer; nothing where no boundaries are loaded."""
    kinds = rules().area_kinds
    loaded = [one.kind for one in kinds_loaded(on) if one.areas and one.kind in kinds and not kinds[one.kind].measuring_stick]
    kind = next((kind for kind in (*WANTED, *loaded) if kind in loaded), None)
    if kind is None:
        return Districts(seen, "areas", Markup(""), (), {})
    areas = areas_of_kind(kind, on)
    rings = layer_rings([area.id for area in areas])
    listed = {area.id: Listed(area.code, area.name, area.people, area.square_metres) for area in areas}
    shapes = [
        Shape(
            rings[area.id],
            _words(area),
            href=f"/places/{quote(area.code)}",
            label=area.name if len(areas) <= FEW else "",
            label_at=(area.point_x, area.point_y),
        )
        for area in areas
    ]
    title = gettext("Map of the %(kinds)s here", kinds=kinds[kind].plural.lower())
    svg = boundary_map(shapes, title=title, size=(620, 760), placed=True)
    beside = {
        listed[one].code: tuple(sorted((listed[other] for other in others), key=lambda other: other.name))
        for one, others in neighbours(rings).items()
    }
    return Districts(
        seen, kinds[kind].plural.lower(), svg, tuple(listed.values()), beside, title, tuple(shapes), tuple(map(_box, shapes))
    )


def _box(shape: Shape) -> Box:
    """The corners of an area; what has no ring lies nowhere."""
    points = [point for ring in shape.rings for point in ring] or [(inf, inf)]
    return min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)


def _words(area: Area) -> str:
    """What is said of an area on the map."""
    land = square_km(area.square_metres)
    if area.people is None:
        return f"{area.name}, {land}"
    return gettext("%(name)s, %(people)s people, %(land)s", name=area.name, people=number(area.people), land=land)
