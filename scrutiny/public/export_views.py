"""Boundaries, overlaps and answers to take away, as CSV, GeoJSON or GeoPackage: for anyone, a few at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, stream_with_context
from flask.typing import ResponseReturnValue

from scrutiny.adapters.shares import TAKING, caller
from scrutiny.agencies import export as agencies
from scrutiny.areas import export as areas
from scrutiny.areas.export import Taken
from scrutiny.areas.export_formats import FORMS, as_csv, as_geojson, write_geopackage
from scrutiny.doors import public
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.public.access import place_to_show
from scrutiny.public.days import day_asked
from workflows.refusals import Refused

blueprint = Blueprint("taking", __name__)
PIECE = 1 << 16


@blueprint.get("/data/areas/<kind>.<any(csv, geojson, gpkg):form>")
@public
def layer(kind: str, form: str) -> ResponseReturnValue:
    """Every area of a kind on a day."""
    return _sent(lambda: areas.layer(kind, _day()), form)


@blueprint.get("/data/overlaps/<kind>/<other>.<any(csv, geojson, gpkg):form>")
@public
def overlaps(kind: str, other: str, form: str) -> ResponseReturnValue:
    """What the areas of one kind share with those of another on a day."""
    return _sent(lambda: areas.overlaps(kind, other, _day()), form)


@blueprint.get("/places/<key>/<any(areas, overlaps, answers):what>.<any(csv, geojson, gpkg):form>")
@public
def of_place(key: str, what: str, form: str) -> ResponseReturnValue:
    """The areas of a place, what they share with others, or who answers for it."""
    shown = place_to_show(key, day_asked(), london_day(now()))
    name = re.sub(r"[^A-Za-z0-9]+", "-", shown.name).strip("-").lower()[:60] or "place"
    make = {"areas": areas.areas_of, "overlaps": areas.overlaps_of, "answers": agencies.answers}[what]
    return _sent(lambda: make(shown.areas, shown.on, name, shown.name), form)


def _sent(make: Callable[[], Taken], form: str) -> ResponseReturnValue:
    """A table as a download, written as it is sent; 404 with its sentence if there is none, 429 or 503 if many are taken."""
    leave = TAKING.take(caller())
    try:
        taken = make()
        write = {"csv": as_csv, "geojson": as_geojson, "gpkg": _packed}[form]
        response = Response(stream_with_context(_then(write(taken), leave)), mimetype=FORMS[form])
    except Refused as refused:
        leave()
        abort(404, refused.sentence)
    except BaseException:
        leave()
        raise
    response.call_on_close(leave)  # also where whoever asked goes away before the first piece
    response.headers["Content-Disposition"] = f'attachment; filename="{taken.name}.{form}"'
    return response


def _then(pieces: Iterator[bytes], deed: Callable[[], None]) -> Iterator[bytes]:
    """The pieces, and the deed when they are all gone."""
    try:
        yield from pieces
    finally:
        deed()


def _packed(taken: Taken) -> Iterator[bytes]:
    """A GeoPackage, made on disk, and gone from there once it is sent."""
    with TemporaryDirectory(prefix="taken-") as folder:
        file = Path(folder) / "taken.gpkg"
        write_geopackage(taken, file)
        with file.open("rb") as opened:
            while piece := opened.read(PIECE):
                yield piece


def _day() -> date:
    """The day asked about; today if none is."""
    return day_asked() or london_day(now())
