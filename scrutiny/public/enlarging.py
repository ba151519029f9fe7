"""The map of the front page enlarged, a quarter of what is shown at a time: an address each, and no script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from flask_babel import lazy_gettext
from markupsafe import Markup

from scrutiny.pictures import Shape, boundary_map
from scrutiny.public.districts import FEW, Box, Districts, Listed

#: The quarters by the digit that stands for each in an address.
QUARTERS = {
    "0": lazy_gettext("North west"),
    "1": lazy_gettext("North east"),
    "2": lazy_gettext("South west"),
    "3": lazy_gettext("South east"),
}
#: How often it can be enlarged: a seventh quarter of a country is a few kilometres wide.
DEEPEST = 7


@dataclass(frozen=True, slots=True)
class View:
    """What of the map is shown: the picture, the areas whose middle lies in it, the quarters that hold any, and the way back."""

    svg: Markup
    listed: tuple[Listed, ...]
    quarters: tuple[tuple[str, str], ...]
    zoom: str = ""
    wider: str | None = None


def view_of(drawn: Districts, asked: str) -> View:
    """The part of the map that an address asks for; the whole of it where it asks for none, or for one that holds nothing."""
    if len(drawn.listed) <= FEW:
        return View(drawn.svg, drawn.listed, ())
    zoom = asked[:DEEPEST] if not asked.strip("".join(QUARTERS)) else ""
    box = _box(drawn, zoom)
    inside = tuple(one for one, shape in zip(drawn.listed, drawn.shapes, strict=True) if _holds(box, shape))
    if zoom and not inside:
        return view_of(drawn, "")
    quarters = _quarters(drawn, zoom) if len(zoom) < DEEPEST and len(inside) > 1 else ()
    if not zoom:
        return View(drawn.svg, drawn.listed, quarters)
    return View(_enlarged(drawn, box, inside), inside, quarters, zoom, zoom[:-1])


def _quarters(drawn: Districts, zoom: str) -> tuple[tuple[str, str], ...]:
    """The quarters of a part in which anything lies, each as address and name."""
    boxes = {digit: _box(drawn, zoom + digit) for digit in QUARTERS}
    return tuple(
        (zoom + digit, str(QUARTERS[digit])) for digit, box in boxes.items() if any(_holds(box, shape) for shape in drawn.shapes)
    )


def _enlarged(drawn: Districts, box: Box, inside: tuple[Listed, ...]) -> Markup:
    """The part drawn large, with whatever of its neighbours shows; named where the names have room."""
    named = {one.code: one.name for one in inside} if len(inside) <= FEW else {}
    shapes = [
        replace(shape, label=named.get(one.code, ""))
        for one, shape, corners in zip(drawn.listed, drawn.shapes, drawn.boxes, strict=True)
        if _meets(box, corners)
    ]
    return boundary_map(shapes, title=drawn.title, size=(620, 760), placed=True, frame=box)


def _box(drawn: Districts, zoom: str) -> Box:
    """The corners of a part, west, south, east, north: each digit halves it both ways."""
    boxes = [box for box in drawn.boxes if box[0] < inf]
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    for digit in zoom:
        middle, half = (west + east) / 2, (south + north) / 2
        west, east = (west, middle) if digit in "02" else (middle, east)
        south, north = (half, north) if digit in "01" else (south, half)
    return west, south, east, north


def _holds(box: Box, shape: Shape) -> bool:
    """Whether the middle of an area lies in a part; one on a border lies in the part to its east and north."""
    if shape.label_at is None:
        return False
    x, y = shape.label_at
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _meets(box: Box, other: Box) -> bool:
    """Whether anything within these corners may show in a part."""
    return other[0] <= box[2] and other[2] >= box[0] and other[1] <= box[3] and other[3] >= box[1]
