"""A report as its pages show it: the snapshot with its maps and sums, for the public page, the preview and sign-off alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from scrutiny.formats import mid_sentence
from scrutiny.pictures import Shape, boundary_map
from scrutiny.reports import statements
from scrutiny.reports.snapshot import MapFacts, Snapshot

SUMMED = ("asked", "answered", "not_held", "refused", "outstanding")


@dataclass(frozen=True, slots=True)
class ReportMap:
    """One map of a report, its caption, and its parts as rows."""

    svg: Markup
    caption: str
    parts: tuple[dict[str, Any], ...]


def content_of(report: Snapshot, answers: Mapping[tuple[int, str], Any] | None = None) -> dict[str, Any]:
    """What `reports/_content.html` is given; `answers` are what came of each recommendation, by number and agency."""
    return {
        "report": report,
        "report_maps": maps_of(report.map, report.place.name),
        "answers": answers or {},
        "totals": {name: sum(getattr(row, name) for row in report.agencies) for name in SUMMED},
        "say": statements,
    }


def maps_of(drawn: MapFacts, name: str) -> tuple[ReportMap, ...]:
    """The place, then one map for each kind of agency that covers only part of it; from the snapshot alone."""
    outline = Shape(list(drawn.outline), "", "place")
    alone = boundary_map([Shape(list(drawn.outline), name, "plain"), outline], title=f"The boundary of {name}", width=620)
    maps = [ReportMap(alone, f"The boundary of {name}", ())]
    for group in drawn.groups:
        parts = tuple(
            {"name": part.name, "people": statements.share(part.share_of_people), "land": statements.share(part.share_of_land)}
            for part in group.parts
        )
        shapes = [
            Shape(
                list(part.rings),
                f"{row['name']}: {row['people']} of people, {row['land']} of land",
                part.tone,
                label="ABCDEFGH"[place % 8],
                label_at=(part.label_at[0], part.label_at[1]) if part.label_at else None,
            )
            for place, (part, row) in enumerate(zip(group.parts, parts, strict=True))
        ]
        caption = f"Which part of {name} each {mid_sentence(group.kind)} covers"
        svg = boundary_map([*shapes, outline], title=caption, width=620, most_height=620)
        maps.append(ReportMap(svg, caption, parts))
    return tuple(maps) if len(maps) == 1 else tuple(maps[1:])
