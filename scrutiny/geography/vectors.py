"""Reading GeoPackages and Shapefiles with pyogrio, from files of our own making only, in a child with limits.

A GeoPackage is a database, and what stands in it as a table may be a view: a question that has no end.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from scrutiny.adapters.sandbox import Failed, Lane, Limits, Server, Stopped
from scrutiny.geography.features import Features, first_few
from workflows.refusals import Refused

UNSURE = "the Shapefile does not say in which encoding its names are (it has no .cpg) and it is not UTF-8: check the accents"
DRIVERS = {"geopackage": "GPKG", "shapefile": "ESRI Shapefile"}


#: Seconds of processor and bytes are many times what the small areas of a country need at full resolution.
READ = Lane(
    Server("scrutiny.geography.vectors", "pyogrio"),
    Limits(seconds=120, memory=3_000_000_000, output=1_500_000_000, patience=300),
    at_once=1,
)
#: England, Wales and Scotland by output area are under this.
MOST_FEATURES = 500_000


def read_vectors(path: Path, form: str, name: str) -> Features:
    """The features of a GeoPackage or Shapefile already unpacked at `path`; Refused where it cannot be read, or not in time."""
    try:
        crs, fields, shapes, columns, notes = READ.run(read_raw, str(path), form, name, MOST_FEATURES)
    except Stopped as stopped:
        raise Refused(
            "%(name)s was left unread: reading it takes more time or memory than one layer may. Save the layer afresh as a "
            "table of its own, or send it as GeoJSON",
            name=name,
        ) from stopped
    except Failed as failed:
        raise Refused("%(name)s cannot be read (%(fault)s)", name=name, fault=first_few(failed, 120)) from failed
    found = _features(name, form, (crs, fields), shapes, columns)
    found.remarks.extend(notes)
    return found


def read_raw(
    path: str, form: str, name: str, most: int
) -> tuple[str | None, list[str], list[bytes | None], list[list[Any]], list[str]]:
    """What a file holds, as plain values: coordinate system, fields, shapes (WKB), columns, remarks; run in a child."""
    import pyogrio  # noqa: PLC0415  # 60MB of GDAL, wanted only while a file is loaded

    file = Path(path)
    try:
        layer = _layers(pyogrio, file, name)
        driver = pyogrio.read_info(file, layer=layer, force_feature_count=False, force_total_bounds=False).get("driver")
        if driver not in DRIVERS[form]:
            raise Refused("%(name)s is not a %(form)s: send GeoJSON, GeoPackage or a zipped Shapefile", name=name, form=form)
        encoding, notes = _encoding(file) if form == "shapefile" else (None, [])
        meta, _, shapes, columns = pyogrio.raw.read(
            file,
            layer=layer,
            force_2d=True,
            datetime_as_string=True,
            max_features=most + 1,
            **({"encoding": encoding} if encoding else {}),
        )
    except pyogrio.errors.DataSourceError as fault:
        raise Refused(
            "%(name)s cannot be read; it may be damaged or incomplete (%(fault)s)", name=name, fault=first_few(fault, 120)
        ) from fault
    except (UnicodeDecodeError, ValueError, RuntimeError) as fault:
        raise Refused("%(name)s cannot be read (%(fault)s)", name=name, fault=first_few(fault, 120)) from fault
    if len(shapes) > most:
        raise Refused("%(name)s holds more than %(most)s areas: send one layer at a time", name=name, most=f"{most:,}")
    plain = [column.tolist() if isinstance(column, np.ndarray) else list(column) for column in columns]
    return meta.get("crs") or None, [str(field) for field in meta["fields"]], list(shapes), plain, notes


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
        raise Refused("%(name)s has no layer with shapes", name=name)
    if len(found) > 1:
        raise Refused(
            "%(name)s holds %(n)s layers (%(found)s): save the one you mean as a separate file",
            name=name,
            n=len(found),
            found=first_few(", ".join(found), 120),
        )
    return found[0]


def _features(
    name: str, form: str, about: tuple[str | None, list[str]], shapes: list[bytes | None], columns: list[list[Any]]
) -> Features:
    """Rows and columns turned into numbered features."""
    try:
        geometries = shapely.from_wkb(np.array(shapes, dtype=object))
    except shapely.errors.GEOSException as fault:
        raise Refused(
            "%(name)s holds shapes that cannot be read (%(fault)s): export it as GeoJSON", name=name, fault=first_few(fault)
        ) from fault
    crs, fields = about
    found = Features(name, crs=crs, form=form)
    for row, shape in enumerate(geometries):
        kind = None if shape is None else shape.geom_type
        found.add(
            row + 1, {field: column[row] for field, column in zip(fields, columns, strict=True)}, _area_of(shape), kind=kind
        )
    return found


def _area_of(shape: Any) -> Any:
    """The polygons of a shape, or None where it has none."""
    if shape is None or shapely.is_empty(shape):
        return None
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.multipolygons(parts) if parts else None
