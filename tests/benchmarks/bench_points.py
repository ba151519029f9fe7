"""(b) Points one at a time, (c) postcodes in bulk, beside PostGIS on the same six layers; (e) what a web process holds."""

from __future__ import annotations

import multiprocessing
import shutil
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
import shapely
from sqlalchemy import text

from tests.benchmarks import postgis as peer
from tests.benchmarks.country import TODAY, app_at
from tests.benchmarks.table import Row, tell

#: how many times faster: one at a time, and in bulk
ONE, BULK = 10.0, 20.0
MOST_MEMORY, MOST_SECONDS = 350_000_000, 3.0
POINTS, ROUNDS = 10_000, 3
#: the six layers of today and everything that shares land with one county: Lancashire
COUNTY = "E10000017"

pytestmark = [pytest.mark.bench, pytest.mark.data]


def layers_and_points(folder: Path) -> tuple[list[tuple[int, Any]], Any]:
    """The areas of today with their shapes, and every postcode's point, out of the database of a folder."""
    from scrutiny.extensions import db

    with app_at(folder).app_context():
        rows = db.session.execute(
            text("SELECT id, shape FROM area WHERE from_on <= :on AND (to_on IS NULL OR to_on >= :on) ORDER BY id"), {"on": TODAY}
        ).all()
        points = db.session.execute(text("SELECT x, y FROM postcode WHERE x IS NOT NULL ORDER BY postcode")).all()
    return [(number, shapely.from_wkb(shape)) for number, shape in rows], np.array(points, dtype=float)


def our_times(folder: Path, points: Any) -> tuple[float, float, Any, list[list[int]]]:
    """Seconds for one point (the median round) and for all points at once, with the ids found by each."""
    from scrutiny.areas.index import point_index
    from scrutiny.areas.queries import areas_at

    some = points[chosen(points)].tolist()
    with app_at(folder).app_context():
        areas_at(*some[0], TODAY)
        alone, together = [], []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            one = [areas_at(x, y, TODAY) for x, y in some]
            alone.append((time.perf_counter() - begun) / len(some))
            begun = time.perf_counter()
            every = point_index().at_many(points, TODAY)
            together.append(time.perf_counter() - begun)
        ids = [sorted(area.id for area in found) for found in one]
        assert ids == [sorted(area.id for area in every[i]) for i in chosen(points).tolist()]
        return statistics.median(alone), statistics.median(together), [len(found) for found in every], ids


def chosen(points: Any) -> Any:
    """The points asked one at a time."""
    return np.random.default_rng(7).choice(len(points), min(POINTS, len(points)), replace=False)


def their_times(address: str, layers: list[tuple[int, Any]], points: Any, ids: list[list[int]]) -> tuple[float, float, float]:
    """PostGIS: seconds for one point, for all at once, and for all at once with the points too under a GiST index."""
    some = points[chosen(points)]
    with psycopg.connect(address) as connection:
        peer.fill(connection, layers, points)
        alone, together, indexed = [], [], []
        for _ in range(2):
            begun = time.perf_counter()
            found = peer.one_by_one(connection, some)
            alone.append((time.perf_counter() - begun) / len(some))
        assert [sorted(set(one)) for one in found] == ids
        for times in (together, indexed):
            for _ in range(2):
                begun = time.perf_counter()
                peer.all_at_once(connection)
                times.append(time.perf_counter() - begun)
            peer.index_points(connection)
    return min(alone), min(together), min(indexed)


def of_county(folder: Path, to: Path) -> Path:
    """The same database with one county's areas and postcodes alone."""
    from scrutiny.extensions import db

    shutil.copy(folder / "country.db", to / "country.db")
    it = "SELECT id FROM area WHERE code = :code AND to_on IS NULL"
    kept = f"{it} UNION SELECT other_id FROM area_overlap WHERE area_id IN ({it})"
    with app_at(to).app_context():
        box = db.session.execute(
            text("SELECT min_x, max_x, min_y, max_y FROM area WHERE code = :code AND to_on IS NULL"), {"code": COUNTY}
        ).one()
        db.session.execute(
            text(f"DELETE FROM area_overlap WHERE area_id NOT IN ({kept}) OR other_id NOT IN ({kept})"), {"code": COUNTY}
        )
        db.session.execute(
            text("CREATE TEMP TABLE gone AS SELECT id FROM area WHERE id NOT IN (SELECT area_id FROM area_overlap)")
        )
        db.session.execute(text("DELETE FROM area WHERE id IN (SELECT id FROM gone)"))
        db.session.execute(
            text("DELETE FROM postcode WHERE x NOT BETWEEN :a AND :b OR y NOT BETWEEN :c AND :d"),
            dict(zip("abcd", box, strict=True)),
        )
        db.session.commit()
    return to


def test_points_beside_postgis(country: Path, postgis: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ratios: dict[str, list[float]] = {"one": [], "bulk": [], "indexed": []}
    said = []
    for name, folder in (("country", country), ("county", of_county(country, tmp_path))):
        layers, points = layers_and_points(folder)
        alone, together, counts, ids = our_times(folder, points)
        their_one, their_bulk, their_indexed = their_times(postgis, layers, points, ids)
        ratios["one"].append(their_one / alone)
        ratios["bulk"].append(their_bulk / together)
        ratios["indexed"].append(their_indexed / together)
        with psycopg.connect(postgis) as connection:
            pairs = connection.execute("SELECT count(*) FROM (SELECT DISTINCT point, area FROM found) AS once").fetchone()
        assert pairs is not None
        assert sum(counts) == pairs[0]
        said.append((name, len(layers), len(points), alone, their_one, together, their_bulk, their_indexed))
    with capsys.disabled():
        for name, areas, points, alone, their_one, together, their_bulk, their_indexed in said:
            print(
                f"\n{name}: {areas:,} areas, {points:,} postcodes: one {alone * 1e6:.1f} µs, PostGIS {their_one * 1e6:.0f} µs; "
                f"all {together:.3f} s, PostGIS {their_bulk:.2f} s ({their_indexed:.2f} s with the points indexed too)"
            )
    _, _, many, alone, their_one, together, their_bulk, their_indexed = said[0]
    tell(
        Row(
            "a point → six layers, one at a time",
            f"{alone * 1e6:.1f} µs",
            f"PostGIS {their_one * 1e6:.0f} µs",
            *ratios["one"],
            f"≥ {ONE:.0f} ×",
        )
    )
    tell(
        Row(
            f"{many:,} postcodes → six layers, in bulk",
            f"{together:.3f} s",
            f"PostGIS {their_bulk:.2f} s",
            *ratios["bulk"],
            f"≥ {BULK:.0f} ×",
        )
    )
    tell(
        Row(
            "the same, PostGIS with the points indexed",
            f"{together:.3f} s",
            f"PostGIS {their_indexed:.2f} s",
            *ratios["indexed"],
            "(for the record)",
        )
    )
    assert ratios["one"][0] >= ONE
    assert ratios["bulk"][0] >= BULK


def opened(folder: str) -> tuple[float, float, float]:
    """In a web process of its own: memory before, memory after opening and a round of look-ups (bytes), seconds to open."""
    with app_at(Path(folder)).app_context():
        from scrutiny.areas.queries import areas_at

        before = resident()
        begun = time.perf_counter()
        areas_at(400_000.0, 300_000.0, TODAY)
        took = time.perf_counter() - begun
        places = np.random.default_rng(11).uniform([300_000, 100_000], [600_000, 500_000], (20_000, 2))
        for x, y in places.tolist():
            areas_at(x, y, TODAY)
        return before, resident(), took


def resident() -> float:
    """The memory this process holds, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096.0


def test_what_a_web_process_holds(country: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        before, after, took = pool.apply(opened, (str(country),))
    tell(
        Row(
            "memory of a web process with look-ups",
            f"{after / 1e6:.0f} MB",
            f"{before / 1e6:.0f} MB before",
            None,
            None,
            f"< {MOST_MEMORY / 1e6:.0f} MB",
        )
    )
    tell(Row("opened on first use", f"{took:.2f} s", "", None, None, f"< {MOST_SECONDS:.0f} s"))
    assert after < MOST_MEMORY
    assert took < MOST_SECONDS
