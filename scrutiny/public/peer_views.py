"""A place beside its peers: what public bodies spend for each person, as page, CSV and JSON."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from scrutiny.doors import actor, public
from scrutiny.extensions import canonical
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.ledger.counting import year_title
from scrutiny.ledger.selection import ground_of
from scrutiny.ledger.words import rounded
from scrutiny.pages import now
from scrutiny.peers import words
from scrutiny.peers.comparing import Compared, compare
from scrutiny.peers.plain import COLUMNS, as_plain, rows_of
from scrutiny.public.access import PlaceShown, place_to_show
from scrutiny.public.days import day_asked
from scrutiny.rules.queries import rules
from scrutiny.whole_numbers import whole_or_none
from workflows.spending import nearest

blueprint = Blueprint("count_peers", __name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A place, the year asked about, and its peers; none where it is several areas, or nothing is counted there."""

    shown: PlaceShown
    year: int | None
    found: Compared | None


@blueprint.get("/places/<key>/count/peers")
@public
def of_place(key: str) -> ResponseReturnValue:
    """The median and the range of the peers beside the place itself; then each peer, with what is counted of it."""
    asked = _asked(key)
    return render_template(
        "public/count_peers.html",
        shown=asked.shown,
        year=asked.year,
        found=asked.found,
        least=rules().peers.least,
        words=words,
        rounded=rounded,
        nearest=nearest,
        year_title=year_title,
        on=day_asked(),
    )


@blueprint.get("/places/<key>/count/peers.<any(csv, json):form>")
@public
def download(key: str, form: str) -> ResponseReturnValue:
    """The same as a file."""
    found = _asked(key).found
    if found is None:
        abort(404)
    if form == "json":
        response = Response(canonical(as_plain(found)), mimetype="application/json")
    else:
        response = Response(write_csv(COLUMNS, rows_of(found)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="peers-{found.own.area.code}-{found.year}.{form}"'
    return response


def _asked(key: str) -> Asked:
    """The place of an address and its peers, for the year asked about or the newest there is anything of."""
    shown = place_to_show(key, day_asked(), london_day(now()))
    if len(shown.areas) != 1:
        return Asked(shown, None, None)
    year = whole_or_none(request.args.get("year", ""))
    if year is None:
        year = next(iter(ground_of(shown.areas, shown.on, actor()).years), None)
    if year is None:
        return Asked(shown, None, None)
    return Asked(shown, year, compare(shown.areas[0], year, on=shown.on, by=actor()))
