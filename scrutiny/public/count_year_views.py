"""The count of a place over the years, as page, CSV and JSON: what changed, and which years are not compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from scrutiny.doors import actor, public
from scrutiny.extensions import canonical
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.ledger import words, year_words
from scrutiny.ledger.counting import year_title
from scrutiny.ledger.years import OverYears, over_years
from scrutiny.ledger.years_plain import COLUMNS, as_plain, rows_of
from scrutiny.pages import now
from scrutiny.public.access import PlaceShown, place_to_show
from scrutiny.public.count_charts import service_name, years_chart
from scrutiny.public.days import day_asked
from scrutiny.rules.queries import rules

blueprint = Blueprint("count_years", __name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A place and its count in every year; no count where nothing is loaded of it."""

    shown: PlaceShown
    over: OverYears | None


@blueprint.get("/places/<key>/count/years")
@public
def of_place(key: str) -> ResponseReturnValue:
    """What was spent in each year, by service and by body, as spent or after inflation."""
    asked = _asked(key)
    at_prices = request.args.get("prices") != "cash"
    return render_template(
        "public/count_years.html",
        shown=asked.shown,
        over=asked.over,
        at_prices=at_prices,
        chart=years_chart(asked.over, at_prices) if asked.over else "",
        words=words,
        year_words=year_words,
        service_name=service_name,
        year_title=year_title,
        series=rules().deflators,
        on=day_asked(),
    )


@blueprint.get("/places/<key>/count/years.<any(csv, json):form>")
@public
def download(key: str, form: str) -> ResponseReturnValue:
    """The same as a file: every year and part, with what it is compared with, and why it is not."""
    asked = _asked(key)
    if asked.over is None:
        abort(404)
    if form == "json":
        response = Response(canonical(as_plain(asked.over, asked.shown.codes)), mimetype="application/json")
    else:
        response = Response(write_csv(COLUMNS, list(rows_of(asked.over))), mimetype="text/csv")
    name = re.sub(r"[^A-Za-z0-9]+", "-", asked.shown.name).strip("-").lower()[:60] or "place"
    response.headers["Content-Disposition"] = f'attachment; filename="count-{name}-years.{form}"'
    return response


def _asked(key: str) -> Asked:
    """The place of an address and its count, as far as this reader sees it."""
    shown = place_to_show(key, day_asked(), london_day(now()))
    return Asked(shown, over_years(shown.name, shown.areas, on=shown.on, by=actor()))
