"""Whatever coverage is cut by whatever footprints: shares lie in 0..1 and add up, and how a file is written changes nothing.

Each is held against a second reckoning that is slow and plain: Shapely's own intersection of one pair at a time.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.geography.best_fit import Stick, inside, people_in_both, people_of
from scrutiny.geography.cutting import land_in_both
from scrutiny.geography.overlay import NOISE, overlapping_neighbours, shared_land
from scrutiny.geography.repair import mend
from tests.scrutiny.areas.coverages import SIDE, SOUTH, WEST, coverages, footprints, written_otherwise

#: the same examples in every run, so that a failure is a change of the code
steady = settings(derandomize=True, deadline=None, max_examples=50)
#: square metres by which two reckonings of one share may differ: a hundredth of a sheet of paper
CLOSE = 5e-4


def by_pair(first: Any, second: Any) -> dict[tuple[int, int], float]:
    """The land of every pair that shares any, by our reckoning."""
    return {(int(i), int(j)): float(land) for i, j, land in zip(*land_in_both(first, second), strict=True)}


def plainly(first: Any, second: Any) -> dict[tuple[int, int], float]:
    """The land of every pair, by Shapely's, one pair at a time."""
    return {(i, j): first[i].intersection(second[j]).area for i, j in product(range(len(first)), range(len(second)))}


def differ(one: dict[tuple[int, int], float], other: dict[tuple[int, int], float]) -> list[Any]:
    """The pairs on which two reckonings differ; a pair that is not there shares nothing."""
    pairs = sorted({*one, *other})
    return [
        (pair, one.get(pair, 0.0), other.get(pair, 0.0))
        for pair in pairs
        if abs(one.get(pair, 0.0) - other.get(pair, 0.0)) > CLOSE
    ]


@steady
@given(coverages(), st.one_of(coverages(), footprints()))
def test_every_pair_shares_what_a_plain_intersection_says(first: Any, second: Any) -> None:
    assert differ(by_pair(first, second), plainly(first, second)) == []


@steady
@given(coverages(), coverages())
def test_shares_lie_between_nought_and_one_and_those_of_one_kind_add_up_to_one(first: Any, second: Any) -> None:
    i, j, land = land_in_both(first, second)
    assert len(set(zip(i.tolist(), j.tolist(), strict=True))) == len(i)
    share = land / shapely.area(first)[i]
    assert share.min() > -1e-9
    assert share.max() <= 1.0
    within = shapely.covers(shapely.union_all(second), first)
    assert np.abs(np.bincount(i, share, minlength=len(first))[within] - 1).max(initial=0) < 1e-9
    other = np.bincount(j, land / shapely.area(second)[j], minlength=len(second))
    within = shapely.covers(shapely.union_all(first), second)
    assert np.abs(other[within] - 1).max(initial=0) < 1e-9


@steady
@given(coverages(), footprints(), st.randoms(use_true_random=False), st.integers(0, 9), st.booleans())
def test_how_a_file_is_written_changes_nothing(first: Any, second: Any, chance: Any, turn: int, about: bool) -> None:
    """The order of features, where a ring begins, which way it runs, the order of parts, one part written as several."""
    before = by_pair(first, second)
    order, other = list(range(len(first))), list(range(len(second)))
    chance.shuffle(order)
    chance.shuffle(other)
    mixed = np.array([written_otherwise(first[n], turn, about=about) for n in order], dtype=object)
    theirs = np.array([written_otherwise(second[n], turn + 1, about=not about) for n in other], dtype=object)
    after = {(order[i], other[j]): land for (i, j), land in by_pair(mixed, theirs).items()}
    assert differ(before, after) == []
    turned = {(i, j): land for (j, i), land in by_pair(second, first).items()}
    assert differ(before, turned) == []


@steady
@given(coverages(), footprints(), st.integers(5, 85))
def test_the_land_of_an_area_cut_in_two_is_the_land_of_its_parts(first: Any, second: Any, at: int) -> None:
    line = WEST + 100 * at + 0.37
    west, east = (
        shapely.box(WEST - SIDE, SOUTH - SIDE, line, SOUTH + 2 * SIDE),
        shapely.box(line, SOUTH - SIDE, WEST + 2 * SIDE, SOUTH + 2 * SIDE),
    )
    whole = by_pair(first, second)
    parts = [by_pair(shapely.intersection(first, half), second) for half in (west, east)]
    together = {pair: sum(part.get(pair, 0.0) for part in parts) for pair in {*parts[0], *parts[1]}}
    assert differ(whole, together) == []


@steady
@given(coverages(), footprints())
def test_strips_of_noise_are_left_out_and_nothing_else(first: Any, second: Any) -> None:
    shared = shared_land(first, second)
    kept = {(int(i), int(j)) for i, j in zip(shared.first, shared.second, strict=True)}
    expected = plainly(first, second)
    assert {pair for pair, land in expected.items() if land > NOISE + CLOSE} <= kept
    assert kept <= {pair for pair, land in expected.items() if land > NOISE - CLOSE}
    assert list(zip(shared.first, shared.second, strict=True)) == sorted(zip(shared.first, shared.second, strict=True))


@steady
@given(coverages(), st.data())
def test_a_coverage_has_no_overlapping_neighbours_and_an_area_that_grows_overlaps_those_it_grows_into(
    shapes: Any, data: st.DataObject
) -> None:
    assert len(overlapping_neighbours(shapes).first) == 0
    grown = data.draw(st.integers(0, len(shapes) - 1))
    shapes = shapes.copy()
    shapes[grown] = shapes[grown].buffer(30, join_style="mitre")
    found = overlapping_neighbours(shapes)
    expected = {pair: land for pair, land in plainly(shapes, shapes).items() if pair[0] < pair[1] and land > NOISE + CLOSE}
    said = {(int(i), int(j)): float(m) for i, j, m in zip(found.first, found.second, found.square_metres, strict=True)}
    assert expected.keys() <= said.keys()
    assert differ(said, expected) == []


@steady
@given(coverages())
def test_a_hole_written_as_land_is_mended_without_taking_a_neighbours_land(shapes: Any) -> None:
    """The fault of real files: an area round another, the inner ring written as a second outline."""
    whole = shapely.union_all(shapes)
    around = shapely.box(*whole.bounds).buffer(1_000, join_style="mitre").difference(whole)  # one area round all the others
    layer = np.array([*shapes, around], dtype=object)
    broken = np.array([with_holes_as_land(shape) for shape in layer], dtype=object)
    assert not shapely.is_valid(broken[-1])
    mended = np.array([shape if shape.is_valid else mend(shape) for shape in broken], dtype=object)
    assert shapely.area(shapely.symmetric_difference(mended, layer)).max() < 1
    assert overlapping_neighbours(mended).square_metres.sum() < 1


@steady
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=4, max_size=9, unique=True), st.integers(0, 3))
def test_whatever_is_mended_is_read_by_the_even_odd_rule(corners: list[tuple[int, int]], again: int) -> None:
    """Outlines that cross themselves, and rings written twice or over one another, against the odd ones of plain rings."""
    points = np.array(corners) * 100.0 + [WEST, SOUTH]
    rings = [points, *([points[:3] + 50.0 * again] if again else [])]
    shape = shapely.multipolygons([shapely.Polygon(ring) for ring in rings])
    mended = mend(shape)
    faces = shapely.get_parts(
        shapely.polygonize(shapely.get_parts(shapely.union_all([shapely.LinearRing(ring) for ring in rings])))
    )
    odd = [face for face in faces if sum(times_round(ring, face.representative_point()) for ring in rings) % 2]
    expected = reduce(shapely.union, odd, shapely.Polygon())
    assert (mended is None and expected.area == 0) or (mended.is_valid and mended.symmetric_difference(expected).area < CLOSE)


def with_holes_as_land(shape: Any) -> Any:
    """The shape with every ring written as an outline of its own."""
    rings = [shapely.Polygon(shapely.get_coordinates(ring)) for ring in shapely.get_rings(shapely.get_parts(shape))]
    return shapely.multipolygons(rings)


def times_round(ring: Any, point: Any) -> int:
    """How many edges of a ring a line from a point to the south crosses."""
    x, y = point.x, point.y
    count = 0
    for (x1, y1), (x2, y2) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if (x1 <= x < x2) or (x2 <= x < x1):
            count += y1 + (x - x1) * (y2 - y1) / (x2 - x1) < y
    return count


@steady
@given(
    coverages(),
    footprints(),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(0, 3000)), min_size=1, max_size=30),
)
def test_people_are_counted_once_in_a_coverage_and_where_their_point_lies(first: Any, second: Any, counted: list[Any]) -> None:
    x, y, people = (np.array(column, dtype=float) for column in zip(*counted, strict=True))
    x, y = WEST + 100 * x, SOUTH + 100 * y
    stick = Stick(tuple(map(str, range(len(x)))), x, y, people, date(2021, 3, 21), "A count")
    ours, theirs = inside(stick, first), inside(stick, second)
    assert sum(filter(None, people_of(ours, stick, len(first)))) == people.sum()
    points = shapely.points(x, y)
    lie_in = [[n for n, point in enumerate(points) if shape.covers(point)] for shape in second]
    strictly = [[n for n, point in enumerate(points) if shape.contains(point)] for shape in second]
    for n, found in enumerate(people_of(theirs, stick, len(second))):
        assert sum(people[strictly[n]]) <= (found or 0) <= sum(people[lie_in[n]])
    pairs = np.array(list(product(range(len(first)), range(len(second)))))
    both = people_in_both(ours, theirs, stick, (pairs[:, 0], pairs[:, 1]), len(second))
    of_each = np.bincount(pairs[:, 1], both, minlength=len(second))
    assert of_each.tolist() == [found or 0 for found in people_of(theirs, stick, len(second))]
