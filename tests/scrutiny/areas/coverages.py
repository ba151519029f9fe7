"""Random layers for the property tests: coverages of a county, and footprints that cut it, as Hypothesis draws them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from hypothesis import assume
from hypothesis import strategies as st

#: the county, in metres of the national grid
WEST, SOUTH, SIDE = 412_345.5, 287_654.25, 9_000.0
COUNTY = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
MOVES = st.integers(-220, 220)


@st.composite
def grids(draw: st.DrawFn) -> Any:
    """A grid whose inner corners were moved, some of its cells cut from corner to corner."""
    many = draw(st.integers(2, 5))
    moved = np.zeros((many + 1, many + 1, 2))
    for row in range(1, many):
        for column in range(1, many):
            moved[row, column] = draw(MOVES), draw(MOVES)
    places = np.stack(np.meshgrid(np.arange(many + 1.0), np.arange(many + 1.0)), axis=-1) + moved / 1000
    places = places * (SIDE / many) + [WEST, SOUTH]
    cells = []
    for row in range(many):
        for column in range(many):
            corners = [places[row, column], places[row, column + 1], places[row + 1, column + 1], places[row + 1, column]]
            cut = draw(st.integers(0, 2))
            parts = {0: [corners], 1: [corners[:3], [*corners[2:], corners[0]]], 2: [corners[1:], [*corners[:2], corners[3]]]}
            cells += [shapely.Polygon(part) for part in parts[cut]]
    return np.array(cells, dtype=object)


@st.composite
def nearest(draw: st.DrawFn) -> Any:
    """The land nearest to each of some points: cells that meet at any angle, and reach beyond the county."""
    places = draw(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=4, max_size=14, unique=True))
    points = shapely.multipoints([(WEST + 100 * x + 7 * (y % 3), SOUTH + 100 * y + 11 * (x % 2)) for x, y in places])
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=shapely.buffer(COUNTY, 500, join_style="mitre")))
    assume(len(cells) > 1 and shapely.is_valid(cells).all() and shapely.coverage_is_valid(cells))
    return cells


@st.composite
def coverages(draw: st.DrawFn) -> Any:
    """A coverage of the county: cells, some dissolved into areas of several, in several parts or with holes."""
    cells = draw(st.one_of(grids(), nearest()))
    areas = draw(st.lists(st.integers(0, max(1, len(cells) // 2)), min_size=len(cells), max_size=len(cells)))
    owner = np.unique(areas, return_inverse=True)[1]
    shapes = np.array([shapely.coverage_union_all(cells[owner == n]) for n in range(owner.max() + 1)], dtype=object)
    assume(shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes))
    return shapes


@st.composite
def footprints(draw: st.DrawFn) -> Any:
    """Areas that owe the county nothing: boxes, stars and rings that cut across it and one another, or lie beyond it."""
    shapes = []
    for _ in range(draw(st.integers(1, 4))):
        x, y = WEST + 100 * draw(st.integers(-20, 110)), SOUTH + 100 * draw(st.integers(-20, 110))
        long = draw(st.lists(st.integers(3, 50), min_size=4, max_size=9))
        angles = np.linspace(0, 2 * np.pi, len(long), endpoint=False) + draw(st.integers(0, 6)) / 10
        star = shapely.Polygon(np.column_stack([x + 100 * np.cos(angles) * long, y + 100 * np.sin(angles) * long]))
        shapes.append(
            draw(
                st.sampled_from(
                    [star, shapely.box(*star.bounds), star.difference(shapely.box(x - 300, y - 200, x + 200, y + 300))]
                )
            )
        )
    found = np.array(shapes, dtype=object)
    assume(shapely.is_valid(found).all() and not shapely.is_empty(found).any())
    return found


def written_otherwise(shape: Any, turn: int, *, about: bool) -> Any:
    """The same land written otherwise: rings begun `turn` points further on and run the other way about, parts in another
    order."""
    parts = []
    for part in shapely.get_parts(shape)[::-1]:
        rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(part)]
        rings = [np.roll(ring, turn, axis=0)[:: -1 if about else 1] for ring in rings]
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.multipolygons(parts) if len(parts) > 1 or about else parts[0]
