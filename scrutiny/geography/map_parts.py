"""What a map of a place draws, as shapes: the place, what others cover of it, and its neighbours in a frame round it; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from scrutiny.geography import outlines
from scrutiny.geography.shapes import Shape, Shapes, array, joined

Rings = list[list[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Light shapes in one coverage: the outline of the place, the piece of each covering shape, and each neighbour."""

    outline: Shape
    pieces: Shapes
    neighbours: Shapes


def draw(place: Shape, covering: Sequence[Shape], beside: Sequence[Shape], margin: float) -> Drawn:
    """A place with what covers it and what lies within `margin` metres, simplified together so that all still meet."""
    pieces = outlines.pieces(place, array(covering)) if len(covering) else array([])
    within = _with_rest(place, pieces)
    near = _near(place, beside, margin)
    together = outlines.meeting(array([*within, *near])) if len(near) else within
    drawn = outlines.light(together, frame=array([place]))
    inner, outer = drawn[: len(covering) + 1], drawn[len(covering) + 1 :]
    return Drawn(joined(inner) if len(inner) else place, inner[: len(covering)], outer)


def whole_metres(shape: Shape) -> Rings:
    """The rings of a shape to the metre: finer is not seen, and whole numbers are the same on every machine."""
    return [[(round(x), round(y)) for x, y in ring] for ring in outlines.rings(shape)]


def has_land(shape: Shape) -> bool:
    """Whether anything of a shape is left to draw."""
    return not shapely.is_empty(shape)


def label_point(shape: Shape) -> tuple[float, float] | None:
    """A point inside the largest polygon, in whole metres."""
    parts = shapely.get_parts(shape)
    if not len(parts):
        return None
    point = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    return round(point.x), round(point.y)


def _near(place: Shape, others: Sequence[Shape], margin: float) -> Shapes:
    """What of the neighbours lies in a frame round the place, which is drawn over them."""
    if not len(others):
        return array([])
    left, low, right, high = shapely.bounds(place)
    frame = (left - margin, low - margin, right + margin, high + margin)
    cut = [outlines.sound(shapely.clip_by_rect(shape, *frame), shape, frame) for shape in others]
    return array(outlines.land(shape) for shape in cut)


def _with_rest(place: Shape, pieces: Shapes) -> Shapes:
    """The pieces, and last what they leave of the place, so that its outline survives the simplifying."""
    rest = shapely.difference(place, shapely.union_all(pieces)) if len(pieces) else place
    return array([*pieces, outlines.land(rest)])
