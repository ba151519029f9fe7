"""People are counted whole where a small area's own point lies, and shares add up."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import shapely

from scrutiny.geography.best_fit import Stick, inside, nearest, people_in_both, people_of


def stick(on: date = date(2021, 3, 21), people: tuple[int, ...] = (100, 200, 300, 400)) -> Stick:
    """Four small areas, their points at 5, 15, 25 and 35 kilometres along a line."""
    return Stick(
        ("A", "B", "C", "D"), np.array([5.0, 15.0, 25.0, 35.0]), np.full(4, 5.0), np.array(people, dtype=float), on, "A count"
    )


def strips(*edges: float) -> np.ndarray:
    return np.array([shapely.box(left, 0, right, 10) for left, right in pairwise(edges)])


def test_each_small_area_is_counted_once_and_whole() -> None:
    shapes = strips(0, 12, 40, 50)
    found = inside(stick(), shapes)
    assert people_of(found, stick(), 3) == [100, 900, None]


def test_people_in_both_of_a_pair_are_those_whose_point_lies_in_both() -> None:
    one, other = strips(0, 20, 40), strips(0, 10, 30, 40)
    both = people_in_both(
        inside(stick(), one), inside(stick(), other), stick(), (np.array([0, 0, 1, 1, 0]), np.array([0, 1, 1, 2, 2])), 3
    )
    assert both == [100, 200, 300, 400, 0]


def test_a_point_in_two_overlapping_areas_counts_in_both() -> None:
    overlapping = np.array([shapely.box(0, 0, 30, 10), shapely.box(20, 0, 40, 10)])
    found = inside(stick(), overlapping)
    assert people_of(found, stick(), 2) == [600, 700]
    assert people_in_both(found, inside(stick(), strips(0, 40)), stick(), (np.array([0, 1]), np.array([0, 0])), 1) == [600, 700]


def test_a_point_on_the_edge_between_neighbours_counts_on_one_side_only() -> None:
    found = inside(stick(), strips(0, 15, 25, 40))
    assert people_of(found, stick(), 3) == [300, 300, 400]


def test_nobody_counted_is_not_nought() -> None:
    empty = Stick((), np.zeros(0), np.zeros(0), np.zeros(0), date(2021, 3, 21), "")
    assert people_of(inside(empty, strips(0, 10)), empty, 1) == [None]
    assert people_in_both(
        inside(empty, strips(0, 10)), inside(empty, strips(0, 10)), empty, (np.array([0]), np.array([0])), 1
    ) == [0]


def test_the_nearest_count_serves_whatever_the_day() -> None:
    old, new = stick(date(2011, 3, 27)), stick(date(2021, 3, 21))
    assert nearest([old, new], date(2013, 1, 1)) is old
    assert nearest([old, new], date(2030, 1, 1)) is new
    assert nearest([], date(2030, 1, 1)) is None
