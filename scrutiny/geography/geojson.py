"""Reading GeoJSON and GeoJSONSeq text into features, quickly, and saying exactly what is wrong where it is not
sound."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import shapely

from scrutiny.geography.features import Features, Properties, first_few
from workflows.refusals import Refused

CHUNK = 2000
POLYGONS = ("Polygon", "MultiPolygon", "GeometryCollection")
OTHERS = ("Point", "MultiPoint", "LineString", "MultiLineString")
POLYGON_IDS = (3, 6)  # Polygon and MultiPolygon, as GEOS numbers them
MARK = b'"geometry":'


class NotFinite(Exception):
    """A coordinate is NaN or infinite."""


def read_geojson(content: bytes, name: str, *, lines: bool) -> Features:
    """The features of a GeoJSON document, or of one feature a line; Refused with the place of the first fault."""
    if content[:3] == b"\xef\xbb\xbf":
        content = content[3:]
    if not lines and not _looks_like_lines(content):
        return _document(_parsed(content, name), name)
    found = Features(name)
    rows = [row for row in content.replace(b"\x1e", b"").split(b"\n") if row.strip()]
    with ThreadPoolExecutor(2) as pool:  # shapely lets go of the interpreter while it parses
        chunks = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
        for number, (chunk, shapes) in enumerate(zip(chunks, pool.map(_shapes_of_lines, chunks), strict=True)):
            for offset, (row, shape) in enumerate(zip(chunk, shapes, strict=True)):
                _add_line(found, row, shape, number * CHUNK + offset + 1, name)
    return found


def _looks_like_lines(content: bytes) -> bool:
    """Whether the first line is a whole feature and another follows, whatever the file is called."""
    first, _, rest = content.lstrip(b"\x1e\r\n ").partition(b"\n")
    return (
        first.rstrip().endswith(b"}") and b'"Feature"' in first[:200] and bool(rest.strip()) and b'"features"' not in first[:500]
    )


def _shapes_of_lines(rows: list[bytes]) -> list[Any]:
    """Shapes parsed straight from the text of features; None where it takes a closer look."""
    try:
        shapes = shapely.from_geojson(np.array([row.decode() for row in rows], dtype=object), on_invalid="ignore")
    except (UnicodeDecodeError, shapely.errors.ShapelyError):
        return [None] * len(rows)
    sound = np.isin(shapely.get_type_id(shapes), POLYGON_IDS) & ~shapely.is_empty(shapes)
    return [shape if good else None for shape, good in zip(shapes, sound.tolist(), strict=True)]


def _add_line(found: Features, row: bytes, shape: Any, number: int, name: str) -> None:
    """One feature of one line: its properties alone where the shape is read already, else the whole of it."""
    properties = None if shape is None else _properties_before_geometry(row)
    if properties is None:
        _add(found, _parsed(row, name, line=number), number)
    else:
        found.add(number, properties, shape)


def _properties_before_geometry(row: bytes) -> Properties | None:
    """The properties of a feature whose geometry comes last, without reading the geometry; None where that does not
    hold."""
    cut = row.rfind(MARK)
    try:
        head = json.loads(row[:cut].decode() + '"geometry":null}') if cut > 0 else None
    except ValueError:
        return None
    if not isinstance(head, dict) or "properties" not in head:
        return None
    return _with_id(head, head["properties"])


def _parsed(content: bytes, name: str, line: int | None = None) -> Any:
    """The JSON value of the bytes; Refused saying whether they end early, at which line and column."""
    try:
        text = content.decode("utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Refused(
            "%(name)s is not UTF-8 text at byte %(start)s: save it as UTF-8 and send it again",
            name=name,
            start=f"{fault.start:,}",
        ) from fault
    try:
        return json.loads(text)
    except RecursionError as fault:
        raise Refused("%(name)s is nested too deep to be GeoJSON: check that it is the right file", name=name) from fault
    except json.JSONDecodeError as fault:
        row = line or fault.lineno
        if text.rstrip()[-1:] not in ("}", "]") or fault.pos >= len(text.rstrip()):
            raise Refused(
                "%(name)s ends unexpectedly at byte %(n)s, line %(row)s: it was cut off on the way. Download it again",
                name=name,
                n=f"{len(content):,}",
                row=row,
            ) from fault
        raise Refused(
            "%(name)s is not GeoJSON at line %(row)s, column %(colno)s: %(msg)s",
            name=name,
            row=row,
            colno=fault.colno,
            msg=fault.msg.lower(),
        ) from fault


def _document(value: Any, name: str) -> Features:
    """The features of one GeoJSON document."""
    kind = value.get("type") if isinstance(value, dict) else None
    _refuse_of_a_service(value, name)
    if kind == "Topology":
        raise Refused(
            "%(name)s is TopoJSON, not GeoJSON: turn it into GeoJSON first, for example with mapshaper.org or QGIS", name=name
        )
    if kind == "Feature":
        value = {"features": [value], "crs": value.get("crs")}
    elif kind != "FeatureCollection" or not isinstance(value.get("features"), list):
        raise Refused("%(name)s is JSON but not a GeoJSON FeatureCollection: it holds no areas with codes", name=name)
    found = Features(name, crs=_stated_crs(value.get("crs"), name))
    for number, feature in enumerate(value["features"], start=1):
        _add(found, feature, number)
    return found


def _refuse_of_a_service(value: Any, name: str) -> None:
    """Refuse what a map service sends that is no whole layer: its error, its first page, or the JSON of Esri."""
    if not isinstance(value, dict):
        return
    error = value.get("error")
    if isinstance(error, dict) and "features" not in value:
        said = first_few(error.get("message") or error.get("code") or "no reason given", 120)
        raise Refused(
            "%(name)s is not a layer but an error of the service it came from (“%(said)s”): download the layer again",
            name=name,
            said=said,
        )
    if _says_more(value):
        raise Refused(
            "%(name)s is only the first page of the layer: the service says that it holds more (exceededTransferLimit). "
            "Download the whole layer as a file, or join its pages",
            name=name,
        )
    features = value.get("features")
    first = features[0] if isinstance(features, list) and features else None
    of_esri = isinstance(first, dict) and "attributes" in first and "properties" not in first
    if of_esri or str(value.get("geometryType", "")).startswith("esriGeometry"):
        raise Refused(
            "%(name)s is Esri JSON, not GeoJSON: ask the service for f=geojson, or export the layer as GeoJSON", name=name
        )


def _says_more(value: Mapping[str, Any]) -> bool:
    """Whether a collection says of itself that it is only a part: in its own members, its properties, or a link to the next."""
    for holder in (value, value.get("properties")):
        if isinstance(holder, dict) and str(holder.get("exceededTransferLimit", "")).lower() == "true":
            return True
    links = value.get("links")
    has_next = isinstance(links, list) and any(isinstance(one, dict) and one.get("rel") == "next" for one in links)
    returned, matched = value.get("numberReturned"), value.get("numberMatched")
    fewer = isinstance(returned, int) and isinstance(matched, int) and returned < matched
    return has_next or fewer


def _stated_crs(member: Any, name: str) -> str | None:
    """The name in an old-style crs member; None where there is none, since GeoJSON is then WGS 84."""
    if member is None:
        return None
    named = member.get("properties", {}).get("name") if isinstance(member, dict) else None
    if not isinstance(named, str):
        raise Refused(
            "%(name)s states its coordinate system in a way that cannot be read: say which it is with --crs EPSG:n", name=name
        )
    return named


def _add(found: Features, feature: Any, number: int) -> None:
    """One parsed feature: its properties and its shape."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise Refused(
            "%(found)s: feature %(number)s is not a GeoJSON feature. Export the layer again as GeoJSON",
            found=found.name,
            number=number,
        )
    properties = feature.get("properties")
    geometry = feature.get("geometry")
    shape, kind = None, None
    notes: list[str] = []
    if isinstance(geometry, dict):
        kind = geometry.get("type")
        try:
            shape, notes = _shape(geometry)
        except NotFinite:
            found.not_finite.append(number)
        except (TypeError, ValueError, AttributeError, KeyError) as fault:
            raise Refused(
                "%(found)s: the coordinates of feature %(number)s are not lists of numbers (%(fault)s)",
                found=found.name,
                number=number,
                fault=first_few(fault),
            ) from fault
    found.add(number, _with_id(feature, properties), shape, kind=kind, notes=notes)


def _with_id(feature: Mapping[str, Any], properties: Any) -> Properties:
    """The properties of a feature, with its own id where it has one and no property is called so."""
    given = properties if isinstance(properties, dict) else {}
    number = feature.get("id")
    if number is None or isinstance(number, bool | dict | list) or any(key.lower() == "id" for key in given):
        return given
    return {**given, "id": number}


def _shape(geometry: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """The polygon of a geometry as it is written, unrepaired, and remarks on what had to be mended to build it at
    all."""
    kind = geometry.get("type")
    notes: list[str] = []
    if kind not in POLYGONS + OTHERS:
        raise ValueError(f"'{kind}' is not a kind of geometry")
    polygons: list[Any] = []
    for part in _parts(geometry):
        if part["type"] == "Polygon":
            polygons.append(part["coordinates"])
        elif part["type"] == "MultiPolygon":
            polygons.extend(part["coordinates"])
        elif kind == "GeometryCollection":
            notes.append(f"a {part['type']} inside a GeometryCollection was left out; its polygons were kept")
    built = [polygon for rings in polygons if rings and (polygon := _polygon(rings, notes)) is not None]
    if not built:
        return None, notes
    return (built[0] if len(built) == 1 else shapely.multipolygons(built)), notes


def _parts(geometry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The simple geometries within one, however collections are nested."""
    if geometry.get("type") == "GeometryCollection":
        for inner in geometry["geometries"]:
            yield from _parts(inner)
    else:
        yield geometry


def _points(ring: Any) -> Any:
    """The points of a ring; where some have a height and others none, without it."""
    try:
        return np.asarray(ring, dtype=float)
    except ValueError:
        lengths = {len(point) for point in ring if isinstance(point, list)}
        if len(lengths) < 2 or min(lengths) < 2 or not all(isinstance(point, list) for point in ring):
            raise
        return np.asarray([point[:2] for point in ring], dtype=float)


def _polygon(rings: list[Any], notes: list[str]) -> Any:
    """One polygon from its rings, shell first; None where the shell has too few points to hold any land."""
    built: list[Any] = []
    for number, ring in enumerate(rings, start=1):
        points = _points(ring)
        if points.size == 0:
            continue
        if points.ndim != 2 or points.shape[1] < 2:
            raise ValueError(f"ring {number}")
        points = points[:, :2]
        if not np.isfinite(points).all():
            raise NotFinite
        if len(points) < 3:
            notes.append(f"ring {number} has only {len(points)} points and was left out")
            if number == 1:
                return None
            continue
        if not np.array_equal(points[0], points[-1]):
            notes.append(f"ring {number} was not closed; it was closed from its last point to its first")
            points = np.vstack([points, points[:1]])
        if len(points) < 4:
            notes.append(f"ring {number} has too few points and was left out")
            if number == 1:
                return None
            continue
        built.append(shapely.linearrings(points))
    if not built:
        return None
    return shapely.polygons(built[0], holes=built[1:]) if len(built) > 1 else shapely.polygons(built[0])
