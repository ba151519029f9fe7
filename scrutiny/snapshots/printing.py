"""A sealed snapshot as HTML for print, and the HTML as one PDF; plain values in, bytes out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext

from scrutiny.adapters import fitted
from scrutiny.adapters.print_job import AttachedFile, Printed
from scrutiny.file_reading.tables import write_csv
from scrutiny.languages import speaking
from scrutiny.recommendations import outcomes
from scrutiny.recommendations.records import Record
from scrutiny.snapshots import area_snapshot, asked_statements, statements
from scrutiny.snapshots import snapshot as snapshots
from scrutiny.snapshots.presenters import maps_of
from scrutiny.snapshots.signed_content import canonical
from workflows.written_days import day_written

#: In units of the picture: two maps stand on one page, and their letters can still be read.
MAP_SIZE = {"width": 460, "most_height": 245}


def print_edition(snapshot: dict[str, Any], digest: str, *, sealed_at: datetime) -> Printed:
    """The PDF of a snapshot, its data attached; the same snapshot, printer and fonts give the same bytes."""
    attachments = [
        AttachedFile("report.json", canonical(snapshot), gettext("Everything this report says, as data"), "Source"),
        AttachedFile("recommendations.csv", recommendations_csv(snapshot), gettext("The recommendations as a table"), "Data"),
    ]
    return fitted.printer().print_html(html_of(snapshot, digest), created=sealed_at, attachments=attachments)


def html_of(snapshot: dict[str, Any], digest: str, *, in_word: bool = False) -> str:
    """The snapshot as a printable page, in English whoever prints it; without a digest it is a draft, and says so.

    `in_word` leaves out what is true of the PDF alone: how many pages it has, and that its data is attached.
    """
    # Not render_template: that would give the page who is asking, and a printed report knows nothing but its snapshot.
    with speaking("en"):
        maps = maps_of(snapshots.read_map(snapshot["map"]), snapshot["place"]["name"], **MAP_SIZE)
        values = {"digest": digest, "maps": maps, "day_of": _day, "say": statements, "asked": asked_statements}
        if snapshot["kind"] == "area":
            template = current_app.jinja_env.get_template("print/area_report.html")
            rows = area_snapshot.records_in(snapshot)
            return template.render(report=snapshot, records=rows, by_agency=by_agency(rows), outcomes=outcomes, **values)
        template = current_app.jinja_env.get_template("print/report.html")
        return template.render(report=snapshots.read(snapshot), in_word=in_word, **values)


def by_agency(rows: list[Record]) -> list[tuple[str, list[Record]]]:
    """The recommendations under the agency each names, agencies by name."""
    groups: dict[str, list[Record]] = {}
    for row in rows:
        groups.setdefault(row["agency"], []).append(row)
    return sorted(groups.items())


def recommendations_csv(snapshot: dict[str, Any]) -> bytes:
    """The recommendations as a table for a spreadsheet; cells that would run as formulas are neutralised."""
    if snapshot["kind"] == "area":
        return write_csv(outcomes.COLUMNS, [outcomes.row(record) for record in area_snapshot.records_in(snapshot)])
    rows = []
    for row in snapshot["recommendations"]:
        agencies = "; ".join(agency["name"] for agency in row["agencies"])
        rows.append((snapshot["edition"]["reference"], row["number"], agencies, row["text"], row["done_by"]))
    return write_csv(("review", "number", "agency", "recommendation", "done_by"), rows)


def _day(value: date | str) -> str:
    """A day in words; area reports hold theirs as text."""
    value = day_written(value) if isinstance(value, str) else value
    return f"{value.day} {value:%B %Y}"
