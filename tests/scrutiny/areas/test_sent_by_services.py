"""What map services send: a first page is no layer, an error is called by its name, and ids and heights lie where they may."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from scrutiny.geography.intake import Said, read_layer
from workflows.refusals import Refused

RING = [[-1.89, 52.4], [-1.89, 52.41], [-1.9, 52.41], [-1.9, 52.4], [-1.89, 52.4]]


def feature(code: str = "E05000001", ring: Any = None, **members: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring or RING]}
    return {"type": "Feature", "properties": {"WD24CD": code, "WD24NM": "A"}, "geometry": geometry, **members}


def collection(*features: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features or [feature()]), **members}


def read(folder: Path, value: Any, kind: str = "ward") -> Any:
    file = folder / "layer.geojson"
    file.write_text(json.dumps(value))
    return read_layer(file, said=Said(kind=kind, starts=("E05",)))


@pytest.mark.parametrize(
    "value",
    [
        collection(exceededTransferLimit=True),
        collection(properties={"exceededTransferLimit": True}),
        collection(properties={"exceededTransferLimit": "true"}),
        collection(links=[{"rel": "next", "href": "https://example.org/?page=2"}]),
        collection(numberMatched=5, numberReturned=1),
        {"geometryType": "esriGeometryPolygon", "exceededTransferLimit": True, "features": []},
    ],
)
def test_the_first_page_of_a_layer_is_refused(tmp_path: Path, value: Any) -> None:
    with pytest.raises(Refused, match="only the first page of the layer"):
        read(tmp_path, value)


@pytest.mark.parametrize(
    "more",
    [
        {"exceededTransferLimit": False},
        {"numberMatched": 1, "numberReturned": 1},
        {"links": [{"rel": "self"}]},
        {"properties": None},
    ],
)
def test_a_whole_layer_that_says_so_is_read(tmp_path: Path, more: dict[str, Any]) -> None:
    assert read(tmp_path, collection(**more)).codes == ("E05000001",)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            {"error": {"code": 400, "message": "Invalid URL", "details": []}},
            "an error of the service it came from .“Invalid URL”",
        ),
        ({"features": [{"attributes": {"WD24CD": "E05000001"}, "geometry": {"rings": [RING]}}]}, "is Esri JSON"),
        ({"geometryType": "esriGeometryPolygon", "features": []}, "is Esri JSON"),
    ],
)
def test_what_is_no_geojson_is_called_by_its_name(tmp_path: Path, value: Any, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read(tmp_path, value)


@pytest.mark.parametrize("lines", [False, True])
def test_an_id_at_the_top_level_of_a_feature_is_its_code(tmp_path: Path, lines: bool) -> None:
    rows = [
        {"type": "Feature", "id": f"E0500000{n}", "properties": {"name": f"Ward {n}"}, "geometry": feature()["geometry"]}
        for n in (1, 2)
    ]
    file = tmp_path / ("layer.geojsonl" if lines else "layer.geojson")
    file.write_text("\n".join(map(json.dumps, rows)) if lines else json.dumps(collection(*rows)))
    found = read_layer(file, said=Said(kind="ward", starts=("E05",)))
    assert (found.codes, found.names) == (("E05000001", "E05000002"), ("Ward 1", "Ward 2"))


def test_a_number_of_the_service_is_not_taken_for_the_code(tmp_path: Path) -> None:
    assert read(tmp_path, collection(feature(id=7))).codes == ("E05000001",)


@pytest.mark.parametrize("heights", [(0, 2), (1,), (0, 1, 2, 3, 4)])
def test_points_with_and_without_a_height_are_one_ring(tmp_path: Path, heights: tuple[int, ...]) -> None:
    mixed = [[*point, 12.5] if n in heights else point for n, point in enumerate(RING)]
    plain, found = read(tmp_path, collection()), read(tmp_path, collection(feature(ring=mixed)))
    assert shapely.equals_exact(plain.shapes, found.shapes, 0.01).all()


def _shapefile(folder: Path, names: list[str], encoding: str, *, cpg: bool) -> Path:
    """A zipped Shapefile whose table is in an encoding."""
    shapes = np.array([shapely.box(400_000 + 100 * n, 300_000, 400_100 + 100 * n, 300_100) for n in range(len(names))])
    codes = [f"W0500000{n}" for n in range(len(names))]
    pyogrio.raw.write(
        folder / "w.shp",
        geometry=shapely.to_wkb(shapes),
        field_data=[np.array(codes, dtype=object), np.array(names, dtype=object)],
        fields=["WD24CD", "WD24NM"],
        crs="EPSG:27700",
        geometry_type="Polygon",
        encoding=encoding,
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in folder.glob("w.*"):
            if cpg or part.suffix != ".cpg":
                archive.write(part, part.name)
    file = folder / "wards.zip"
    file.write_bytes(packed.getvalue())
    return file


WELSH = ["Ynys Môn", "Tŷ Ddewi"]


@pytest.mark.parametrize("cpg", [True, False])
def test_a_shapefile_in_utf_8_is_read_with_or_without_its_cpg(tmp_path: Path, cpg: bool) -> None:
    found = read_layer(_shapefile(tmp_path, WELSH, "UTF-8", cpg=cpg), said=Said(kind="ward", starts=("W05",)))
    assert list(found.names) == WELSH
    assert not any("encoding" in one for one in found.warnings)


def test_another_encoding_without_its_cpg_is_read_and_warned_of(tmp_path: Path) -> None:
    found = read_layer(
        _shapefile(tmp_path, ["Ynys Môn", "Bro"], "ISO-8859-1", cpg=False), said=Said(kind="ward", starts=("W05",))
    )
    assert list(found.names) == ["Ynys Môn", "Bro"]
    assert any("does not say in which encoding" in one for one in found.warnings)
