"""The places of a layer on a map, shaded by how many gaps each has; the number stands on it too, or in the table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from flask_babel import gettext
from markupsafe import Markup

from scrutiny.areas.layer_map import layer_rings
from scrutiny.areas.models import Area
from scrutiny.formats import mid_sentence, number
from scrutiny.gaps import words
from scrutiny.gaps.found import PlaceGaps
from scrutiny.pictures import Shape, boundary_map
from scrutiny.rules.queries import rules

#: From no gap to many: lighter to darker, and hatched from the second on.
SHADES = ("outside", "one", "two", "four")
#: So many areas still have room for their number.
FEW = 40


def layer_map(areas: Sequence[Area], places: Sequence[PlaceGaps], kind: str, query: str) -> Markup:
    """The map of a layer: each place leads to its own gaps."""
    rings, choices = layer_rings([area.id for area in areas]), rules().gap_choices
    shapes = [
        Shape(
            rings[area.id],
            words.counts_words(place),
            tone=SHADES[choices.shade(len(place.gaps))],
            href=f"/places/{quote(area.code)}/gaps{query}",
            label=number(len(place.gaps)) if len(areas) <= FEW else "",
            label_at=(area.point_x, area.point_y),
        )
        for area, place in zip(areas, places, strict=True)
    ]
    return boundary_map(shapes, title=gettext("Gaps by place: %(kind)s", kind=mid_sentence(plural(kind))), size=(560, 700))


def plural(kind: str) -> str:
    """A kind of area in the plural."""
    known = rules().area_kinds
    return known[kind].plural if kind in known else kind


def key_of_shades() -> list[str]:
    """What the shades mean, from the lightest."""
    choices = rules().gap_choices
    return [
        gettext("Plain grey: none"),
        gettext("Plain blue: 1 to %(most)s", most=choices.some - 1),
        gettext("Diagonal lines: %(least)s to %(most)s", least=choices.some, most=choices.many - 1),
        gettext("Crossed lines: %(least)s or more", least=choices.many),
    ]
