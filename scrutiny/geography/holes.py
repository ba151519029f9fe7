"""What a layer that should cover its land leaves out: gaps its areas go round, and small areas that none of them holds; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from scrutiny.formats import land, listed, number, plural
from scrutiny.geography.best_fit import Inside, Stick
from scrutiny.geography.intake import Layer
from scrutiny.geography.overlay import NOISE

#: below this share of the nation's people in it, a layer is one part of the country, and what lies beyond it is no gap
MOST_OF_A_NATION = 0.5
NEXT_TO = 3


def enclosed(shapes: Any, *, coverage: bool) -> Any:
    """The gaps (polygons, the largest first) that the areas of a layer go round, of more than a strip of noise."""
    whole = shapely.coverage_union_all(shapes) if coverage else shapely.union_all(shapes)
    rings = [ring for part in shapely.get_parts(whole) if part.geom_type == "Polygon" for ring in part.interiors]
    found = shapely.polygons(rings) if rings else np.array([], dtype=object)
    size = shapely.area(found)
    order = np.argsort(-size, kind="stable")
    return found[order[size[order] > NOISE]]


def enclosed_words(layer: Layer, stick: Stick | None, *, coverage: bool) -> list[tuple[str, str]]:
    """A remark (code of a neighbour, sentence) on each enclosed gap: its land, its people where counted, its neighbours."""
    gaps = enclosed(layer.shapes, coverage=coverage)
    if not len(gaps):
        return []
    tree = shapely.STRtree(layer.shapes)
    points = shapely.points(stick.x, stick.y) if stick is not None else np.array([], dtype=object)
    people = shapely.STRtree(points)
    said = []
    for gap in gaps:
        beside = sorted(tree.query(gap, predicate="dwithin", distance=NOISE).tolist(), key=lambda i: layer.codes[i])
        folk = ""
        if stick is not None:
            held = people.query(gap, predicate="intersects")
            folk = f" and {plural(round(float(stick.people[held].sum())), 'person', 'people')}"
        said.append((layer.codes[beside[0]] if beside else "", f"a gap of {land(gap.area)}{folk} {_beside(layer, beside)}"))
    return said


def left_out_words(layer: Layer, stick: Stick | None, held: Inside | None) -> list[tuple[str, str]]:
    """A remark (code, sentence) for each area beside which small areas lie that no area of the layer holds.

    Asked only of the nations of which the layer holds most of the people that are counted.
    """
    if stick is None or held is None or not len(stick.codes):
        return []
    within = np.zeros(len(stick.codes), dtype=bool)
    within[held.point] = True
    nation = np.array([code[:1] for code in stick.codes])
    out = np.zeros(len(stick.codes), dtype=bool)
    for letter in sorted({code[:1] for code in layer.codes}):
        ours = nation == letter
        everyone = stick.people[ours].sum()
        if everyone and stick.people[ours & within].sum() >= MOST_OF_A_NATION * everyone:
            out |= ours & ~within
    lost = np.flatnonzero(out)
    if not len(lost):
        return []
    nearest = shapely.STRtree(layer.shapes).nearest(shapely.points(stick.x[lost], stick.y[lost]))
    said = []
    for area in sorted(set(nearest.tolist()), key=lambda i: layer.codes[i]):
        of_it = lost[nearest == area]
        people, first = stick.people[of_it].sum(), [stick.codes[i] for i in of_it[:3]]
        more = f" and {number(len(of_it) - 3)} more" if len(of_it) > 3 else ""
        said.append(
            (
                layer.codes[area],
                f"{number(people)} people in {plural(len(of_it), 'small area')} ({', '.join(first)}{more}) lie in no area of "
                f"this layer; the nearest is {layer.codes[area]} {layer.names[area]}",
            )
        )
    return said


def _beside(layer: Layer, beside: Sequence[int]) -> str:
    """What a gap is next to, in words."""
    named = [f"{layer.codes[i]} {layer.names[i]}" for i in beside[:NEXT_TO]]
    if len(beside) > NEXT_TO:
        named.append(f"{len(beside) - NEXT_TO} more")
    words = f"is next to {listed(named)}" if named else "lies inside the layer"
    return f"{words}; no area of the layer holds a point there"
