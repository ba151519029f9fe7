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
from workflows.gaps import bands

#: From no gap to many: lighter to darker, and hatched from the second on.
SHADES = ("outside", "one", "two", "four")
#: So many areas still have room for their number.
FEW = 40


def layer_map(areas: Sequence[Area], places: Sequence[PlaceGaps], kind: str, query: str) -> Markup:
    """The map of a layer: each place leads to its own gaps."""
    rings, steps = layer_rings([area.id for area in areas]), steps_of(places)
    shapes = [
        Shape(
            rings[area.id],
            words.counts_words(place),
            tone=SHADES[sum(len(place.gaps) >= least for least in steps)],
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


def steps_of(places: Sequence[PlaceGaps]) -> tuple[int, int, int]:
    """From how many gaps each shade is used."""
    return bands(len(place.gaps) for place in places)


def key_of_shades(places: Sequence[PlaceGaps]) -> list[str]:
    """What the shades mean, from the lightest; of a shade that no place can have nothing."""
    least, darker, darkest = steps_of(places)
    most = max((len(place.gaps) for place in places), default=0)
    found = [gettext("Plain grey: none")] if any(not place.gaps for place in places) else []
    if most:
        found.append(gettext("Plain blue: %(gaps)s", gaps=_span(least, min(darker - 1, most))))
    if darker <= most and darker < darkest:
        found.append(gettext("Diagonal lines: %(gaps)s", gaps=_span(darker, min(darkest - 1, most))))
    if darkest <= most:
        found.append(gettext("Crossed lines: %(gaps)s", gaps=_span(darkest, most)))
    return found


def _span(first: int, last: int) -> str:
    """A number of gaps, or from one to another."""
    return number(first) if first == last else gettext("%(first)s to %(last)s", first=number(first), last=number(last))
