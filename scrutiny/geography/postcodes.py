"""Postcodes as people write them, and the files that give each a point: Code-Point Open, ONSPD, NSPL, or a plain
list."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.refusals import Refused

WHOLE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)(\d[ABD-HJLNP-UW-Z]{2})")
# A postcode that stands for none: overseas and unknown addresses in NHS files.
PSEUDO = ("ZZ99",)
OUTSIDE = {"JE": "in Jersey", "GY": "in Guernsey", "IM": "in the Isle of Man", "BF": "a forces address"}


@dataclass(frozen=True, slots=True)
class PostcodePoint:
    """One postcode with its point, in PLACE_CRS metres or (with `degrees`) longitude and latitude; None where
    unknown."""

    postcode: str
    x: float | None
    y: float | None
    degrees: bool
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
    """Postcodes of a file whose first row is `header`; Refused naming the row where one cannot be understood."""
    columns = [column.strip().lower() for column in header]
    if normal(header[0]) and len(header) >= 4:
        yield _codepoint(header)
        yield from _each(rows, name, _codepoint)
        return
    code, live = _column(columns, r"pcds", r"pcd\d?", "postcode", "pc"), _column(columns, r"dointr")
    ended, district = _column(columns, r"doterm"), _column(columns, r"lad\d\dcd", "oslaua", "laua", "la_code", "district_code")
    east, north = (
        _column(columns, "east1m", "oseast1m", "eastings?", "x"),
        _column(columns, "north1m", "osnrth1m", "northings?", "y"),
    )
    lat, lon = _column(columns, "lat(itude)?"), _column(columns, "lon(g|gitude)?", "lng")
    if code is None or ((east is None or north is None) and (lat is None or lon is None)):
        raise Refused(
            f"{name} has no columns of postcodes and points that can be recognised: send Code-Point Open, ONSPD "
            "or NSPL, "
            "or a CSV with columns postcode, lat and lon"
        )

    def one(row: Sequence[str]) -> PostcodePoint:
        def cell(at: int | None) -> str:
            return row[at].strip() if at is not None and at < len(row) else ""

        degrees = east is None or north is None
        x, y = (_number(cell(lon)), _number(cell(lat))) if degrees else (_number(cell(east)), _number(cell(north)))
        if x is None or y is None or (not degrees and x == y == 0):
            x = y = None
        return PostcodePoint(
            _checked(cell(code)),
            x,
            y,
            degrees,
            _month(cell(live), last=False),
            _month(cell(ended), last=True),
            cell(district)[:9],
        )

    yield from _each(rows, name, one)


def _codepoint(row: Sequence[str]) -> PostcodePoint:
    """A row of Code-Point Open: postcode, quality, eastings, northings …; quality 90 means that it has no point."""
    x, y = _number(row[2]), _number(row[3])
    none = row[1].strip() == "90" or x is None or y is None or x == y == 0
    return PostcodePoint(
        _checked(row[0]), None if none else x, None if none else y, False, None, None, row[8].strip()[:9] if len(row) > 8 else ""
    )


def _each(
    rows: Iterator[tuple[int, Sequence[str]]], name: str, one: Callable[[Sequence[str]], PostcodePoint]
) -> Iterator[PostcodePoint]:
    """Each row read, with its line named where that fails."""
    for line, row in rows:
        try:
            yield one(row)
        except (ValueError, IndexError) as fault:
            raise Refused(f"{name}, line {line}: {fault}. Correct the row and send the file again") from fault


def _checked(text: str) -> str:
    """The normal form of a postcode; ValueError where the text is not one."""
    found = normal(text)
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


def as_rows(points: Sequence[PostcodePoint], move: Callable[[Any, Any], tuple[Any, Any]]) -> list[dict[str, Any]]:
    """Postcodes as rows of the table, degrees moved to metres all at once by `move`."""
    rows = [
        {"postcode": p.postcode, "x": p.x, "y": p.y, "from_on": p.from_on, "to_on": p.to_on, "district_code": p.district_code}
        for p in points
    ]
    degrees = [i for i, p in enumerate(points) if p.degrees and p.x is not None]
    if degrees:
        xs, ys = move([points[i].x for i in degrees], [points[i].y for i in degrees])
        for i, x, y in zip(degrees, xs, ys, strict=True):
            rows[i]["x"], rows[i]["y"] = float(x), float(y)
    return rows
