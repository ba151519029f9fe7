"""What layers share is exact on squares, the same whichever layer comes first, and free of noise."""

from __future__ import annotations

import numpy as np
import shapely

from scrutiny.geography.overlay import overlapping_neighbours, points_in, shared_land


def squares(columns: int, rows: int, side: float, left: float = 0, low: float = 0) -> np.ndarray:
    corners = [(left + side * i, low + side * j) for j in range(rows) for i in range(columns)]
    return shapely.box(*np.array([(x, y, x + side, y + side) for x, y in corners]).T)


def test_shares_of_squares_cut_by_a_larger_grid_add_up_to_each_square() -> None:
    small, large = squares(10, 10, 100), squares(3, 3, 333)
    shared = shared_land(small, large)
    assert np.allclose(np.bincount(shared.first, shared.square_metres)[:99], [10000 - lost(i) for i in range(99)])
    assert shared.square_metres.max() == 10000


def lost(i: int) -> float:
    """What of small square i lies beyond 999 metres east or north, where no large square reaches."""
    right, top = i % 10 == 9, i // 10 == 9
    return 100 * right + 100 * top - (1 if right and top else 0)


def test_the_order_of_layers_changes_nothing_but_the_order() -> None:
    small, large = squares(6, 6, 100), squares(2, 2, 310, left=-5, low=-5)
    one, other = shared_land(small, large), shared_land(large, small)
    first = {(int(i), int(j)): round(float(m), 6) for i, j, m in zip(one.first, one.second, one.square_metres, strict=True)}
    second = {
        (int(i), int(j)): round(float(m), 6) for j, i, m in zip(other.first, other.second, other.square_metres, strict=True)
    }
    assert first == second
    assert list(zip(other.first, other.second, strict=True)) == sorted(zip(other.first, other.second, strict=True))


def test_neighbours_that_only_touch_share_nothing() -> None:
    assert len(shared_land(squares(3, 3, 100), squares(1, 1, 300, left=300)).first) == 0


def test_nothing_given_is_left_prepared_or_changed() -> None:
    small, large = squares(4, 4, 100), squares(1, 1, 250)
    shared_land(small, large)
    assert not shapely.is_prepared(large).any()
    assert not shapely.is_prepared(small).any()


def test_a_point_in_an_overlap_lies_in_both_and_one_in_a_gap_in_none() -> None:
    shapes = np.array([shapely.box(0, 0, 100, 100), shapely.box(80, 0, 200, 100)])
    point, shape = points_in(np.array([90.0, 50.0, 900.0]), np.array([50.0, 50.0, 50.0]), shapes)
    assert list(zip(point.tolist(), shape.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 0)]


def test_neighbours_of_one_layer_that_overlap_are_found_with_the_land_counted_twice() -> None:
    shapes = np.array([shapely.box(0, 0, 100, 100), shapely.box(90, 0, 200, 100), shapely.box(200, 0, 300, 100)])
    found = overlapping_neighbours(shapes)
    assert list(zip(found.first.tolist(), found.second.tolist(), found.square_metres.tolist(), strict=True)) == [(0, 1, 1000.0)]
    assert len(overlapping_neighbours(squares(5, 5, 10)).first) == 0
