"""Reading GeoPackages and Shapefiles with pyogrio, from files of our own making only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from scrutiny.geography.features import Features, first_few
from workflows.refusals import Refused

UNSURE = "the Shapefile does not say in which encoding its names are (it has no .cpg) and it is not UTF-8: check the accents"
DRIVERS = {"geopackage": "GPKG", "shapefile": "ESRI Shapefile"}


def read_vectors(path: Path, form: str, name: str) -> Features:
    """The features of a GeoPackage or Shapefile already unpacked at `path`; Refused where it cannot be read."""
    import pyogrio  # noqa: PLC0415  # 60MB of GDAL, wanted only while a file is loaded

    try:
        layers = _layers(pyogrio, path, name)
        info = pyogrio.read_info(path, layer=layers)
        if info.get("driver") not in DRIVERS[form]:
            raise Refused(f"{name} is not a {form}: send GeoJSON, GeoPackage or a zipped Shapefile")
        encoding, notes = _encoding(path) if form == "shapefile" else (None, [])
        meta, _, shapes, columns = pyogrio.raw.read(
            path, layer=layers, force_2d=True, datetime_as_string=True, **({"encoding": encoding} if encoding else {})
        )
    except pyogrio.errors.DataSourceError as fault:
        raise Refused(f"{name} cannot be read; it may be damaged or incomplete ({first_few(fault, 120)})") from fault
    except (UnicodeDecodeError, ValueError, RuntimeError) as fault:
        raise Refused(f"{name} cannot be read ({first_few(fault, 120)})") from fault
    found = _features(name, form, meta, shapes, columns)
    found.remarks.extend(notes)
    return found


def _encoding(path: Path) -> tuple[str | None, list[str]]:
    """In which encoding the table of a Shapefile is, where it has no .cpg to say so, and a remark where that is not sure.

    Text of other encodings is hardly ever valid UTF-8, so a table that is, is taken as that whatever its header says.
    """
    if path.with_suffix(".cpg").exists():
        return None, []
    table = path.with_suffix(".dbf").read_bytes()
    names, text = table[32 : int.from_bytes(table[8:10], "little")], table[int.from_bytes(table[8:10], "little") :]
    if names.isascii() and text.isascii():
        return None, []
    try:
        text.decode("utf-8")
        return "UTF-8", []
    except UnicodeDecodeError:
        return None, [UNSURE]


def _layers(pyogrio: Any, path: Path, name: str) -> str:
    """The name of the one layer with shapes."""
    found = [str(layer) for layer, kind in pyogrio.list_layers(path) if kind is not None]
    if not found:
        raise Refused(f"{name} holds no layer with shapes")
    if len(found) > 1:
        raise Refused(f"{name} holds {len(found)} layers ({first_few(', '.join(found), 120)}): save the one you mean by itself")
    return found[0]


def _features(name: str, form: str, meta: dict[str, Any], shapes: Any, columns: list[Any]) -> Features:
    """Rows and columns turned into numbered features."""
    try:
        geometries = shapely.from_wkb(shapes)
    except shapely.errors.GEOSException as fault:
        raise Refused(f"{name} holds shapes that cannot be read ({first_few(fault)}): export it as GeoJSON") from fault
    found = Features(name, crs=meta.get("crs") or None, form=form)
    fields = [str(field) for field in meta["fields"]]
    plain = [column.tolist() if isinstance(column, np.ndarray) else list(column) for column in columns]
    for row, shape in enumerate(geometries):
        kind = None if shape is None else shape.geom_type
        found.add(row + 1, {field: column[row] for field, column in zip(fields, plain, strict=True)}, _area_of(shape), kind=kind)
    return found


def _area_of(shape: Any) -> Any:
    """The polygons of a shape, or None where it has none."""
    if shape is None or shapely.is_empty(shape):
        return None
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.multipolygons(parts) if parts else None
