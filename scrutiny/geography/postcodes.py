"""Postcodes as people write them, and the files that give each a point: Code-Point Open, ONSPD, NSPL, or a plain list.

ONSPD and NSPL give Northern Ireland in the Irish Grid and Great Britain in the National Grid, in the same two columns.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from workflows.refusals import Refused

WHOLE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)(\d[ABD-HJLNP-UW-Z]{2})")
# A postcode that stands for none: overseas and unknown addresses in NHS files.
PSEUDO = ("ZZ99",)
OUTSIDE = {"JE": "in Jersey", "GY": "in Guernsey", "IM": "in the Isle of Man", "BF": "a forces address"}


LONLAT, IRISH_GRID, IRISH_TRANSVERSE_MERCATOR = "EPSG:4326", "EPSG:29902", "EPSG:2157"
#: No northing of the Irish Grid is above this, and none of the National Grid in Northern Ireland below it.
MOST_IRISH_NORTHING = 460_000
LEAST_ITM_NORTHING = 700_000
#: Latitudes and longitudes of the United Kingdom, generously; and the latitude of ONSPD that stands for none.
LATITUDES, LONGITUDES, NO_LATITUDE = (49.0, 62.0), (-9.5, 3.0), 99.0


@dataclass(frozen=True, slots=True)
class PostcodePoint:
    """One postcode with its point, in the coordinate system `crs` ('' is PLACE_CRS); None where unknown."""

    postcode: str
    x: float | None
    y: float | None
    crs: str
    from_on: date | None
    to_on: date | None
    district_code: str


def normal(text: str) -> str | None:
    """A whole postcode in its spaced form (CA11 0AB), however it was typed; None where it is not one."""
    found = WHOLE.fullmatch(re.sub(r"[^A-Z0-9]", "", text.upper())) if re.fullmatch(r"[\sA-Za-z0-9-]+", text) else None
    return f"{found[1]} {found[2]}" if found and not found[1].startswith(PSEUDO) else None


def is_pseudo(text: str) -> bool:
    """Whether a postcode is one of those that stand for no place."""
    return re.sub(r"[^A-Z0-9]", "", text.upper()).startswith(PSEUDO)


def why_not_whole(text: str) -> str:
    """What is wrong with a cell that is not one whole postcode."""
    shown = text.strip()[:40]
    if not shown:
        return "the cell is empty: write a postcode"
    parts = [one for one in (normal(part) for part in re.split(r"[;,/|&+\n]|\band\b", text)) if one]
    if len(parts) > 1:
        return f"more than one postcode in a cell ({', '.join(parts)}): give each a row of its own"
    if shown[0] in "=+-@":
        return f"begins with '{shown[0]}', which a spreadsheet takes for a formula: write the postcode alone"
    bare = re.sub(r"[^A-Z0-9]", "", text.upper())
    if bare.startswith(PSEUDO):
        return f"{PSEUDO[0]} stands for an unknown or foreign address, and for no place"
    if re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?(\d[A-Z]?)?", bare):
        return "incomplete: a whole postcode is needed, such as CA11 0AB"
    return "not a postcode: one looks like CA11 0AB"


def why_not_covered(spaced: str) -> str:
    """Why a whole postcode can be in no file for the United Kingdom; empty where it can."""
    return next(
        (
            f"{where}: outside the United Kingdom, and no area here covers it"
            for start, where in OUTSIDE.items()
            if re.match(start + r"\d", spaced)
        ),
        "",
    )


def read_postcodes(header: Sequence[str], rows: Iterator[tuple[int, Sequence[str]]], name: str) -> Iterator[PostcodePoint]:
    """Postcodes of a file whose first row is `header`; Refused naming the row where one cannot be understood.

    Pseudo postcodes (ZZ99), which stand for no place, are left out.
    """
    columns = [column.strip().lower() for column in header]
    if any(normal(cell) for cell in header[:3]):
        if not _is_codepoint(header):
            raise Refused(
                "%(name)s, line 1: the first row is a postcode, not the names of the columns. Send the file as it was "
                "published, with its first row (pcds, oseast1m, osnrth1m …), or add a row that names them",
                name=name,
            )
        yield from _each(chain([(1, header)], rows), name, _codepoint)
        return
    code, live = _column(columns, r"pcds", r"pcd\d?", "postcode", "pc"), _column(columns, r"dointr")
    ended, district = _column(columns, r"doterm"), _column(columns, r"lad\d\dcd", "oslaua", "laua", "la_code", "district_code")
    east, north = (
        _column(columns, "east1m", "oseast1m", "eastings?", "x"),
        _column(columns, "north1m", "osnrth1m", "northings?", "y"),
    )
    lat, lon = _column(columns, "lat(itude)?"), _column(columns, "lon(g|gitude)?", "lng")
    country = _column(columns, r"ctry\d*(cd)?", "country_code", "country")
    if code is None or ((east is None or north is None) and (lat is None or lon is None)):
        raise Refused(
            "%(name)s has no columns of postcodes and points that can be recognised: send Code-Point Open, ONSPD or "
            "NSPL, or a CSV with columns postcode, lat and lon",
            name=name,
        )

    def one(row: Sequence[str]) -> PostcodePoint:
        def cell(at: int | None) -> str:
            return row[at].strip() if at is not None and at < len(row) else ""

        postcode, there = _checked(cell(code)), cell(district)[:9]
        if east is None or north is None:
            x, y, crs = *_degrees(_number(cell(lat)), _number(cell(lon))), LONLAT
        else:
            x, y = _number(cell(east)), _number(cell(north))
            irish = postcode.startswith("BT") or there.startswith("N") or cell(country).upper().startswith("N")
            x, y, crs = _on_grid(x, y, irish=irish)
        return PostcodePoint(postcode, x, y, crs, _month(cell(live), last=False), _month(cell(ended), last=True), there)

    yield from _each(rows, name, one)


def _on_grid(x: float | None, y: float | None, *, irish: bool) -> tuple[float | None, float | None, str]:
    """Eastings and northings with the grid they are of; none where they are blank or nought."""
    if x is None or y is None or x == y == 0:
        return None, None, ""
    if irish and y < MOST_IRISH_NORTHING:
        return x, y, IRISH_GRID
    return x, y, IRISH_TRANSVERSE_MERCATOR if irish and y > LEAST_ITM_NORTHING else ""


def _degrees(lat: float | None, lon: float | None) -> tuple[float | None, float | None]:
    """Longitude and latitude; none where they are blank or stand for none. ValueError where they are the wrong way round."""
    if lat is None or lon is None or NO_LATITUDE < lat < NO_LATITUDE + 1 or lat == lon == 0:
        return None, None
    if LATITUDES[0] < lon < LATITUDES[1] and LONGITUDES[0] < lat < LONGITUDES[1]:
        raise ValueError(f"latitude {lat:g} and longitude {lon:g} are the wrong way round")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"latitude {lat:g} and longitude {lon:g} lie nowhere on earth")
    return lon, lat


def _is_codepoint(row: Sequence[str]) -> bool:
    """Whether a row is one of Code-Point Open: postcode, quality in tens, eastings, northings, then codes."""
    return bool(normal(row[0]) and 4 <= len(row) <= 19 and re.fullmatch(r"\d\d", row[1].strip()) and _are_numbers(row[2:4]))


def _are_numbers(cells: Sequence[str]) -> bool:
    """Whether each cell is a number."""
    return all(re.fullmatch(r"\d{1,7}(\.\d+)?", cell.strip()) for cell in cells)


def _codepoint(row: Sequence[str]) -> PostcodePoint:
    """A row of Code-Point Open: postcode, quality, eastings, northings …; quality 90 means that it has no point."""
    x, y, crs = _on_grid(_number(row[2]), _number(row[3]), irish=False)
    none = row[1].strip() == "90" or x is None
    district = row[8].strip()[:9] if len(row) > 8 else ""
    return PostcodePoint(_checked(row[0]), None if none else x, None if none else y, crs, None, None, district)


class _Pseudo(Exception):
    """A postcode that stands for no place."""


def _each(
    rows: Iterator[tuple[int, Sequence[str]]], name: str, one: Callable[[Sequence[str]], PostcodePoint]
) -> Iterator[PostcodePoint]:
    """Each row read, with its line named where that fails."""
    for line, row in rows:
        try:
            yield one(row)
        except _Pseudo:
            continue
        except (ValueError, IndexError) as fault:
            raise Refused(
                "%(name)s, line %(line)s: %(fault)s. Correct the row and send the file again", name=name, line=line, fault=fault
            ) from fault


def _checked(text: str) -> str:
    """The normal form of a postcode; ValueError where the text is not one."""
    found = normal(text)
    if found is None and is_pseudo(text):
        raise _Pseudo
    if found is None:
        raise ValueError(f"'{text[:20]}' is not a whole postcode")
    return found


def _column(columns: list[str], *forms: str) -> int | None:
    """The first column whose name has one of the forms; an earlier form counts before a later one."""
    return next((at for form in forms for at, column in enumerate(columns) if re.fullmatch(form, column)), None)


def _number(text: str) -> float | None:
    """A number, or None where there is none."""
    return float(text) if text.strip() else None


def _month(text: str, *, last: bool) -> date | None:
    """YYYYMM as its first or last day; None where it is blank."""
    if not text:
        return None
    if not re.fullmatch(r"\d{6}", text) or not 1 <= int(text[4:]) <= 12:
        raise ValueError(f"'{text[:20]}' is not a year and month such as 199606")
    year, month = int(text[:4]), int(text[4:])
    return date(year, month, calendar.monthrange(year, month)[1] if last else 1)


def moved(
    points: Sequence[PostcodePoint], mover_from: Callable[[str], Callable[[Any, Any], tuple[Any, Any]]]
) -> list[PostcodePoint]:
    """Postcodes with their points in PLACE_CRS: those of each other coordinate system are moved all at once."""
    rows = list(points)
    elsewhere: dict[str, list[int]] = defaultdict(list)
    for i, point in enumerate(points):
        if point.crs and point.x is not None:
            elsewhere[point.crs].append(i)
    for crs, where in elsewhere.items():
        xs, ys = mover_from(crs)([points[i].x for i in where], [points[i].y for i in where])
        for i, x, y in zip(where, xs, ys, strict=True):
            rows[i] = replace(rows[i], x=float(x), y=float(y), crs="")
    return rows
