"""A sealed snapshot as HTML for print, and the HTML as one PDF; plain values in, bytes out."""

from __future__ import annotations

from datetime import date, datetime
from string import ascii_uppercase
from typing import Any

from flask import current_app

from scrutiny.adapters import fitted
from scrutiny.adapters.print_job import AttachedFile, Printed
from scrutiny.adapters.tables import write_csv
from scrutiny.pictures import Shape, boundary_map
from scrutiny.recommendations import outcomes
from scrutiny.reports import area, statements
from scrutiny.reports import snapshot as snapshots
from scrutiny.reports.signed_content import canonical


def print_edition(snapshot: dict[str, Any], digest: str, *, sealed_at: datetime) -> Printed:
    """The PDF of a snapshot, its data attached; the same snapshot, printer and fonts give the same bytes."""
    attachments = [
        AttachedFile("report.json", canonical(snapshot), "Everything this report says, as data", "Source"),
        AttachedFile("recommendations.csv", recommendations_csv(snapshot), "The recommendations as a table", "Data"),
    ]
    return fitted.printer().print_html(html_of(snapshot, digest), created=sealed_at, attachments=attachments)


def html_of(snapshot: dict[str, Any], digest: str) -> str:
    """The snapshot as a printable page; without a digest it is a draft, and says so."""
    values = {"digest": digest, "maps": maps_of(snapshot), "day_of": _day}
    # Not render_template: that would give the page who is asking, and a printed report knows nothing but its snapshot.
    if snapshot["kind"] == "area":
        template = current_app.jinja_env.get_template("print/area_report.html")
        rows = area.records_in(snapshot)
        return template.render(report=snapshot, records=rows, by_agency=by_agency(rows), outcomes=outcomes, **values)
    report = snapshots.read(snapshot)
    template = current_app.jinja_env.get_template("print/report.html")
    return template.render(report=report, by_agency=grouped(report), say=statements, **values)


def grouped(report: snapshots.Snapshot) -> list[tuple[str, list[snapshots.RecommendationFacts]]]:
    """The recommendations of a review under the agency each names, agencies by name."""
    groups: dict[str, list[snapshots.RecommendationFacts]] = {}
    for row in report.recommendations:
        for agency in row.agencies:
            groups.setdefault(agency.name, []).append(row)
    return sorted(groups.items())


def by_agency(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The recommendations under the agency each names, agencies by name."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["agency"], []).append(row)
    return sorted(groups.items())


def maps_of(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """The maps of a snapshot: the place, then one for each kind of agency that covers only part of it."""
    drawn, name = snapshots.read_map(snapshot["map"]), snapshot["place"]["name"]
    outline = Shape(rings=list(drawn.outline), words=name, tone="place")
    alone = Shape(rings=list(drawn.outline), words=name, tone="one")
    first = boundary_map([alone], title=f"Map of {name}", width=620, most_height=420)
    maps: list[dict[str, Any]] = [{"svg": first, "caption": name, "parts": []}]
    for group in drawn.groups:
        lettered = list(zip(ascii_uppercase, group.parts, strict=False))
        shapes = [
            Shape(list(part.rings), part.name, tone=part.tone, label=letter, label_at=(part.label_at[0], part.label_at[1]))
            for letter, part in lettered
            if part.label_at
        ]
        parts = [
            {
                "letter": letter,
                "name": part.name,
                "people": statements.share(part.share_of_people),
                "land": statements.share(part.share_of_land),
            }
            for letter, part in lettered
        ]
        title = f"{group.kind}: " + "; ".join(f"{p['letter']}, {p['name']}, {p['people']} of people" for p in parts)
        svg = boundary_map([*shapes, outline], title=title, width=620, most_height=420)
        maps.append({"svg": svg, "caption": f"{group.kind}: who covers which part of {name}", "parts": parts})
    return maps


def recommendations_csv(snapshot: dict[str, Any]) -> bytes:
    """The recommendations as a table for a spreadsheet; cells that would run as formulas are neutralised."""
    if snapshot["kind"] == "area":
        return write_csv(outcomes.COLUMNS, [outcomes.row(record) for record in area.records_in(snapshot)])
    rows = []
    for row in snapshot["recommendations"]:
        agencies = "; ".join(agency["name"] for agency in row["agencies"])
        rows.append((snapshot["edition"]["reference"], row["number"], agencies, row["text"], row["done_by"]))
    return write_csv(("review", "number", "agency", "recommendation", "done_by"), rows)


def _day(value: date | str) -> str:
    """A day in words; area reports hold theirs as text."""
    value = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{value.day} {value:%B %Y}"
