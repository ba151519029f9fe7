"""A released report as its page shows it: the sealed snapshot, its maps, and what has happened since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from scrutiny.pictures import Shape, boundary_map
from scrutiny.public.presenters import mid_sentence
from scrutiny.recommendations import outcomes
from scrutiny.recommendations import queries as recommendations
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import queries
from scrutiny.reports.area import records_in
from scrutiny.reports.models import Edition, ErrorReport


@dataclass(frozen=True, slots=True)
class ReportMap:
    """One map of a report, its caption, and its parts as rows."""

    svg: Markup
    caption: str
    parts: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the page of a report shows; `answers` holds, by number and agency, what came of each recommendation since.

    `records` are the recommendations an area report was sealed with.
    """

    edition: Edition
    snapshot: dict[str, Any]
    maps: tuple[ReportMap, ...]
    answers: dict[tuple[int, str], tuple[Addressee, dict[str, Any]]]
    records: tuple[dict[str, Any], ...]
    earlier: tuple[Edition, ...]
    newer: Edition | None
    corrected: tuple[ErrorReport, ...]
    totals: dict[str, int]


def page_of(edition: Edition, today: date) -> ReportPage:
    """The page of a released edition."""
    report, snapshot = edition.report, edition.snapshot or {}
    released = [one for one in report.editions if one.state == "released"]
    made = recommendations.made(review_id=report.review_id) if report.review_id else []
    agencies = snapshot.get("agencies", [])
    return ReportPage(
        edition=edition,
        snapshot=snapshot,
        maps=maps_of(snapshot),
        answers={(row.recommendation.number, row.agency.name): (row, outcomes.record_of(row, today)) for row in made},
        records=tuple(records_in(snapshot)) if report.kind == "area" else (),
        earlier=tuple(one for one in reversed(released) if one.number < edition.number),
        newer=next((one for one in reversed(released) if one.number > edition.number), None),
        corrected=tuple(one for one in queries.errors_reported(report) if one.state == "corrected"),
        totals={key: sum(row[key] for row in agencies) for key in ("asked", "answered", "not_held", "refused", "outstanding")},
    )


def maps_of(snapshot: dict[str, Any]) -> tuple[ReportMap, ...]:
    """The place, then one map for each kind of agency that covers only part of it; from the snapshot alone."""
    drawn, name = snapshot["map"], snapshot["place"]["name"]
    outline = Shape(drawn["outline"], "", "place")
    alone = boundary_map([Shape(drawn["outline"], name, "plain"), outline], title=f"The boundary of {name}", width=620)
    maps = [ReportMap(alone, f"The boundary of {name}", ())]
    for group in drawn["groups"]:
        shapes = [
            Shape(
                part["rings"],
                f"{part['name']}: {part['people']} of people, {part['land']} of land",
                part["tone"],
                label="ABCDEFGH"[place % 8],
                label_at=tuple(part["label_at"]) if part["label_at"] else None,
            )
            for place, part in enumerate(group["parts"])
        ]
        caption = f"Which part of {name} each {mid_sentence(group['kind'])} covers"
        svg = boundary_map([*shapes, outline], title=caption, width=620, most_height=620)
        maps.append(ReportMap(svg, caption, tuple(group["parts"])))
    return tuple(maps) if len(maps) == 1 else tuple(maps[1:])
