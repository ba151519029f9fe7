"""Every bad boundary and count of the messy set, by its number: told alike by the command and by the page."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.agencies import bulk_jobs as lists
from scrutiny.areas.models import Area, AreaLoad
from scrutiny.extensions import db
from scrutiny.loading import uploads
from scrutiny.loading.forms import in_words_of_the_page
from tests.conftest import NOW
from tests.scrutiny.areas.test_commands import run
from tests.scrutiny.areas.test_views import LOAD, typed

SignIn = Callable[..., FlaskClient]
MESSY = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "messy"
pytestmark = [pytest.mark.data, pytest.mark.skipif(not MESSY.is_dir(), reason=f"no real data at {MESSY}: set SHARED_DATA")]


@dataclass(frozen=True)
class Row:
    """One row of the table: the file and how it is loaded; what is loaded, repaired and skipped, or why it is refused."""

    file: str
    kind: str = "lsoa"
    crs: str = ""
    loaded: int = 0
    repaired: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    says: tuple[str, ...] = field(default=())

    @property
    def number(self) -> str:
        """m02, or m04 with the remedy its refusal names."""
        return self.file.split("_")[0] + ("-stated" if self.crs else "")


#: The boundary rows m02 to m29 and m61. `says` are words of the refusal, or of what is said beside a loading.
TABLE = (
    Row("m02_bowtie.geojson", loaded=5, repaired=("E01013602",), says=("crosses itself", "-1.1416, 52.6644")),
    Row("m03_swapped_axes.geojson", says=("lies outside the area of EPSG:27700 (longitude 52.6663", "axes look swapped")),
    Row("m04_bng_no_crs.geojson", says=("look like EPSG:27700 metres, but GeoJSON must be WGS 84", "say --crs EPSG:27700")),
    Row("m04_bng_no_crs.geojson", crs="EPSG:27700", loaded=6, says=("read as EPSG:27700 because that was asked for",)),
    Row("m05_bng_with_crs.geojson", loaded=6, says=("read as OSGB36 / British National Grid, as the file says",)),
    Row(
        "m07_null_and_empty_geometry.geojson",
        loaded=3,
        skipped=("E01013601", "E01013603", "E01013604"),
        says=("3 of 6 areas were loaded; skipped: 3", "feature 2 has no geometry", "feature 4 has an empty geometry"),
    ),
    Row("m09_missing_and_malformed_codes.geojson", says=("features 1 and 5 have no code", "feature 6 has 'E010136'")),
    Row("m10_truncated.geojson", says=("ends unexpectedly at byte 50,917, line 1", "Download it again")),
    Row("m11_nan_infinity_coordinates.geojson", says=("a coordinate is not a finite number in feature 1",)),
    Row("m12_null_island.geojson", loaded=2, skipped=("E01099999",), says=("lies outside the area of EPSG:27700",)),
    Row(
        "m13_unclosed_ring_and_collection.geojson",
        loaded=3,
        repaired=("E01013600", "E01013601"),
        says=("ring 1 was not closed", "a Point inside a GeometryCollection was left out; its polygons were kept"),
    ),
    Row("m14_real_lines_not_polygons.geojson", kind="ward", says=("LineString geometry, not areas", "Send the polygon version")),
    Row("m15_real_topojson_named_geojson.geojson", says=("is TopoJSON, not GeoJSON",)),
    Row(
        "m16_overlapping_agencies.geojson",
        kind="police",
        loaded=3,
        says=(
            "E23000014 West Midlands and E23000017 Warwickshire overlap by 244.05 km²",
            "E23000015 Staffordshire overlap by 187.28 km²",
            "lies in both",
        ),
    ),
    Row("m18_deep_nesting.json", says=("nested too deep to be GeoJSON",)),
    Row("m19_bom_geojson.geojson", loaded=3),
    Row("m20_hostile_names.geojson", loaded=2),
    Row("m21_truncated_shapefile.zip", kind="ward", says=("damaged or incomplete",)),
    Row("m22_shapefile_no_dbf.zip", says=("no attribute table (.dbf), so its areas have no codes",)),
    Row(
        "m23_shapefile_no_prj.zip",
        says=("does not say which coordinate system it is in", "look like EPSG:27700: if so, say --crs EPSG:27700"),
    ),
    Row("m23_shapefile_no_prj.zip", crs="EPSG:27700", loaded=30, says=("read as EPSG:27700 because that was asked for",)),
    Row("m25_real_git_lfs_pointer_shapefile.zip", kind="ward", says=("is not a Shapefile", "Git LFS pointer")),
    Row("m27_nested_zip.zip", says=("archive inside the archive",)),
    Row("m28_zip_slip.zip", says=("leads outside the archive",)),
    Row("m29_empty.zip", says=("empty",)),
    Row(
        "m61_real_nested_shells.geojson",
        loaded=3,
        repaired=("E01017290", "E01024572", "W01000067"),
        says=("a ring inside another was written as land; it was read as a hole",),
    ),
)
EVERY = [pytest.param(row, id=row.number) for row in TABLE]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The loadings the page would have started in a process of their own."""
    ids: list[int] = []
    monkeypatch.setattr(uploads, "start", ids.append)
    return ids


def stored(app: Flask) -> tuple[int, int]:
    """How many areas and loadings there are."""
    with app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Area, AreaLoad)]
        return counts[0], counts[1]


@pytest.mark.parametrize("row", EVERY)
def test_the_command_loads_it_or_refuses_it_whole_in_one_sentence(app: Flask, row: Row) -> None:
    before = stored(app)
    crs = ("--crs", row.crs) if row.crs else ()
    status, out, err = run(app, "load", MESSY / row.file, "--kind", row.kind, "--from", "2021-03-21", *crs, "--json")
    if not row.loaded:
        assert (status, out, err.count("\n"), stored(app)) == (1, "", 1, before)
        assert row.file in err
        assert [words for words in row.says if words not in err] == []
        return
    result = json.loads(out)
    assert (status, result["loaded"]) == (0, row.loaded), err
    assert tuple(sorted({one["code"] for one in result["repaired"]})) == row.repaired
    assert tuple(sorted({one["code"] for one in result["skipped"]})) == row.skipped
    said = json.dumps(result, ensure_ascii=False)
    assert [words for words in row.says if words not in said] == []
    assert stored(app) == (before[0] + row.loaded, before[1] + 1)


@pytest.mark.parametrize("row", EVERY)
def test_the_page_says_the_same(app: Flask, signed_in: SignIn, started: list[int], row: Row) -> None:
    client, before = signed_in("administrator"), stored(app)
    content = (MESSY / row.file).read_bytes()
    sent = client.post(LOAD, data=typed(content, row.file, kind=row.kind, crs=row.crs))
    assert sent.status_code == 302
    with app.app_context():
        uploads.carry_out(started[0], clock=lambda: NOW)
    page = html.unescape(client.get(sent.location).text)
    assert [words for words in row.says if in_words_of_the_page(words) not in page] == []
    if not row.loaded:
        assert "Nothing was loaded" in page
        assert row.file in page
        assert stored(app) == before
        return
    assert f"{row.loaded} rows loaded" in page
    assert [code for code in row.repaired + row.skipped if code not in page] == []
    assert stored(app) == (before[0] + row.loaded, before[1] + 1)


def test_every_boundary_row_of_the_list_is_in_the_table() -> None:
    """m02 to m29 and m61 of the list beside the files; m51 to m55 are tables, tried below."""
    listed = set(re.findall(r"^\| (m\d\d)_\S+", (MESSY / "README.md").read_text(), re.MULTILINE))
    boundary = {number for number in listed if number <= "m29" or number == "m61"}
    assert boundary == {row.number.removesuffix("-stated") for row in TABLE}


def test_m16_a_point_in_the_overlap_lists_both_forces(app: Flask) -> None:
    assert run(app, "load", MESSY / "m16_overlapping_agencies.geojson", "--kind", "police", "--from", "2021-03-21")[0] == 0
    found = json.loads(run(app, "at", "52.4563,-1.6638", "--json")[1])
    assert sorted(one["name"] for one in found if one["kind"] == "police") == ["Warwickshire", "West Midlands"]


def test_m20_names_that_hold_marks_are_shown_as_text_everywhere(app: Flask, client: FlaskClient) -> None:
    assert run(app, "load", MESSY / "m20_hostile_names.geojson", "--kind", "lsoa", "--from", "2021-03-21")[0] == 0
    with app.app_context():
        codes = list(db.session.scalars(select(Area.code).where(Area.name.contains("<"))))
    assert codes
    for code in codes:
        for address in (f"/places/{code}", f"/find?q={code}", f"/api/v1/areas/{code}"):
            page = client.get(address, follow_redirects=True)
            assert page.status_code == 200
            if page.mimetype == "text/html":
                assert "<img src=x" not in page.text
                assert "&lt;img src=x" in page.text


def test_m28_nothing_is_written_outside_the_folder_of_the_loading(app: Flask) -> None:
    assert run(app, "load", MESSY / "m28_zip_slip.zip", "--kind", "lsoa", "--from", "2021-03-21")[0] == 1
    assert not [place for place in ("/tmp/evil.geojson", "/etc/evil.geojson") if Path(place).exists()]


def test_m61_a_point_in_the_inner_ring_is_in_none_of_the_mended(app: Flask) -> None:
    """The ring is the neighbour's land, and the neighbour is not in the file: a union would give it to the area around it."""
    assert run(app, "load", MESSY / "m61_real_nested_shells.geojson", "--kind", "lsoa", "--from", "2021-03-21")[0] == 0
    for inner in ("51.3727,0.6457", "52.7391,-3.8875", "50.6456,-1.4007"):
        assert json.loads(run(app, "at", inner, "--json")[1]) == []
    beside = json.loads(run(app, "at", "51.3850,0.6476", "--json")[1])
    assert [one["code"] for one in beside] == ["E01024572"]


def test_m52_people_with_thousands_and_a_mark_are_counted_by_command_and_page_alike(
    app: Flask, signed_in: SignIn, started: list[int]
) -> None:
    file = MESSY / "m52_real_population_thousands_bom.csv"
    status, out, _ = run(app, "people", file, "--as-at", "2019-06-30", "--json")
    result = json.loads(out)
    assert (status, result["loaded"]) == (0, 29)
    client = signed_in("administrator")
    sent = client.post(LOAD, data=typed(file.read_bytes(), file.name, kind="people", from_on=["30", "6", "2019"]))
    with app.app_context():
        uploads.carry_out(started[0], clock=lambda: NOW)
    page = html.unescape(client.get(sent.location).text)
    assert f"{result['loaded']} rows loaded, as at Sunday 30 June 2019" in page
    assert [words for words in result["warnings"] if words not in page] == []


def test_lineage_is_sent_through_the_page_as_by_command(app: Flask, signed_in: SignIn, started: list[int]) -> None:
    """An administrator can send each kind of file that the commands load."""
    client = signed_in("administrator")
    text = b"old_code,new_code,date,type,share_people,share_area\nE07000026,E06000063,2023-04-01,,,\n"
    sent = client.post(LOAD, data={"file": (io.BytesIO(text), "lineage.csv"), "kind": "lineage"})
    refused = client.post(LOAD, data={"file": (io.BytesIO(b"a,b\n1,2\n"), "codes.csv"), "kind": "lineage"})
    with app.app_context():
        for number in started:
            uploads.carry_out(number, clock=lambda: NOW)
    assert "1 link loaded, 0 known before" in client.get(sent.location).text
    assert "codes.csv has no columns of lineage that can be recognised" in client.get(refused.location).text


def test_m54_small_areas_of_several_censuses_are_told_apart_by_command_and_page_alike(app: Flask, client: FlaskClient) -> None:
    file = MESSY / "m54_lsoa_mixed_vintages.csv"
    status, out, _ = run(app, "resolve", file, "--code-field", "lsoa", "--on", "2026-03-02", "--json")
    result = json.loads(out)
    assert (status, len(result["rows"])) == (0, 7)

    def page(column: str) -> str:
        sent = {"file": (io.BytesIO(file.read_bytes()), file.name), "column": column, "on": ["2", "3", "2026"], "show": "1"}
        return html.unescape(client.post("/codes", data=sent).text)

    shown = page("lsoa")
    said = [row["note"] for row in result["rows"]] + [f"{note[0].upper()}{note[1:]}." for note in result["notes"]]
    assert [words for words in said if words not in shown] == []
    assert "7 rows as at Monday 2 March 2026" in shown
    assert f"{file.name} has no column called a code: name one of lsoa, value as the column of codes" in page("")


@pytest.mark.parametrize(
    ("file", "field", "says"),
    [
        ("m51_old_gss_codes.csv", "gss_code", ("E06999999",)),
        ("m55_postcodes_dirty.csv", "postcode", ("not a postcode", "incomplete", "in Jersey: outside the United Kingdom")),
    ],
    ids=("m51", "m55"),
)
def test_lists_of_codes_and_postcodes_name_each_fault_by_command_and_page_alike(
    app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, field: str, says: tuple[str, ...]
) -> None:
    """The page of many places takes them; what each code and postcode becomes is tried in test_messy_codes.py."""
    ids: list[int] = []
    monkeypatch.setattr(lists, "start", ids.append)
    monkeypatch.setattr("scrutiny.public.bulk_views.now", lambda: NOW)
    status, _, err = run(app, "at-many", MESSY / file, "--to", tmp_path / "out.csv", "--on", "2026-03-02")
    sent = client.post("/many", data={"file": (io.BytesIO((MESSY / file).read_bytes()), file)})
    assert (status, sent.status_code) == (0, 302)
    with app.app_context():
        lists.carry_out(ids[0], clock=lambda: NOW)
    page = html.unescape(client.get(sent.location).text)
    assert [words for words in says if words not in err or words not in page] == []
    with (tmp_path / "out.csv").open() as table:
        assert field in next(csv.reader(table))
