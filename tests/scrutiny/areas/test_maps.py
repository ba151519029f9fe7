"""A drawn place meets its neighbours, and is one with its parts, however rough its borders."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import select

from scrutiny.areas import maps
from scrutiny.areas.maps import PlaceMap, neighbours_of, place_map
from scrutiny.areas.models import Area
from scrutiny.extensions import db
from tests.scrutiny.areas.layers import SOUTH, WEST, load

BEGAN, TODAY = date(2021, 4, 1), date(2026, 3, 2)

pytestmark = pytest.mark.usefixtures("context")


def rough(left: float, right: float, low: float = 0, high: float = 60) -> shapely.Polygon:
    """A strip (kilometres) whose long sides wave in small steps, as rivers do."""
    y = np.linspace(low, high, 3_001)

    def side(x: float) -> list[tuple[float, float]]:
        return [(WEST + 1000 * (x + 0.4 * np.sin(one * 3 + x)), SOUTH + 1000 * one) for one in y.tolist()]

    return shapely.Polygon([*side(left), *reversed(side(right))])


def shape_of(rings: maps.Rings) -> shapely.Geometry:
    """Drawn rings as a shape, read even-odd."""
    found = shapely.Polygon()
    for ring in rings:
        found = found.symmetric_difference(shapely.make_valid(shapely.Polygon(ring)))
    return found


def check_meets(drawn: PlaceMap) -> None:
    """No gap and no overlap between what is drawn, but for rounding to the metre."""
    shapes = [shape_of(part.rings) for part in (*drawn.parts, *drawn.beside)]
    together = shapely.union_all(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(together.area, rel=1e-4)
    outline = shape_of(drawn.outline)
    assert outline.area == pytest.approx(sum(shape_of(part.rings).area for part in drawn.parts), rel=1e-3)
    seam = shapely.union_all([outline, *(shape_of(part.rings) for part in drawn.beside)])
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(seam) for ring in part.interiors]
    assert sum(hole.area for hole in holes if hole.distance(outline) < 1) < outline.area * 1e-4


def area(kind: str, code: str) -> Area:
    found = db.session.scalar(select(Area).where(Area.kind == kind, Area.code == code))
    assert found is not None
    return found


def test_a_place_drawn_with_its_parts_meets_its_neighbours(tmp_path: Path) -> None:
    load(tmp_path, "district", BEGAN, {f"E0790010{i}": rough(20 * i, 20 * i + 20) for i in range(4)})
    load(tmp_path, "icb", BEGAN, {"E54900101": rough(-5, 31), "E54900102": rough(31, 90)})
    place = area("district", "E07900101")
    near = neighbours_of([place], TODAY)
    assert [one.code for one in near] == ["E07900100", "E07900102"]
    covers = {code: [area("icb", code).id] for code in ("E54900101", "E54900102")}
    drawn = place_map([place.id], covers, [one.id for one in near])
    assert {part.key for part in drawn.parts} == set(covers)
    assert {part.key for part in drawn.beside} == {str(one.id) for one in near}
    check_meets(drawn)
    whole = place_map([place.id], covers)
    assert whole.beside == ()


def test_neighbours_are_those_of_the_day(tmp_path: Path) -> None:
    load(tmp_path, "district", BEGAN, {"E07900100": rough(0, 20), "E07900101": rough(20, 40)}, to_on=date(2023, 3, 31))
    load(tmp_path, "district", date(2023, 4, 1), {"E07900101": rough(20, 40), "E07900102": rough(0, 20)})
    old = db.session.scalars(select(Area).where(Area.code == "E07900101").order_by(Area.from_on)).first()
    assert old is not None
    assert [one.code for one in neighbours_of([old], date(2022, 1, 1))] == ["E07900100"]
    assert [one.code for one in neighbours_of([old], TODAY)] == ["E07900102"]


def test_agencies_that_both_serve_a_part_keep_it_both(tmp_path: Path) -> None:
    load(tmp_path, "district", BEGAN, {f"E0790010{i}": rough(20 * i, 20 * i + 20) for i in range(3)})
    load(tmp_path, "icb", BEGAN, {"E54900101": rough(10, 32), "E54900102": rough(28, 50)})
    place = area("district", "E07900101")
    near = neighbours_of([place], TODAY)
    drawn = place_map([place.id], {c: [area("icb", c).id] for c in ("E54900101", "E54900102")}, [one.id for one in near])
    sizes = [shape_of(part.rings).area for part in drawn.parts]
    assert sum(sizes) > shape_of(drawn.outline).area * 1.15
