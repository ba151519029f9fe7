"""32,265 small areas against the police layer: our shares beside tobler's, and our whole loading beside read, move and tobler."""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

BOUNDARIES = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "real" / "boundaries"
LSOA = BOUNDARIES / "national" / "lsoa21_ew_bgc.geojsonl.gz"
POLICE = BOUNDARIES / "derived" / "police_pfa24_from_lsoa21_bgc.geojson.gz"
DAY = date(2024, 4, 1)
MOST_MEMORY = 1_500_000_000
ROUNDS = 3

pytestmark = [
    pytest.mark.bench,
    pytest.mark.data,
    pytest.mark.skipif(not LSOA.is_file(), reason=f"no real boundaries at {BOUNDARIES}: set SHARED_DATA"),
]


def seconds(deed: Callable[[], Any]) -> tuple[float, Any]:
    """The wall-clock time of a deed, and what it gave."""
    begun = time.perf_counter()
    done = deed()
    return time.perf_counter() - begun, done


def read_and_move(file: Path) -> Any:
    """A layer as anyone would read it: pyogrio, a frame, then metres of the national grid, and valid for tobler's sake."""
    import geopandas
    import pyogrio
    import shapely

    frame = pyogrio.read_dataframe(f"/vsigzip/{file.resolve()}").to_crs(27700)
    frame.geometry = geopandas.GeoSeries(shapely.make_valid(frame.geometry.values), crs=27700)
    return frame


def load_both(folder: str) -> dict[str, float]:
    """In a process of its own: both layers loaded, checked, compared and stored; seconds and peak memory in bytes."""
    os.environ |= {
        "SECRET_KEY": "bench-only-" + "x" * 40,
        "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "FILES_URL": f"file://{folder}/files",
        "MAIL_URL": f"{folder}/mail",
        "METHODS_DIR": f"{folder}/methods",
    }
    from scrutiny.app import create_app
    from scrutiny.areas import queries, service
    from scrutiny.areas.load_worker import Wanted
    from scrutiny.extensions import db
    from scrutiny.transaction import writes_now
    from workflows.roles import OPERATOR_ACTOR

    def load(file: Path, kind: str) -> int:
        worked = service.prepare_layer(Wanted(file, file.name, kind, DAY), place_crs=queries.place_crs())
        with writes_now():
            return service.load_layer(worked, by=OPERATOR_ACTOR, at=datetime(2026, 3, 2, tzinfo=UTC)).loaded

    with create_app().app_context():
        db.create_all()
        took, loaded = seconds(lambda: (load(POLICE, "police"), load(LSOA, "lsoa")))
    return {
        "seconds": took,
        "police": loaded[0],
        "lsoa": loaded[1],
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def test_shares_and_loading_of_the_country_beside_tobler(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tobler = pytest.importorskip("tobler.area_weighted", reason="tobler is installed by `make bench` only")
    from scrutiny.geography.overlay import shared_land

    reading, frames = seconds(lambda: (read_and_move(LSOA), read_and_move(POLICE)))
    lsoa, police = frames
    lsoa["people"] = 1000.0
    first, second = np.asarray(lsoa.geometry.values), np.asarray(police.geometry.values)
    theirs, ours = [], []
    for _ in range(ROUNDS):  # turn about, so that whatever else the machine does falls on both
        took, table = seconds(lambda: tobler.area_interpolate(lsoa, police, extensive_variables=["people"]))
        theirs.append(took)
        took, shared = seconds(lambda: shared_land(first, second))
        ours.append(took)
    share = shared.square_metres / lsoa.geometry.area.to_numpy()[shared.first]
    people = np.bincount(shared.second, weights=share * 1000.0, minlength=len(police))
    assert np.allclose(people, table["people"].to_numpy(), rtol=1e-3)
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        whole = pool.apply(load_both, (str(tmp_path),))
    peer, mine = float(np.median(theirs)), float(np.median(ours))
    report = (
        f"areas: {len(first):,} small areas x {len(second)} police areas: shares {mine:.2f} s, tobler {peer:.2f} s, "
        f"ratio {mine / peer:.3f} (must be under 0.25)\n"
        f"areas: load, check, overlap and store both {whole['seconds']:.2f} s; pyogrio read and reproject {reading:.2f} s "
        f"+ tobler {peer:.2f} s, ratio {whole['seconds'] / (reading + peer):.2f} (must be under 0.75); "
        f"memory {whole['memory'] / 1e6:,.0f} MB (must be under 1,500)"
    )
    with capsys.disabled():
        print(f"\n{report}")
    assert mine / peer < 0.25
    assert whole["seconds"] / (reading + peer) < 0.75
    assert whole["memory"] < MOST_MEMORY
    assert whole["lsoa"] == len(first)
