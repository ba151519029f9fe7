"""Small invented layers written as files, for the tests of loading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from scrutiny.areas import queries, service
from scrutiny.areas.counted_people import CountResult
from scrutiny.areas.load_worker import Wanted
from scrutiny.areas.service import LoadResult
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from workflows.roles import OPERATOR_ACTOR

#: where the invented country lies, in metres of the national grid: far from the county of the cast
WEST, SOUTH = 500_000, 500_000


def square(left: float, low: float, right: float, high: float) -> shapely.Polygon:
    """A rectangle given in kilometres."""
    return shapely.box(WEST + left * 1000, SOUTH + low * 1000, WEST + right * 1000, SOUTH + high * 1000)


def file_of(folder: Path, areas: Mapping[str, Any], name: str = "layer.geojson", names: Mapping[str, str] | None = None) -> Path:
    """A GeoJSON file in the national grid of areas by code."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": (names or {}).get(code, f"Area {code}")},
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for code, shape in areas.items()
    ]
    crs = {"type": "name", "properties": {"name": "EPSG:27700"}}
    file = folder / name
    file.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    return file


def load(folder: Path, kind: str, from_on: date, areas: Mapping[str, Any], **said: Any) -> LoadResult:
    """Load a layer as the command does."""
    return load_file(file_of(folder, areas, f"{kind}-{from_on}.geojson"), kind, from_on, **said)


def load_file(file: Path, kind: str, from_on: date, **said: Any) -> LoadResult:
    """Load a file as the command does."""
    worked = service.prepare_layer(Wanted(file, file.name, kind, from_on, **said), place_crs=queries.place_crs())
    with writes_now():
        return service.load_layer(worked, by=OPERATOR_ACTOR, at=NOW)


def count(folder: Path, people: Mapping[str, int], day: date = date(2021, 3, 21)) -> CountResult:
    """Load a count of people as the command does."""
    file = folder / "count.csv"
    file.write_text("lsoa,people\n" + "".join(f"{code},{n}\n" for code, n in people.items()))
    worked = service.prepare_people(service.CountFile(file, as_at=day), today=day)
    with writes_now():
        return service.load_people(worked, by=OPERATOR_ACTOR, at=NOW)


#: four small areas of 10 × 10 km in a row
SMALL = {f"E0190010{i}": square(10 * i, 0, 10 * i + 10, 10) for i in range(4)}
PEOPLE = {"E01900100": 100, "E01900101": 200, "E01900102": 300, "E01900103": 400}
