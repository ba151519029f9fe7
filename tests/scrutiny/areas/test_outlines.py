"""Shapes made light still meet their neighbours and stay small."""

from __future__ import annotations

import numpy as np
import shapely

from scrutiny.geography.outlines import MOST_POINTS, light, pieces, rings


def wavy(left: float, right: float) -> shapely.Polygon:
    """A strip 100 km long whose long sides wave in 20,000 small steps each, as coasts and rivers do."""
    y = np.linspace(0, 100_000, 20_001)

    def side(x: float) -> list[tuple[float, float]]:
        return list(zip(x + 30 * np.sin(y / 50), y, strict=True))

    return shapely.Polygon([*side(left), *reversed(side(right))])


def test_neighbours_still_meet_after_simplifying() -> None:
    strips = np.array([wavy(0, 20_000), wavy(20_000, 40_000), wavy(40_000, 60_000)])
    drawn = light(strips)
    assert shapely.coverage_is_valid(drawn)
    assert shapely.get_num_coordinates(drawn).sum() < MOST_POINTS
    assert abs(shapely.area(drawn).sum() / shapely.area(strips).sum() - 1) < 0.01


def test_an_island_too_small_to_see_goes_but_never_the_last_one() -> None:
    mainland = shapely.box(0, 0, 100_000, 100_000)
    both = shapely.multipolygons([mainland, shapely.box(150_000, 0, 150_050, 50)])
    speck = shapely.multipolygons([shapely.box(160_000, 0, 160_050, 50)])
    drawn = light(np.array([both, speck]))
    assert shapely.get_num_geometries(drawn).tolist() == [1, 1]


def test_rings_are_plain_points_with_holes_among_them() -> None:
    holed = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (6, 3), (6, 6), (3, 6)]])
    assert [len(ring) for ring in rings(holed)] == [5, 5]


def test_pieces_are_land_only() -> None:
    place = shapely.box(0, 0, 10, 10)
    cut = pieces(place, np.array([shapely.box(5, 0, 20, 10), shapely.box(10, 0, 20, 10)]))
    assert shapely.area(cut).tolist() == [50.0, 0.0]
