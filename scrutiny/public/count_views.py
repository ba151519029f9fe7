"""The count of a place: what public bodies spend there, each figure down to the row of its source, as page, CSV and JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from scrutiny.challenges import queries as challenges
from scrutiny.challenges import words as challenge_words
from scrutiny.doors import actor, public
from scrutiny.extensions import canonical
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.ledger import words
from scrutiny.ledger.access import keeps_any
from scrutiny.ledger.counting import Count, Part, count, service_title, year_title
from scrutiny.ledger.keys import CONTROLS
from scrutiny.ledger.plain import COLUMNS, cell_plain, parts_of
from scrutiny.ledger.summary import COLUMNS as SUMS
from scrutiny.ledger.summary import as_plain, rows_of, share_of, summary_of
from scrutiny.pages import now
from scrutiny.public.access import PlaceShown, place_to_show
from scrutiny.public.count_charts import control_chart, who_chart
from scrutiny.public.days import day_asked
from scrutiny.rules.queries import rules
from scrutiny.whole_numbers import whole_or_none

blueprint = Blueprint("counting", __name__)
#: How wide the longest bar is, in the units of its picture.
BAR = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """A place and its count for the year asked about; no count where nothing is loaded of it."""

    shown: PlaceShown
    found: Count | None


@blueprint.get("/places/<key>/count")
@public
def of_place(key: str) -> ResponseReturnValue:
    """What all bodies together spend in a place, net of transfers: coverage first, then services, bodies and transfers."""
    asked = _asked(key)
    summary = summary_of(asked.found) if asked.found else None
    return render_template(
        "public/count.html",
        shown=asked.shown,
        found=asked.found,
        summary=summary,
        charts=(who_chart(asked.found, summary), control_chart(asked.found, summary)) if asked.found and summary else (),
        share_of=share_of,
        controls=CONTROLS,
        words=words,
        service_title=service_title,
        year_title=year_title,
        series=rules().deflators,
        bar=_bar,
        on=day_asked(),
        keeps=keeps_any(actor()),
        challenges=challenges.about_sources(_sources(asked.found)) if asked.found else [],
        challenge_words=challenge_words,
    )


@blueprint.get("/places/<key>/count/figures")
@public
def figures(key: str) -> ResponseReturnValue:
    """The figures behind one number of the count, each with how it was counted and its row."""
    asked = _asked(key)
    if asked.found is None:
        abort(404)
    body = whole_or_none(request.args.get("body", ""))
    service = request.args.get("service")
    rows = [
        (held, part)
        for held, part in parts_of(asked.found)
        if body in (None, held.agency.id) and (service is None or part.service == service)
    ]
    if not rows:
        abort(404)
    sums = sum(part.net for _, part in rows)
    given = {"shown": asked.shown, "found": asked.found, "rows": rows, "total": sums, "service": service, "body": body}
    return render_template(
        "public/count_figures.html", words=words, service_title=service_title, year_title=year_title, on=day_asked(), **given
    )


@blueprint.get("/places/<key>/count/summary.csv")
@public
def summary(key: str) -> ResponseReturnValue:
    """Who spends, on what and under whose control, as the charts show it; the JSON of the count has the same."""
    found = _asked(key).found
    if found is None:
        abort(404)
    response = Response(write_csv(SUMS, rows_of(found)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="count-{_slug(found.name)}-{found.year}-summary.csv"'
    return response


@blueprint.get("/places/<key>/count.<any(csv, json):form>")
@public
def download(key: str, form: str) -> ResponseReturnValue:
    """Every figure of the count, as it is on the page for whoever asks."""
    asked = _asked(key)
    if asked.found is None:
        abort(404)
    found = asked.found
    if form == "json":
        response = Response(canonical(as_plain(found, asked.shown.codes)), mimetype="application/json")
    else:
        rows = [[_cell(cell_plain(part, body, found)[column]) for column in COLUMNS] for body, part in parts_of(found)]
        response = Response(write_csv(COLUMNS, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="count-{_slug(found.name)}-{found.year}.{form}"'
    return response


def _slug(name: str) -> str:
    """The name of a place as a file may be called."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:60] or "place"


def _sources(found: Count) -> list[int]:
    """The sources of a count, by id."""
    return [source.id for body in found.bodies for source in body.sources]


def _asked(key: str) -> Asked:
    """The place of an address, and its count for the year and day asked about, as far as this reader sees it."""
    shown = place_to_show(key, day_asked(), london_day(now()))
    year = whole_or_none(request.args.get("year", ""))
    found = count(shown.name, shown.areas, year, on=shown.on, by=actor())
    return Asked(shown, found)


def _bar(part: int | Part, whole: int) -> int:
    """How wide the bar of an amount is, beside the bar of the largest; an amount below nothing has none."""
    pence = part.net if isinstance(part, Part) else part
    return round(BAR * max(pence, 0) / whole) if whole > 0 else 0


def _cell(value: object) -> str | int | float | None:
    return value if isinstance(value, str | int | float) or value is None else str(value)
