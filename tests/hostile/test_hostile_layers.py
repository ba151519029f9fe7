"""A layer is a database that may ask questions without an end: reading it ends in time and in rows, and harms nobody."""

from __future__ import annotations

import resource
import sqlite3
import time
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from scrutiny.adapters.sandbox import Lane, Limits
from scrutiny.geography import intake, vectors
from workflows.refusals import Refused

ENDLESS = "WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n)"


def layer(folder: Path, areas: int = 3) -> Path:
    """A sound GeoPackage of some squares."""
    file = folder / "layer.gpkg"
    shapes = shapely.box(range(areas), 0, [x + 1 for x in range(areas)], 1)
    codes = np.array([f"E05{number:06}" for number in range(areas)], dtype=object)
    pyogrio.raw.write(
        file,
        geometry=shapely.to_wkb(shapes),
        field_data=[codes],
        fields=["code"],
        layer="wards",
        driver="GPKG",
        geometry_type="Polygon",
        crs="EPSG:27700",
    )
    return file


def with_view(file: Path, name: str, question: str) -> Path:
    """The same with a view in place of a table."""
    with sqlite3.connect(file) as base:
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{trigger}"')
        base.execute(f"ALTER TABLE {name} RENAME TO was_{name}")
        base.execute(f"CREATE VIEW {name} AS {question}")
    base.close()
    return file


@pytest.fixture
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds in place of two minutes."""
    monkeypatch.setattr(vectors, "READ", Lane(vectors.READ.server, Limits(seconds=2, memory=1_000_000_000, patience=20)))


@pytest.mark.parametrize(
    ("table", "question"),
    [
        ("wards", f"{ENDLESS} SELECT n.fid, geom, code FROM n JOIN was_wards ON was_wards.fid = 1"),
        ("wards", f"{ENDLESS} SELECT n.fid, NULL AS geom, code FROM n JOIN was_wards WHERE n.fid < 0"),
        ("gpkg_contents", f"{ENDLESS} SELECT was_gpkg_contents.* FROM n JOIN was_gpkg_contents WHERE n.fid < 0"),
    ],
    ids=["rows without an end", "a search without an end", "a list of layers without an end"],
)
def test_a_layer_without_an_end_is_left_in_time(tmp_path: Path, briefly: None, table: str, question: str) -> None:
    file = with_view(layer(tmp_path), table, question)
    begun, ours = time.monotonic(), time.process_time()
    with pytest.raises(Refused):
        intake.read_features(file, "layer.gpkg")
    assert time.monotonic() - begun < 25
    assert time.process_time() - ours < 2, "the reading is no work of the process that asked for it"


def test_a_layer_of_too_many_areas_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = layer(tmp_path)
    assert len(intake.read_features(file, "layer.gpkg").numbers) == 3
    monkeypatch.setattr(vectors, "MOST_FEATURES", 2)
    with pytest.raises(Refused, match="holds more than 2 areas"):
        intake.read_features(file, "layer.gpkg")


def test_a_layer_of_gigabytes_of_vertices_ends_at_the_memory_it_may_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shape of 20,000 vertices stands in the file once, and a view gives it 8,000 times: 2.5 GB for 400 kB."""
    monkeypatch.setattr(vectors, "READ", Lane(vectors.READ.server, Limits(seconds=60, memory=300_000_000, patience=60)))
    file = layer(tmp_path, 1)
    with sqlite3.connect(file) as base:
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{trigger}"')
        head = base.execute("SELECT geom FROM wards").fetchone()[0][:40]
        ring = shapely.to_wkb(shapely.Point(0, 0).buffer(9, quad_segs=5_000))
        base.execute("UPDATE wards SET geom = ?", (head + ring,))
    base.close()
    many = "WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n WHERE fid < 8000)"
    with_view(file, "wards", f"{many} SELECT n.fid, geom, code FROM n JOIN was_wards")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused, match="more time or memory") as refused:
        intake.read_features(file, "layer.gpkg")
    assert getattr(refused.value.__cause__, "why", "") == "memory"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "in kB: the process that asked has none of it"
