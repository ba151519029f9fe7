"""Tables to take away, written as CSV, GeoJSON (RFC 7946) or GeoPackage, a batch at a time so that memory stays small."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from flask_babel import gettext

from scrutiny.areas.export import Taken
from scrutiny.file_reading.tables import Row, write_csv
from scrutiny.geography.coordinates import LONLAT, mover, system
from scrutiny.geography.shapes import all_multipolygons, as_geojson_texts, from_rows, to_rows
from workflows.refusals import Refused

FORMS = {"csv": "text/csv", "geojson": "application/geo+json", "gpkg": "application/geopackage+sqlite3"}
#: Places of a degree: the eighth is about a millimetre, so that areas come back as they went.
PLACES = 8


def as_csv(taken: Taken) -> Iterator[bytes]:
    """The rows without their shapes."""
    names = [name for name, _ in taken.columns]
    head = write_csv(names, [])
    yield head
    for rows, _ in taken.batches(False):
        yield write_csv(names, rows)[len(head) :]


def as_geojson(taken: Taken) -> Iterator[bytes]:
    """A FeatureCollection in longitude and latitude, outer rings against the clock, with its title, day and source."""
    head = {"type": "FeatureCollection", "name": taken.title, "as_at": taken.as_at.isoformat(), "attribution": taken.attribution}
    yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n').encode()
    move = mover(system(taken.crs), system(LONLAT)).transform
    names = [name for name, _ in taken.columns]
    first = True
    for rows, shapes in taken.batches(True):
        said = []
        for row, shape in zip(rows, _degrees(shapes, move), strict=True):
            properties = json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False)
            said.append(f'{{"type": "Feature", "properties": {properties}, "geometry": {shape}}}')
        yield (("" if first else ",\n") + ",\n".join(said)).encode()
        first = False
    yield b"\n]}\n"


def _degrees(shapes: list[bytes | None], move: Any) -> list[str]:
    """Shapes as GeoJSON text in degrees; the points of neighbours are moved alike, so that they still meet."""

    def moved(points: Any) -> Any:
        return np.round(np.column_stack(move(points[:, 0], points[:, 1])), PLACES)

    return as_geojson_texts(from_rows(shapes), moved)


def write_geopackage(taken: Taken, to: Path) -> None:
    """One layer in the instance's own coordinate system, with its record; title and source in the layer's metadata."""
    import pyogrio  # noqa: PLC0415  # 60MB of GDAL, wanted only where a file is made

    about = {"title": taken.title, "as_at": taken.as_at.isoformat(), "attribution": taken.attribution}
    for number, (rows, shapes) in enumerate(taken.batches(True)):
        columns = [_column([row[at] for row in rows], holds) for at, (_, holds) in enumerate(taken.columns)]
        pyogrio.raw.write(
            to,
            np.array(to_rows(all_multipolygons(from_rows(shapes))), dtype=object),
            [values for values, _ in columns],
            [name for name, _ in taken.columns],
            field_mask=[missing for _, missing in columns],
            layer=taken.name,
            driver="GPKG",
            geometry_type="MultiPolygon",
            crs=taken.crs,
            append=number > 0,
            layer_metadata=about,
        )


def _column(values: list[Any], holds: str) -> tuple[Any, Any]:
    """A column as GDAL takes it, and which of its cells are empty."""
    missing = np.array([value is None for value in values], dtype=bool)
    if holds == "day":
        return np.array([value or "NaT" for value in values], dtype="datetime64[D]"), missing
    if holds == "whole":
        return np.array([value or 0 for value in values], dtype="int64"), missing
    if holds == "number":
        return np.array([value or 0.0 for value in values], dtype="float64"), missing
    return np.array([value or "" for value in values], dtype=object), missing


def _plain(cell: Any) -> Any:
    """A cell as JSON has it."""
    return cell.isoformat() if isinstance(cell, date) else cell


def write_taken(taken: Taken, to: Path) -> int:
    """Write a table to a file by its ending, whole or not at all; how many rows."""
    form = to.suffix.lower().lstrip(".")
    if form not in FORMS:
        raise Refused(gettext("%(to)s must end in .csv, .geojson or .gpkg", to=to.name))
    if not to.parent.is_dir():
        raise Refused(gettext("%(to)s: there is no such folder. Make it, or name another with --to", to=to))
    part = to.with_name(f".{to.stem}.part.{form}")
    counted = _Counted(taken)
    try:
        if form == "gpkg":
            part.unlink(missing_ok=True)
            write_geopackage(counted.taken, part)
        else:
            with part.open("wb") as out:
                for piece in (as_csv if form == "csv" else as_geojson)(counted.taken):
                    out.write(piece)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return counted.rows


class _Counted:
    """A table that counts the rows taken from it."""

    def __init__(self, taken: Taken) -> None:
        self.rows = 0
        self._batches = taken.batches
        self.taken = Taken(taken.name, taken.title, taken.as_at, taken.columns, taken.sources, taken.crs, self._counted)

    def _counted(self, shapes: bool) -> Iterator[tuple[list[Row], list[bytes | None]]]:
        for rows, wkb in self._batches(shapes):
            self.rows += len(rows)
            yield rows, wkb
