"""Boundary files as they really arrive, each with what a person must be told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import shapely

from scrutiny.geography.intake import Layer, Said, read_layer
from workflows.refusals import Refused

MESSY = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "messy"
LSOA = Said(kind="lsoa", starts=("E01", "W01"))

pytestmark = [pytest.mark.data, pytest.mark.skipif(not MESSY.is_dir(), reason=f"no real data at {MESSY}: set SHARED_DATA")]

REFUSED = {
    "m03_swapped_axes.geojson": ["axes look swapped", "52.6663"],
    "m04_bng_no_crs.geojson": ["look like EPSG:27700 metres", "--crs EPSG:27700"],
    "m09_missing_and_malformed_codes.geojson": ["features 1 and 5 have no code", "feature 6 has 'E010136'"],
    "m10_truncated.geojson": ["ends unexpectedly at byte 50,917", "line 1"],
    "m11_nan_infinity_coordinates.geojson": ["not a finite number", "feature 1"],
    "m14_real_lines_not_polygons.geojson": ["LineString", "polygon version"],
    "m15_real_topojson_named_geojson.geojson": ["is TopoJSON"],
    "m18_deep_nesting.json": ["nested too deep"],
    "m21_truncated_shapefile.zip": ["damaged or incomplete"],
    "m22_shapefile_no_dbf.zip": ["no attribute table (.dbf)"],
    "m23_shapefile_no_prj.zip": ["no .prj", "--crs EPSG:27700"],
    "m25_real_git_lfs_pointer_shapefile.zip": ["not a Shapefile", "Git LFS pointer"],
    "m27_nested_zip.zip": ["archive inside the archive"],
    "m28_zip_slip.zip": ["leads outside the archive"],
    "m29_empty.zip": ["empty"],
}


@pytest.mark.parametrize("file", REFUSED)
def test_a_file_that_must_not_be_loaded_is_refused_in_a_sentence_that_names_it(file: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_layer(MESSY / file, said=LSOA)
    assert file in refusal.value.sentence
    for words in REFUSED[file]:
        assert words in refusal.value.sentence


def layer(file: str, **said: object) -> Layer:
    return read_layer(MESSY / file, said=Said(kind="lsoa", starts=("E01", "W01"), **said))


def km2(found: Layer, code: str) -> float:
    return float(shapely.area(found.shapes[found.codes.index(code)])) / 1e6


def test_a_bow_tie_is_mended_with_its_code_and_place_and_the_rest_load() -> None:
    found = layer("m02_bowtie.geojson")
    assert len(found.codes) == 5
    assert [code for code, _ in found.repaired] == ["E01013602"]
    assert "crosses itself" in found.repaired[0][1]
    assert "-1.1416, 52.6644" in found.repaired[0][1]
    assert shapely.is_valid(found.shapes).all()


def test_national_grid_metres_are_read_when_the_loader_says_so() -> None:
    for file, said in (("m04_bng_no_crs.geojson", {"crs": "EPSG:27700"}), ("m05_bng_with_crs.geojson", {})):
        found = layer(file, **said)
        assert len(found.codes) == 6
        assert found.warnings
        left, low, right, high = shapely.total_bounds(found.shapes)
        assert 457000 < left < right < 460000
        assert 305000 < low < high < 309500


def test_features_without_a_shape_are_skipped_with_their_codes() -> None:
    found = layer("m07_null_and_empty_geometry.geojson")
    assert len(found.codes) == 3
    assert [code for code, _ in found.skipped] == ["E01013601", "E01013603", "E01013604"]
    assert "no geometry" in found.skipped[0][1]
    assert "empty geometry" in found.skipped[1][1]
    assert found.warnings[0].startswith("3 of 6 areas")


def test_a_square_in_the_sea_off_africa_is_skipped_and_the_rest_kept() -> None:
    found = layer("m12_null_island.geojson")
    assert found.codes == ("E01013600", "E01013601")
    assert found.skipped[0][0] == "E01099999"
    assert "outside" in found.skipped[0][1]


def test_an_unclosed_ring_is_closed_and_a_collection_keeps_its_polygon() -> None:
    found = layer("m13_unclosed_ring_and_collection.geojson")
    said = dict(found.repaired)
    assert "not closed" in said["E01013600"]
    assert "Point" in said["E01013601"]


def test_a_byte_order_mark_is_accepted() -> None:
    assert len(layer("m19_bom_geojson.geojson").codes) == 3


def test_hostile_names_stay_text_and_lose_their_hidden_marks() -> None:
    found = layer("m20_hostile_names.geojson")
    assert found.names[0] == "<img src=x onerror=alert(1)>"
    assert "\u202e" not in found.names[1]


def test_a_shapefile_without_prj_sits_in_leicester_once_its_system_is_stated() -> None:
    found = layer("m23_shapefile_no_prj.zip", crs="EPSG:27700")
    left, low, right, high = shapely.total_bounds(found.shapes)
    assert 455000 < left < right < 462000
    assert 298000 < low < high < 312000
    assert any("EPSG:27700" in warning for warning in found.warnings)


def test_nested_shells_are_read_even_odd() -> None:
    found = layer("m61_real_nested_shells.geojson")
    assert km2(found, "E01024572") == pytest.approx(11.187, abs=0.001)
    assert km2(found, "W01000067") == pytest.approx(32.600, abs=0.001)
    assert km2(found, "E01017290") == pytest.approx(48.598, abs=0.001)
    assert {code for code, _ in found.repaired} == set(found.codes)
    assert shapely.is_valid(found.shapes).all()


def test_nothing_is_written_outside_the_folder_of_the_loading(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        layer("m28_zip_slip.zip")
    assert not Path("/tmp/evil.geojson").exists()
    assert not Path("/etc/evil.geojson").exists()
