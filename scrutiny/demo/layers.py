"""Loamshire's boundaries, people and postcodes written as files and loaded like anybody else's."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from scrutiny.areas import postcode_loading, queries, service
from scrutiny.areas.load_worker import Wanted
from scrutiny.demo.county import CITY, EAST, TOWNS, WEST, Cell, by_district, cells, outline, points_in
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.transaction import writes_now
from workflows.roles import OPERATOR_ACTOR

FROM = date(2021, 4, 1)
COUNTED = date(2021, 3, 21)
SOURCE = "Invented for the demonstration of Area Scrutiny"
COUNTY = "Loamshire"
CITY_CODE, COUNTY_CODE, POLICE_CODE, FIRE_CODE = "E06999001", "E10999001", "E23999001", "E31999001"
BOARD_CODES = {WEST: "E54999001", EAST: "E54999002"}
DISTRICT_CODES = {CITY: CITY_CODE} | {name: f"E0799900{n}" for n, name in enumerate(TOWNS, 1)}
#: The first half of the postcodes of each district; no real postcode begins with LM.
OUTWARD = {name: f"LM{n}" for n, name in enumerate(DISTRICT_CODES, 1)}
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
Named = tuple[str, str, Sequence[Cell]]


def load_county(at: datetime) -> None:
    """Draw and load every layer, then the people, then the postcodes."""
    with tempfile.TemporaryDirectory() as folder:
        for kind, areas in layers().items():
            _load_layer(Path(folder) / f"loamshire-{kind}.geojson", kind, areas, at)
        _load_people(Path(folder) / "loamshire-people.csv", at)
        _load_postcodes(Path(folder) / "loamshire-postcodes.csv", at)


def layers() -> dict[str, list[Named]]:
    """Every layer by kind: code, name and cells of each area."""
    districts = by_district()
    shire = [cell for cell in cells() if cell.district != CITY]
    boards = {board: [cell for cell in cells() if cell.board == board] for board in (WEST, EAST)}
    return {
        "lsoa": [(code, name, [cell]) for code, name, cell in small_areas()],
        "district": [(DISTRICT_CODES[name], name, inside) for name, inside in districts.items()],
        "upper_tier": [(COUNTY_CODE, COUNTY, shire), (CITY_CODE, CITY, districts[CITY])],
        "police": [(POLICE_CODE, COUNTY, cells())],
        "fire": [(FIRE_CODE, COUNTY, cells())],
        "icb": [(BOARD_CODES[board], board, inside) for board, inside in boards.items()],
    }


def small_areas() -> list[tuple[str, str, Cell]]:
    """Code, name and cell of each small area, district by district."""
    found: list[tuple[str, str, Cell]] = []
    for name, inside in by_district().items():
        for n, cell in enumerate(inside):
            found.append((f"E01{990_001 + len(found)}", f"{name} {n // 4 + 1:03d}{'ABCD'[n % 4]}", cell))
    return found


def geojson(areas: Sequence[Named]) -> Mapping[str, Any]:
    """A layer as GeoJSON on the National Grid; its geometry comes last in each feature."""
    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
        "features": [
            {
                "type": "Feature",
                "properties": {"code": code, "name": name},
                "geometry": {"type": "MultiPolygon", "coordinates": outline(inside)},
            }
            for code, name, inside in areas
        ],
    }


def postcodes() -> list[tuple[str, float, float, str]]:
    """Postcode, easting, northing and district code: three in every small area."""
    rows = []
    for name, inside in by_district().items():
        for n, cell in enumerate(inside):
            for m, (x, y) in enumerate(points_in(cell)):
                unit = n // 8 * 3 + m
                inward = f"{n % 8 + 1}{LETTERS[unit // 20]}{LETTERS[unit % 20]}"
                rows.append((f"{OUTWARD[name]} {inward}", x, y, DISTRICT_CODES[name]))
    return rows


def _load_layer(file: Path, kind: str, areas: Sequence[Named], at: datetime) -> None:
    """Write a layer as a file and load it."""
    file.write_text(json.dumps(geojson(areas)), encoding="utf-8")
    wanted = Wanted(file=file, name=file.name, kind=kind, from_on=FROM, source=SOURCE, whole_layer=True)
    worked = service.prepare_layer(wanted, place_crs=queries.place_crs())
    with writes_now():
        service.load_layer(worked, by=OPERATOR_ACTOR, at=at)


def _load_people(file: Path, at: datetime) -> None:
    """Write the count of people as a file and load it."""
    rows = [(code, name, cell.people) for code, name, cell in small_areas()]
    file.write_bytes(write_csv(("lsoa21cd", "lsoa21nm", "people"), rows))
    worked = service.prepare_people(service.CountFile(file, as_at=COUNTED), today=london_day(at))
    with writes_now():
        service.load_people(worked, by=OPERATOR_ACTOR, at=at)


def _load_postcodes(file: Path, at: datetime) -> None:
    """Write the postcodes as a file and load them."""
    file.write_bytes(write_csv(("postcode", "eastings", "northings", "district_code"), postcodes()))
    prepared = postcode_loading.prepare_postcodes(file, place_crs=queries.place_crs())
    postcode_loading.load_postcodes(prepared, by=OPERATOR_ACTOR, at=at)
