"""The page of everything an agency was ever asked, the same as a table, and a zip of all it sent."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from scrutiny.adapters.shares import BUNDLING, caller
from scrutiny.agency_record import asked, bundle
from scrutiny.agency_record.access import agency_to_read
from scrutiny.agency_record.asked import Asked
from scrutiny.agency_record.forms import AskedFilter
from scrutiny.answering.acting import actor
from scrutiny.doors import signed_in
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.pages import as_download, now
from scrutiny.whole_numbers import whole

blueprint = Blueprint("agency_record", __name__)
PAGE = 50


@dataclass(frozen=True, slots=True)
class _Found:
    """The filter, the items it lets through, and what an address holds to ask for the same."""

    form: AskedFilter
    rows: list[Asked]
    address: dict[str, str]
    has_any: bool


@blueprint.get("/asked")
@signed_in
def everything() -> ResponseReturnValue:
    """Every item ever put to the agency acted for, newest request first."""
    found = _found()
    pages = max(1, -(-len(found.rows) // PAGE))
    page = min(pages, max(1, request.args.get("page", 1, type=whole)))
    return render_template(
        "agency_record/asked.html",
        found=found,
        rows=found.rows[(page - 1) * PAGE : page * PAGE],
        counted=asked.counted(found.rows),
        size=bundle.size_of(found.rows),
        page=page,
        pages=pages,
    )


@blueprint.get("/asked.csv")
@signed_in
def as_csv() -> ResponseReturnValue:
    """The same as a table, one item a row."""
    headers = {"Content-Disposition": 'attachment; filename="asked.csv"'}
    content = write_csv(*asked.as_list(_found().rows), bom=True)
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


@blueprint.get("/asked.zip")
@signed_in
def as_zip() -> ResponseReturnValue:
    """All that the agency sent: its answers and files, with a list of the contents."""
    by, at = actor(), now()
    leave = BUNDLING.take(caller())
    try:
        content = bundle.bundle(_found().rows, by=by, at=at)
        response = as_download(content, "application/zip", f"sent-{london_day(at).isoformat()}.zip")
    except BaseException:
        leave()
        raise
    response.direct_passthrough = False  # a file handed on whole is closed without a word to us, and the place would stay taken
    response.call_on_close(leave)
    return response


def _found() -> _Found:
    """What the address asks for, of what the reader may see."""
    by, today = actor(), london_day(now())
    requests = asked.requests_put_to(agency_to_read(by), today)
    form = AskedFilter(request.args)
    form.offer(*asked.choices(requests))
    address = {name: value for name in ("requester", "year", "state") if (value := request.args.get(name, "")[:20])}
    return _Found(form, asked.asked_of(by, today, form.chosen(), requests), address, bool(requests))
