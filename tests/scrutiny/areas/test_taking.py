"""What is taken away can be read by others, says whose it is and of which day, and can be loaded again as it was."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from flask import Flask
from sqlalchemy import select

from scrutiny.areas import export as taking
from scrutiny.areas.export_formats import as_csv, write_taken
from scrutiny.areas.models import Area
from scrutiny.extensions import db
from tests.scrutiny.areas.layers import PEOPLE, SMALL, count, load, square
from tests.scrutiny.areas.test_commands import run
from workflows.refusals import Refused

TODAY, BEGAN, LATER = date(2026, 3, 2), date(2021, 4, 1), date(2026, 4, 1)
HOLE = square(0, 0, 10, 10).difference(square(4, 4, 6, 6)).union(square(20.123, 0.456, 30.789, 9.987))
#: A place with a hole and an island, and one in the hole whose name would run in a spreadsheet.
WARDS = {"E05900901": HOLE, "E05900902": square(4, 4, 6, 6)}


@pytest.fixture
def wards(context: None, tmp_path: Path) -> Path:
    """The two wards, loaded with their source."""
    load(tmp_path, "lsoa", date(2021, 3, 21), SMALL)
    count(tmp_path, PEOPLE)
    load(tmp_path, "ward", BEGAN, WARDS, source="Ordnance Survey, invented")
    return tmp_path


@pytest.mark.parametrize("form", ["geojson", "gpkg"])
def test_a_layer_taken_away_and_loaded_again_is_the_same(app: Flask, wards: Path, form: str) -> None:
    to = wards / f"wards.{form}"
    status, out, err = run(app, "export", "ward", "--on", "2026-03-02", "--to", to, "--json")
    assert status == 0, err
    assert json.loads(out) == {"file": str(to), "rows": 2, "as_at": "2026-03-02", "attribution": "Ordnance Survey, invented"}
    status, out, err = run(app, "load", to, "--kind", "ward", "--from", "2026-04-01", "--json")
    assert status == 0, err
    assert (json.loads(out)["loaded"], json.loads(out)["repaired"]) == (2, [])
    columns = (Area.code, Area.name, Area.square_metres, Area.people, Area.shape)
    rows = select(*columns).where(Area.kind == "ward").order_by(Area.code)
    before, after = (db.session.execute(rows.where(Area.from_on == day)).all() for day in (BEGAN, LATER))
    assert [(row.code, row.name, row.people) for row in before] == [(row.code, row.name, row.people) for row in after]
    for one, other in zip(before, after, strict=True):
        assert other.square_metres == pytest.approx(one.square_metres, abs=1)
        apart = shapely.symmetric_difference(shapely.from_wkb(one.shape), shapely.from_wkb(other.shape))
        assert shapely.area(apart) < (0.001 if form == "gpkg" else 100)  # a line of 80 km moved by a millimetre


def test_geojson_is_as_its_standard_asks(wards: Path) -> None:
    to = wards / "wards.geojson"
    assert write_taken(taking.layer("ward", TODAY), to) == 2
    found = json.loads(to.read_text())
    assert (found["attribution"], found["as_at"]) == ("Ordnance Survey, invented", "2026-03-02")
    assert "crs" not in found
    one = found["features"][0]
    assert (one["properties"]["from"], one["properties"]["to"], one["properties"]["as_at"]) == ("2021-04-01", None, "2026-03-02")
    shape = shapely.from_geojson(json.dumps(one["geometry"]))
    for part in shapely.get_parts(shape):
        assert shapely.is_ccw(part.exterior)
        assert not any(shapely.is_ccw(ring) for ring in part.interiors)
    assert shapely.bounds(shape) == pytest.approx([-0.45, 54.38, 0.03, 54.48], abs=0.2)


def test_a_geopackage_carries_its_coordinate_system_and_its_source(wards: Path) -> None:
    to = wards / "wards.gpkg"
    write_taken(taking.layer("ward", TODAY), to)
    info = pyogrio.read_info(to)
    assert (info["crs"], info["features"], info["geometry_type"]) == ("EPSG:27700", 2, "MultiPolygon")
    assert info["layer_metadata"]["attribution"] == "Ordnance Survey, invented"
    assert dict(zip(info["fields"], info["ogr_types"], strict=True))["from"] == "OFTDate"


def test_what_two_layers_share_is_taken_away_with_the_land_in_both(wards: Path) -> None:
    to = wards / "shared.geojson"
    taken = taking.overlaps("ward", "lsoa", TODAY)
    assert write_taken(taken, to) == len(list(csv.DictReader(io.StringIO(b"".join(as_csv(taken)).decode()))))
    found = json.loads(to.read_text())["features"]
    assert sum(one["properties"]["shared_km2"] for one in found) == pytest.approx(
        sum(shapely.area(shape) for shape in WARDS.values()) / 1e6, abs=1e-3
    )
    gpkg = wards / "shared.gpkg"
    write_taken(taken, gpkg)
    _, _, shapes, columns = pyogrio.raw.read(gpkg)
    land = columns[[name for name, _ in taken.columns].index("shared_km2")]
    assert shapely.area(shapely.from_wkb(shapes)) / 1e6 == pytest.approx(np.array(land), abs=1e-4)


def test_many_rows_come_in_batches_and_none_twice(wards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "CHUNK", 3)
    to = wards / "small.gpkg"
    assert write_taken(taking.layer("lsoa", TODAY), to) == pyogrio.read_info(to)["features"]
    rows = list(csv.DictReader(io.StringIO(b"".join(as_csv(taking.layer("lsoa", TODAY))).decode())))
    assert len({row["code"] for row in rows}) == len(rows) > 3


def test_what_cannot_be_taken_away_is_refused_and_leaves_no_file(app: Flask, wards: Path) -> None:
    with pytest.raises(Refused, match="No wards are loaded that hold on"):
        taking.layer("ward", date(1990, 1, 1))
    refused = [
        (("export", "hundred", "--to", wards / "a.csv"), "There is no kind of area called 'hundred'"),
        (("export", "ward", "--to", wards / "a.shp"), "must end in .csv, .geojson or .gpkg"),
        (("export", "ward", "--to", wards / "no" / "a.csv"), "there is no such folder"),
        (("export", "ward", "--with", "stp", "--to", wards / "a.csv"), "Nothing is shared there"),
    ]
    for words, said in refused:
        status, _, err = run(app, *words)
        assert (status, said in err) == (1, True), err
    assert not list(wards.glob("*a.*"))
