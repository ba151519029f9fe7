"""Which coordinate system a file is in, whether that can be true, and its shapes moved to PLACE_CRS."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from scrutiny.geography.features import Features, numbered
from workflows.refusals import Refused

LONLAT = "OGC:CRS84"


@dataclass(frozen=True, slots=True)
class Located:
    """Shapes in PLACE_CRS (None where there is none), which of them lie outside its area of use, and remarks."""

    shapes: Any
    outside: Any
    warnings: tuple[str, ...]


def locate(features: Features, *, place_crs: str, crs: str | None) -> Located:
    """The shapes of the features in `place_crs`; Refused where the coordinates cannot be what they are said to be."""
    shapes = np.array(features.shapes, dtype=object)
    present = np.array([shape is not None for shape in shapes], dtype=bool)
    boxes = shapely.bounds(shapes[present])
    source, warnings = _source(features, boxes, place_crs, crs)
    _refuse_unlikely(features, boxes, source, place_crs)
    outside = np.zeros(len(shapes), dtype=bool)
    outside[present] = ~within_area(_corners(boxes, source), place_crs)
    moved = shapes if source == system(place_crs) else _moved(shapes, source, place_crs)
    outside[present] |= ~np.isfinite(shapely.bounds(moved[present])).all(axis=1)
    return Located(moved, outside, tuple(warnings))


@functools.lru_cache(maxsize=64)
def system(name: str) -> Any:
    """The coordinate system of that name, from pyproj's own tables; never from the network."""
    import pyproj  # noqa: PLC0415  # opens a database of its own, wanted only where coordinates are read or moved

    pyproj.network.set_network_enabled(active=False)
    return pyproj.CRS.from_user_input(name)


@functools.lru_cache(maxsize=64)
def mover(source: Any, target: Any) -> Any:
    """What turns x, y of one system into x, y of another; x is east or longitude whatever the system's own axis
    order."""
    import pyproj  # noqa: PLC0415  # see `system`

    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def to_place(lon: float, lat: float, place_crs: str) -> tuple[float, float]:
    """A longitude and latitude as x, y in `place_crs`."""
    x, y = mover(system(LONLAT), system(place_crs)).transform(lon, lat)
    return float(x), float(y)


def to_lonlat(x: float, y: float, place_crs: str) -> tuple[float, float]:
    """Metres of the instance's own coordinate system as (longitude, latitude) in degrees."""
    lon, lat = mover(system(place_crs), system(LONLAT)).transform(x, y)
    return float(lon), float(lat)


def within_area(points: Any, place_crs: str) -> Any:
    """For points (n, k, 2) of longitude and latitude: whether any of each k lies in the area of use of `place_crs`."""
    use = system(place_crs).area_of_use
    if use is None:
        return np.isfinite(points).all(axis=(1, 2))
    lon, lat = points[..., 0], points[..., 1]
    inside = (lon >= use.west) & (lon <= use.east) & (lat >= use.south) & (lat <= use.north)
    return inside.any(axis=1)


def _moved(shapes: Any, source: Any, target: str) -> Any:
    """Shapes moved to another system; coordinates that have no place there become infinite."""
    change = mover(source, system(target))
    return shapely.transform(shapes, lambda points: np.column_stack(change.transform(points[:, 0], points[:, 1])))


def _corners(boxes: Any, source: Any) -> Any:
    """The four corners and the middle of each box, in longitude and latitude: (n, 5, 2)."""
    left, low, right, high = boxes.T
    x = np.stack([left, left, right, right, (left + right) / 2], axis=1)
    y = np.stack([low, high, low, high, (low + high) / 2], axis=1)
    lon, lat = mover(source, system(LONLAT)).transform(x, y)
    return np.stack([lon, lat], axis=-1)


def refuse_non_finite(features: Features) -> None:
    """Refuse coordinates that are not numbers on the map: NaN, infinity, or too large to be kept."""
    points, owner = shapely.get_coordinates(np.array(features.shapes, dtype=object), return_index=True)
    bad = np.unique(owner[~np.isfinite(points).all(axis=1)])
    rows = sorted({*features.not_finite, *(features.numbers[i] for i in bad)})
    if rows:
        raise Refused(
            "%(features)s: a coordinate is not a finite number in %(rows)s. Export the layer again",
            features=features.name,
            rows=numbered(rows),
        )


def _source(features: Features, boxes: Any, place_crs: str, crs: str | None) -> tuple[Any, list[str]]:
    """The system the file is in: as the loader says, as the file says, or, for GeoJSON, WGS 84."""
    stated = crs or features.crs or (LONLAT if features.form == "geojson" else None)
    if stated is None:
        guess = (
            f" Its coordinates look like {place_crs}: if so, say --crs {place_crs}." if _fits(boxes, place_crs, place_crs) else ""
        )
        raise Refused(
            "%(features)s does not say which coordinate system it is in (no .prj).%(guess)s Nothing was loaded",
            features=features.name,
            guess=guess or " Say which with --crs EPSG:n.",
        )
    source = _named(stated, features.name)
    if crs and features.crs and source != _named(features.crs, features.name):
        return source, [
            f"read as {crs} because that was asked for; the file itself says {_named(features.crs, features.name).name}"
        ]
    if crs:
        return source, [f"read as {crs} because that was asked for"]
    unusual = features.form == "geojson" and source != system(LONLAT)
    return source, [f"read as {source.name}, as the file says"] if unusual else []


def _named(stated: str, name: str) -> Any:
    """The system a file or a person names; Refused where the name means nothing."""
    import pyproj  # noqa: PLC0415  # see `system`

    try:
        found = system(stated)
        return system(LONLAT) if found.to_epsg() == 4326 else found
    except pyproj.exceptions.CRSError as fault:
        raise Refused(
            "%(name)s: '%(stated)s' is not a known coordinate system: say which it is with --crs EPSG:n",
            name=name,
            stated=stated[:80],
        ) from fault


def _fits(boxes: Any, source: Any, place_crs: str, *, swapped: bool = False) -> bool:
    """Whether most boxes, read in `source`, lie in the area of use of `place_crs`."""
    if not len(boxes):
        return False
    read = boxes[:, [1, 0, 3, 2]] if swapped else boxes
    system_read = system(source) if isinstance(source, str) else source
    if not system_read.is_geographic and np.abs(read).max() <= 360:
        return False
    return bool(within_area(_corners(read, system_read), place_crs).mean() > 0.5)


def _refuse_unlikely(features: Features, boxes: Any, source: Any, place_crs: str) -> None:
    """Refuse a layer that lies wholly outside, saying which mistake explains it best."""
    if not len(boxes):
        return
    degrees = not source.is_geographic and np.abs(boxes).max() <= 360
    if not degrees and within_area(_corners(boxes, source), place_crs).any():
        return
    name, x, y = features.name, boxes[0, 0], boxes[0, 1]
    if degrees:
        raise Refused(
            "%(name)s says it is in %(source)s, which is in metres, but its coordinates (%(x)s, %(y)s) look like "
            "degrees: if they are longitude and latitude, say --crs EPSG:4326",
            name=name,
            source=source.name,
            x=f"{x:.4f}",
            y=f"{y:.4f}",
        )
    if _fits(boxes, source, place_crs, swapped=True):
        raise Refused(
            "%(name)s lies outside the area of %(place_crs)s (longitude %(x)s, latitude %(y)s): its axes look swapped, "
            "latitude written before longitude. Export it again with longitude first",
            name=name,
            place_crs=place_crs,
            x=f"{x:.4f}",
            y=f"{y:.4f}",
        )
    if source.is_geographic and _fits(boxes, place_crs, place_crs):
        raise Refused(
            "%(name)s: its coordinates (%(x)s, %(y)s) look like %(place_crs)s metres, but GeoJSON must be WGS 84 "
            "longitude and latitude. Export it again as WGS 84, or say --crs %(place_crs)s",
            name=name,
            x=f"{x:.1f}",
            y=f"{y:.1f}",
            place_crs=place_crs,
        )
    raise Refused(
        "%(name)s lies wholly outside the area of %(place_crs)s (its first area is at %(x)s, %(y)s): check that it "
        "is the right file, and say its coordinate system with --crs EPSG:n if it is not the one the file states",
        name=name,
        place_crs=place_crs,
        x=f"{x:.4f}",
        y=f"{y:.4f}",
    )
