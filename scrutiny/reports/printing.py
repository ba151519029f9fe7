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
from scrutiny.reports import area
from scrutiny.reports.standing import canonical


def print_edition(snapshot: dict[str, Any], digest: str, *, sealed_at: datetime) -> Printed:
    """The PDF of a snapshot, its data attached; the same snapshot, printer and fonts give the same bytes."""
    attachments = [
        AttachedFile("report.json", canonical(snapshot), "Everything this report says, as data", "Source"),
        AttachedFile("recommendations.csv", recommendations_csv(snapshot), "The recommendations as a table", "Data"),
    ]
    return fitted.printer().print_html(html_of(snapshot, digest), created=sealed_at, attachments=attachments)


def html_of(snapshot: dict[str, Any], digest: str) -> str:
    """The snapshot as a printable page."""
    rows = area.records_in(snapshot) if snapshot["kind"] == "area" else snapshot["recommendations"]
    values = {"report": snapshot, "digest": digest, "maps": maps_of(snapshot), "day_of": _day, "by_agency": by_agency(rows)}
    values |= {"records": rows, "outcomes": outcomes}
    # Not render_template: that would give the page who is asking, and a printed report knows nothing but its snapshot.
    name = "print/area_report.html" if snapshot["kind"] == "area" else "print/report.html"
    return current_app.jinja_env.get_template(name).render(**values)


def by_agency(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The recommendations under the agency each names, agencies by name."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        for name in [row["agency"]] if "agency" in row else [agency["name"] for agency in row["agencies"]]:
            groups.setdefault(name, []).append(row)
    return sorted(groups.items())


def maps_of(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """The maps of a snapshot: the place, then one for each kind of agency that covers only part of it."""
    drawn, name = snapshot["map"], snapshot["place"]["name"]
    outline = Shape(rings=drawn["outline"], words=name, tone="place")
    alone = Shape(rings=drawn["outline"], words=name, tone="one")
    first = boundary_map([alone], title=f"Map of {name}", width=620, most_height=420)
    maps: list[dict[str, Any]] = [{"svg": first, "caption": name, "parts": []}]
    for group in drawn["groups"]:
        parts = [{**part, "letter": letter} for letter, part in zip(ascii_uppercase, group["parts"], strict=False)]
        shapes = [
            Shape(p["rings"], p["name"], tone=p["tone"], label=p["letter"], label_at=tuple(p["label_at"]))
            for p in parts
            if p["label_at"]
        ]
        title = f"{group['kind']}: " + "; ".join(f"{p['letter']}, {p['name']}, {p['people']} of people" for p in parts)
        svg = boundary_map([*shapes, outline], title=title, width=620, most_height=420)
        maps.append({"svg": svg, "caption": f"{group['kind']}: who covers which part of {name}", "parts": parts})
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


def _day(text: str) -> str:
    """A stored day in words."""
    value = date.fromisoformat(text)
    return f"{value.day} {value:%B %Y}"
