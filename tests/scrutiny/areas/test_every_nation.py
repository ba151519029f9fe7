"""Postcodes of every nation and file: each in its own grid, and what stands for no place is told."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.areas import postcode_loading, queries
from scrutiny.place_lookup.lookup import find
from tests.conftest import NOW
from tests.scrutiny.areas.layers import file_of, load_file
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

ONSPD = ["pcd7", "pcd8", "pcds", "dointr", "doterm", "oslaua", "oseast1m", "osnrth1m", "osgrdind", "ctry", "lat", "long"]
#: Postcodes in Northern Ireland with their Irish Grid reference and what ONS gives as latitude and longitude.
IRISH = {
    "BT1 5GS": ("333831", "0373987", 54.5964, -5.9301),  # Belfast City Hall
    "BT48 6DQ": ("243517", "0416880", 54.9975, -7.3208),  # Derry
}


def onspd(rows: list[dict[str, str]], columns: list[str] = ONSPD) -> bytes:
    """A file with the columns of ONSPD."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def irish(postcode: str, **more: str) -> dict[str, str]:
    """A row of Northern Ireland."""
    east, north, *_ = IRISH[postcode]
    return {"pcds": postcode, "oslaua": "N09000003", "oseast1m": east, "osnrth1m": north, "ctry": "N92000002", **more}


def take(folder: Path, content: bytes) -> int:
    """Load the file as the command does."""
    file = folder / "onspd.csv"
    file.write_bytes(content)
    prepared = postcode_loading.prepare_postcodes(file, place_crs=queries.place_crs())
    return postcode_loading.load_postcodes(prepared, by=OPERATOR_ACTOR, at=NOW)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("left_out", [(), ("ctry",), ("oslaua",), ("ctry", "oslaua")])
def test_northern_ireland_is_read_in_the_irish_grid(tmp_path: Path, left_out: tuple[str, ...]) -> None:
    """Whichever column tells the nation; within five metres of the latitude and longitude that ONS publishes."""
    columns = [column for column in ONSPD if column not in left_out]
    rows = [{key: value for key, value in irish(one).items() if key in columns} for one in IRISH]
    take(tmp_path, onspd(rows, columns))
    for postcode, (_, _, lat, lon) in IRISH.items():
        row = queries.postcode(postcode)
        assert row is not None
        assert row.x is not None
        assert row.y is not None
        found = [float(part) for part in queries.degrees_at(row.x, row.y).split(",")]
        assert found == pytest.approx([lat, lon], abs=0.00008)


@pytest.mark.usefixtures("context")
def test_great_britain_beside_it_stays_in_the_national_grid(tmp_path: Path) -> None:
    """And the districts of Northern Ireland given in the National Grid or ITM are taken as they are."""
    rows = [
        {"pcds": "B1 1BB", "oslaua": "E08000025", "oseast1m": "406712", "osnrth1m": "0286857", "ctry": "E92000001"},
        {"pcds": "BT1 1AA", "oslaua": "N09000003", "oseast1m": "146246", "osnrth1m": "529526", "ctry": "N92000002"},
        {"pcds": "BT1 1AB", "oslaua": "N09000003", "oseast1m": "733758.6", "osnrth1m": "874050.4", "ctry": "N92000002"},
    ]
    take(tmp_path, onspd(rows))
    assert (queries.postcode("B1 1BB").x, queries.postcode("B1 1BB").y) == (406712, 286857)
    for code in ("BT1 1AA", "BT1 1AB"):
        assert (queries.postcode(code).x, queries.postcode(code).y) == pytest.approx((146246, 529526), abs=5)


@pytest.mark.usefixtures("context")
def test_belfast_is_found_in_belfast(tmp_path: Path, client: FlaskClient) -> None:
    """The polygon of the city, and one where the Irish reference lies in the National Grid: Cheshire."""
    import shapely

    shapes = {
        "N09000003": shapely.box(140_000, 524_000, 152_000, 536_000),
        "E06000050": shapely.box(330_000, 370_000, 340_000, 380_000),
    }
    names = {"N09000003": "Belfast", "E06000050": "Cheshire West and Chester"}
    load_file(file_of(tmp_path, shapes, "lad.geojson", names), "district", date(2024, 4, 1))
    take(tmp_path, onspd([irish("BT1 5GS")]))
    assert [one.name for one in find("BT1 5GS", date(2026, 3, 2)).matches] == ["Belfast"]
    assert client.get("/find?q=bt15gs&on=2026-03-02").headers["Location"].startswith("/places/N09000003")


@pytest.mark.usefixtures("context")
def test_islands_and_pseudo_postcodes_have_no_point(tmp_path: Path, app: Flask) -> None:
    rows = [
        irish("BT1 5GS"),
        {"pcds": "IM1 1AA", "oslaua": "M99999999", "osgrdind": "9", "ctry": "M83000003", "lat": "99.999999", "long": "0.000000"},
        {"pcds": "ZZ99 3VZ", "oslaua": "X99999999"},
    ]
    assert take(tmp_path, onspd(rows)) == 2
    said = queries.loads()[0].warnings
    assert said == [
        "Postcodes without a point in the file: 1",
        "Postcodes of Northern Ireland read in the Irish Grid: 1",
        "Pseudo postcodes (ZZ99) left out because they do not belong to a place: 1",
    ]
    assert "in the Isle of Man: outside the United Kingdom" in find("IM1 1AA", NOW.date()).sentence


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("BT15GS,BT1 5GS,BT1 5GS,198001,,,,N09000003,,,,333831,0373987,1,,,N92000002\n", "line 1: the first row is a postcode"),
        ("BT1 5GS,54.5964,-5.9301,x\n", "line 1: the first row is a postcode"),
        ("postcode,lat,lon\nLM1 1AA,-1.5,52.5\n", "line 2: latitude -1.5 and longitude 52.5 are the wrong way round"),
        ("postcode,lat,lon\nLM1 1AA,152.5,1\n", "lie nowhere on earth"),
        ("postcode,lat,lon\nLM1 1AA,north,1\n", "line 2"),
        ("CA1 1AA,10,339557,555539,E92000001\nCA1 1AB,10,bad,555539,E92000001\n", "line 2"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        take(tmp_path, text.encode())
