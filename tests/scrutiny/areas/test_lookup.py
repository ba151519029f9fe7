"""A point is answered the same by the index, one at a time or many at once, as by asking every polygon."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrutiny.areas.index import point_index
from scrutiny.geography.point_lookup import Known, Lookup, Small
from tests.conftest import NOW
from tests.scrutiny.areas.coverages import SOUTH, WEST, coverages, footprints
from tests.scrutiny.areas.layers import load, square

DAY = date(2026, 3, 2)


def lookup_of(small: Any, larger: list[Any]) -> tuple[Lookup, list[Known], Any]:
    """A lookup of small areas and of layers of larger ones, told by plain tests which of the larger hold the whole."""
    shapes = np.concatenate([small, *larger])
    kinds = ["lsoa"] * len(small) + [f"kind {n}" for n, layer in enumerate(larger) for _ in layer]
    areas = [Known(n, f"E{n:08}", "", kind, date(2021, 1, 1), None) for n, kind in enumerate(kinds)]
    told = []
    for one in small:
        words, start = [], len(small)
        for layer in larger:
            meet = [n for n, shape in enumerate(layer) if shape.intersection(one).area > 0]
            if len(meet) == 1 and layer[meet[0]].covers(one):
                words.append(str(start + meet[0]))
            start += len(layer)
        told.append(",".join(words))
    known = Small(np.arange(len(small)), told)
    return Lookup(list(range(len(areas))), areas, shapely.bounds(shapes), known, lambda ids: shapes[ids]), areas, shapes


@settings(derandomize=True, deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    coverages(), coverages(), footprints(), st.lists(st.tuples(st.integers(-5, 95), st.integers(-5, 95)), min_size=1, max_size=40)
)
def test_table_and_pieces_answer_as_every_polygon_would(small: Any, large: Any, cut: Any, places: list[tuple[int, int]]) -> None:
    """Corners and edges of areas among the points, and points that no small area holds."""
    lookup, _, shapes = lookup_of(small, [large, cut])
    corners = shapely.get_coordinates(small)[:10]
    points = np.concatenate([np.array(places) * 100.0 + [WEST, SOUTH], corners])
    expected = [sorted(np.flatnonzero(shapely.intersects_xy(shapes, x, y)).tolist()) for x, y in points]
    assert [sorted(one.id for one in lookup.at(x, y)) for x, y in points.tolist()] == expected
    assert [sorted(one.id for one in found) for found in lookup.at_many(*np.ascontiguousarray(points.T))] == expected


@pytest.mark.usefixtures("context")
def test_the_index_answers_by_table_and_by_polygon_alike(tmp_path: Path) -> None:
    load(tmp_path, "lsoa", date(2021, 3, 21), {f"E0190010{i}": square(10 * i, 0, 10 * i + 10, 10) for i in range(4)})
    load(tmp_path, "district", date(2021, 4, 1), {"E07900011": square(0, 0, 20, 10), "E07900012": square(20, 0, 40, 10)})
    load(tmp_path, "ward", date(2021, 4, 1), {"E05900001": square(0, 0, 13, 10), "E05900002": square(12, 0, 40, 10)})
    index = point_index()
    points = [(x * 1000.0, 505_000.0) for x in (505, 512.5, 515, 520, 530, 545)]
    found = index.at_many(points, DAY)
    assert [[area.code for area in one] for one in found] == [
        ["E01900100", "E05900001", "E07900011"],
        ["E01900101", "E05900001", "E05900002", "E07900011"],
        ["E01900101", "E05900002", "E07900011"],
        ["E01900101", "E01900102", "E05900002", "E07900011", "E07900012"],
        ["E01900102", "E01900103", "E05900002", "E07900012"],
        [],
    ]
    assert [index.at(x, y, DAY) for x, y in points] == found
    assert index.at_many(points, date(2019, 1, 1)) == [()] * len(points)
    assert index.at_many([], NOW.date()) == []
