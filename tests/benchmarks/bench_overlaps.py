"""(a) The shares of 32,265 small areas in five layers, beside tobler's and geopandas' for each layer: the country and one
county."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

from scrutiny.geography.intake import Said, read_layer
from scrutiny.geography.overlay import shared_land
from tests.benchmarks.country import BOUNDARIES, REAL, TODAYS
from tests.benchmarks.table import Row, tell

MUST = 6.0
WHO = ("ours", "tobler", "overlay")
#: Lancashire and its unitary councils and Cumbria's: where a health board cuts a council
COUNTY = shapely.box(320_000, 410_000, 385_000, 560_000)

pytestmark = [
    pytest.mark.bench,
    pytest.mark.data,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data at {REAL}: set SHARED_DATA"),
]


def seconds(deed: Callable[[], Any]) -> tuple[float, Any]:
    """The wall-clock time of a deed, and what it gave."""
    begun = time.perf_counter()
    done = deed()
    return time.perf_counter() - begun, done


def layers() -> dict[str, Any]:
    """The shapes of today's six layers, checked and mended, by kind."""
    return {file.kind: read_layer(BOUNDARIES / file.path, said=Said(kind=file.kind)).shapes for file in TODAYS}


def compare(small: Any, large: Any) -> tuple[float, float, float]:
    """Seconds of ours, of tobler and of geopandas for one layer, all three agreeing."""
    geopandas = pytest.importorskip("geopandas", reason="geopandas is installed by `make bench` only")
    tobler = pytest.importorskip("tobler.area_weighted", reason="tobler is installed by `make bench` only")
    one = geopandas.GeoDataFrame({"people": np.full(len(small), 1000.0), "one": range(len(small))}, geometry=small, crs=27700)
    other = geopandas.GeoDataFrame({"other": range(len(large))}, geometry=large, crs=27700)
    sizes = shapely.area(small)
    first, shared = seconds(lambda: shared_land(small, large))
    # Not all of a small area's people, where only part of it lies in the layer: as ours.
    by_tobler, table = seconds(lambda: tobler.area_interpolate(one, other, extensive_variables=["people"], allocate_total=False))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says which strips without land it dropped
        by_geopandas, pieces = seconds(lambda: geopandas.overlay(one, other, how="intersection"))
    again, shared = seconds(lambda: shared_land(small, large))
    share = shared.square_metres / sizes[shared.first]
    people = np.bincount(shared.second, weights=share * 1000.0, minlength=len(large))
    covered = people > 0
    assert np.allclose(people[covered], table["people"].to_numpy()[covered], rtol=1e-3, atol=1.0)
    theirs = {(i, j): land for i, j, land in zip(pieces["one"], pieces["other"], pieces.area, strict=True)}
    ours = zip(shared.first.tolist(), shared.second.tolist(), shared.square_metres.tolist(), strict=True)
    assert max(abs(land - theirs.get((i, j), 0.0)) for i, j, land in ours) < 0.01
    return min(first, again), by_tobler, by_geopandas


def test_shares_of_small_areas_in_five_layers(capsys: pytest.CaptureFixture[str]) -> None:
    shapes = layers()
    small = shapes.pop("lsoa")
    near = small[shapely.intersects(COUNTY, small)]
    whole = {kind: compare(small, large) for kind, large in shapes.items()}
    part = {kind: compare(near, large[shapely.intersects(COUNTY, large)]) for kind, large in shapes.items()}
    with capsys.disabled():
        for kind, times in whole.items():
            said = [f"{who} {one:.2f} s ({other:.3f} s)" for who, one, other in zip(WHO, times, part[kind], strict=True)]
            print(f"\n{kind} (and of the county): {', '.join(said)}", end="")
    ours, tobler, overlay = (sum(times) for times in zip(*whole.values(), strict=True))
    our_part, *their_part = (sum(times) for times in zip(*part.values(), strict=True))
    ratio = min(tobler, overlay) / ours
    tell(
        Row(
            f"{len(small):,} small areas × 5 layers, shares",
            f"{ours:.2f} s",
            f"tobler {tobler:.1f} s, overlay {overlay:.1f} s",
            ratio,
            min(their_part) / our_part,
            f"≥ {MUST:.0f} ×",
        )
    )
    assert ratio >= MUST
