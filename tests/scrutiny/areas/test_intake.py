"""A boundary file of any format becomes the same layer, and every fault has its sentence."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from scrutiny.geography.intake import Said, read_layer
from workflows.refusals import Refused

# Two square kilometres side by side in Leicestershire, in longitude and latitude.
WEST = [[-1.15, 52.65], [-1.14, 52.65], [-1.14, 52.66], [-1.15, 52.66], [-1.15, 52.65]]
EAST = [[-1.14, 52.65], [-1.13, 52.65], [-1.13, 52.66], [-1.14, 52.66], [-1.14, 52.65]]


def feature(code: Any, rings: Any, name: str = "") -> dict[str, Any]:
    geometry = None if rings is None else {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "properties": {"LAD24CD": code, "LAD24NM": name or f"Name {code}"}, "geometry": geometry}


PAIR = [feature("E07000001", [WEST]), feature("E07000002", [EAST])]


def collection(features: list[Any], **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def read(tmp_path: Path, content: bytes, name: str = "layer.geojson", **said: Any) -> Any:
    file = tmp_path / name
    file.write_bytes(content)
    return read_layer(file, said=Said(kind="district", **said))


def refusal(tmp_path: Path, content: bytes, name: str = "layer.geojson", **said: Any) -> str:
    with pytest.raises(Refused) as refused:
        read(tmp_path, content, name, **said)
    assert name in refused.value.sentence
    return refused.value.sentence


def vectors(folder: Path, name: str, driver: str) -> Path:
    import pyogrio

    shapes = shapely.to_wkb(np.array([shapely.Polygon(WEST), shapely.Polygon(EAST)]))
    columns = [np.array(["E07000001", "E07000002"], dtype=object), np.array(["Dŵr", "Mynydd"], dtype=object)]
    pyogrio.raw.write(
        folder / name, shapes, columns, ["LAD24CD", "LAD24NM"], driver=driver, crs="EPSG:4326", geometry_type="Polygon"
    )
    return folder / name


def test_every_format_gives_the_same_areas(tmp_path: Path) -> None:
    wanted = read(tmp_path, collection(PAIR))
    lines = "\n".join(json.dumps(one) for one in PAIR).encode()
    geopackage = vectors(tmp_path, "made.gpkg", "GPKG").read_bytes()
    shapefile = vectors(tmp_path, "made.shp", "ESRI Shapefile")
    with zipfile.ZipFile(tmp_path / "made.zip", "w") as archive:
        for part in tmp_path.glob("made.*"):
            if part.suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                archive.write(part, f"inner/{part.name}")
    for content, name in (
        (lines, "layer.geojsonl"),
        (b"\xef\xbb\xbf" + collection(PAIR), "bom.geojson"),
        (b"\x1e" + lines.replace(b"\n", b"\n\x1e"), "sequence.geojsons"),
        (geopackage, "layer.gpkg"),
        ((tmp_path / "made.zip").read_bytes(), "layer.zip"),
    ):
        for packed, ending in ((content, ""), (gzip.compress(content), ".gz")):
            found = read(tmp_path, packed, name + ending)
            assert found.codes == wanted.codes == ("E07000001", "E07000002"), name
            assert np.allclose(shapely.area(found.shapes), shapely.area(wanted.shapes)), name
    assert shapefile.exists()


def test_areas_come_out_in_metres_of_the_national_grid(tmp_path: Path) -> None:
    found = read(tmp_path, collection(PAIR))
    assert np.allclose(shapely.area(found.shapes) / 1e6, 0.7526, atol=0.002)
    assert found.names == ("Name E07000001", "Name E07000002")


def test_a_ring_written_as_a_second_shell_is_a_hole(tmp_path: Path) -> None:
    inner = [[-1.147, 52.653], [-1.143, 52.653], [-1.143, 52.657], [-1.147, 52.657], [-1.147, 52.653]]
    nested = feature("E07000001", None)
    nested["geometry"] = {"type": "MultiPolygon", "coordinates": [[WEST], [inner]]}
    whole = read(tmp_path, collection([feature("E07000001", [WEST])]))
    found = read(tmp_path, collection([nested, feature("E07000002", [EAST])]))
    assert float(shapely.area(found.shapes[0]) / shapely.area(whole.shapes[0])) == pytest.approx(1 - 0.16, abs=0.001)
    assert "read as a hole" in found.repaired[0][1]


def test_parts_of_one_code_are_refused_or_joined_as_the_loader_says(tmp_path: Path) -> None:
    twice = collection([feature("E07000001", [WEST]), feature("E07000001", [EAST])])
    assert "E07000001 (features 1 and 2)" in refusal(tmp_path, twice)
    found = read(tmp_path, twice, merge_repeated=True)
    assert found.codes == ("E07000001",)
    assert shapely.area(found.shapes[0]) == pytest.approx(1505100, abs=2000)


def test_the_column_of_codes_may_be_named_by_the_loader(tmp_path: Path) -> None:
    odd = [
        {**PAIR[0], "properties": {"what": "one", "title": "First"}},
        {**PAIR[1], "properties": {"what": "two", "title": "Second"}},
    ]
    assert "--code-field" in refusal(tmp_path, collection(odd))
    assert "what, title" in refusal(tmp_path, collection(odd), code_field="nothing")
    found = read(tmp_path, collection(odd), code_field="WHAT")
    assert (found.codes, found.names) == (("one", "two"), ("First", "Second"))


def test_the_kind_decides_between_several_columns_of_codes(tmp_path: Path) -> None:
    rows = [{**one, "properties": {"LSOA21CD": f"E0100000{n}", **one["properties"]}} for n, one in enumerate(PAIR)]
    assert read(tmp_path, collection(rows)).codes == ("E07000001", "E07000002")
    file = tmp_path / "layer.geojson"
    assert read_layer(file, said=Said(kind="lsoa")).codes == ("E01000000", "E01000001")
    assert read_layer(file, said=Said(kind="new", starts=("E01",))).codes == ("E01000000", "E01000001")


def test_codes_of_another_kind_are_worth_a_remark(tmp_path: Path) -> None:
    assert any("check that the kind is right" in said for said in read(tmp_path, collection(PAIR), starts=("E23",)).warnings)
    assert not read(tmp_path, collection(PAIR), starts=("E06", "E07")).warnings


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.geojson", "is empty"),
        (b"%PDF-1.7 a report", "report.geojson", "not a boundary file"),
        (b"{}", "other.json", "not a GeoJSON FeatureCollection"),
        (b'{"type":"FeatureCollection","features":[]}', "none.geojson", "holds no areas"),
        (b'{"type":"FeatureCollection","features":[{"a":\xff}]}', "bytes.geojson", "not UTF-8"),
        (b'{"type":"FeatureCollection",,}', "comma.geojson", "line 1, column 29"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "lfs.geojson", "Git LFS pointer"),
        (gzip.compress(collection(PAIR), mtime=0)[:-20], "cut.geojson.gz", "ends early"),
        (b"PK\x03\x04 nothing more", "cut.zip", "damaged or incomplete"),
        (collection([feature(None, [WEST]), PAIR[1]]), "codes.geojson", "feature 1 has no code"),
        (collection([feature("E07000001", None)]), "null.geojson", "holds no polygons"),
        (collection([feature("E07000001", [["a", "b", "c", "d"]])]), "words.geojson", "feature 1 are not lists of numbers"),
        (
            collection(PAIR, crs={"type": "name", "properties": {"name": "EPSG:1"}}),
            "crs.geojson",
            "not a known coordinate system",
        ),
        (collection([feature("E07000001", [[[x + 30, y] for x, y in WEST]])]), "far.geojson", "wholly outside"),
    ],
)
def test_each_fault_has_its_sentence(tmp_path: Path, content: bytes, name: str, words: str) -> None:
    assert words in refusal(tmp_path, content, name)


def test_degrees_in_a_file_said_to_be_in_metres_are_refused(tmp_path: Path) -> None:
    assert "look like degrees" in refusal(tmp_path, collection(PAIR), crs="EPSG:27700")


def test_an_area_too_thin_to_hold_land_is_skipped(tmp_path: Path) -> None:
    thin = [[-1.15, 52.65], [-1.14, 52.65], [-1.15, 52.65]]
    found = read(tmp_path, collection([feature("E07000001", [thin]), PAIR[1]]))
    assert found.codes == ("E07000002",)
    assert found.skipped[0][0] == "E07000001"


def test_a_path_of_gdal_is_not_a_file() -> None:
    with pytest.raises(Refused, match="no such file"):
        read_layer(Path("/vsicurl/http://example.org/a.geojson"))
