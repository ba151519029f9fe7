"""Pages of the delay log: counts by agency and power, the responses each number counts, and both as files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from scrutiny.doors import actor, signed_in
from scrutiny.file_reading.tables import write_csv, write_xlsx
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.whole_numbers import whole
from scrutiny.worklist import access, delays
from scrutiny.worklist.forms import DelayFilter
from workflows.written_days import day_written

blueprint = Blueprint("delays", __name__)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.route("/delays")
@signed_in
def log() -> ResponseReturnValue:
    """What fell due in a period, by agency and power; each number leads to what it counts."""
    form, rows, asked = _asked()
    found = delays.counts(rows, least=_least())
    if request.args.get("order") == "share":
        found = delays.ranked(found)
    return render_template(
        "worklist/delays.html",
        form=form,
        counts=found,
        asked=asked,
        least=_least(),
        total=len(rows),
        title_of=delays.title_of,
        standings=delays.STANDINGS,
        order=request.args.get("order", ""),
    )


@blueprint.route("/delays/responses")
@signed_in
def responses() -> ResponseReturnValue:
    """The responses a number counts."""
    _, rows, asked = _asked()
    return render_template(
        "worklist/delay_list.html",
        rows=_chosen(rows),
        asked=asked,
        title_of=delays.title_of,
        standings=delays.STANDINGS,
        standing=request.args.get("standing", ""),
        by_law=delays.BY_LAW,
    )


@blueprint.route("/delays.csv")
@signed_in
def as_csv() -> ResponseReturnValue:
    """The responses as CSV, one a row."""
    _, rows, asked = _asked()
    return _sent(write_csv(*delays.as_list(_chosen(rows)), bom=True), "text/csv; charset=utf-8", f"{_name(asked)}.csv")


@blueprint.route("/delays.xlsx")
@signed_in
def as_xlsx() -> ResponseReturnValue:
    """The counts and the responses as a workbook."""
    _, rows, asked = _asked()
    book = write_xlsx(
        {"By agency and power": delays.as_table(delays.counts(rows, least=_least())), "Responses": delays.as_list(rows)}
    )
    return _sent(book, WORKBOOK, f"{_name(asked)}.xlsx")


def _asked() -> tuple[DelayFilter, list[delays.Fell], dict[str, Any]]:
    """The filter, what fell due in its period that the reader may count, and the period as an address holds it."""
    by, today = actor(), london_day(now())
    access.delays_to_read(by)
    form = DelayFilter(request.args)
    first, last = form.period(today)
    rows = delays.fell_due(by, first, last, today)
    return form, rows, {"first": first.isoformat(), "last": last.isoformat()}


def _chosen(rows: list[delays.Fell]) -> list[delays.Fell]:
    """The rows the address asks for."""
    return delays.chosen(
        rows,
        agency=request.args.get("agency", type=whole),
        power=request.args.get("power"),
        standing=request.args.get("standing", ""),
    )


def _least() -> int:
    """How many must have fallen due before agencies are compared."""
    least: int = current_app.config["SETTINGS"].least_to_compare
    return least


def _name(asked: dict[str, Any]) -> str:
    """What a file of the log is called."""
    return f"Delay log {day_written(asked['first'])} to {day_written(asked['last'])}"


def _sent(content: bytes, kind: str, name: str) -> Response:
    """A file to keep."""
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
