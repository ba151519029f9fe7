"""A report as its pages show it: the snapshot with its maps, for the public page, the preview and sign-off alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from scrutiny.formats import mid_sentence
from scrutiny.pictures import Shape, boundary_map
from scrutiny.snapshots import asked_statements, statements
from scrutiny.snapshots.snapshot import MapFacts, NeighbourFacts, PartFacts, Snapshot


@dataclass(frozen=True, slots=True)
class ReportMap:
    """One map of a report, its caption, its parts as rows, and its numbered neighbours in a sentence."""

    svg: Markup
    caption: str
    parts: tuple[dict[str, Any], ...]
    neighbours: str


def content_of(
    report: Snapshot, answers: Mapping[tuple[int, str], Any] | None = None, *, published: Collection[int] | None = None
) -> dict[str, Any]:
    """What `snapshots/_content.html` is given; `answers` are what came of each recommendation, by number and agency.

    `published`: the lodgings that anybody may read now; none while it is a draft, whose readers may read what it cites.
    """
    return {
        "report": report,
        "report_maps": maps_of(report.map, report.place.name),
        "answers": answers or {},
        "published": published,
        "say": statements,
        "asked": asked_statements,
    }


def maps_of(drawn: MapFacts, name: str, *, width: int = 620, most_height: int = 620) -> tuple[ReportMap, ...]:
    """One map for each kind of agency that covers only part of the place, or the place alone; from the snapshot alone."""
    outline = Shape(list(drawn.outline), "", "place")
    beside = [
        Shape(list(one.rings), gettext("%(name)s, next to it", name=one.name), "outside", label=str(place), label_at=_at(one))
        for place, one in enumerate(drawn.beside, 1)
    ]
    boundary = gettext("The boundary of %(name)s", name=name)
    whole = [*beside, Shape(list(drawn.outline), name, "plain"), outline]
    alone = boundary_map(whole, title=boundary, size=(width, most_height))
    neighbours = _neighbours(drawn)
    maps = [ReportMap(alone, boundary, (), neighbours)]
    for group in drawn.groups:
        parts = tuple(
            {"name": part.name, "people": statements.share(part.share_of_people), "land": statements.share(part.share_of_land)}
            for part in group.parts
        )
        shapes = [
            Shape(
                list(part.rings),
                gettext(
                    "%(name)s: %(people)s of people, %(land)s of land", name=row["name"], people=row["people"], land=row["land"]
                ),
                part.tone,
                label="ABCDEFGH"[place % 8],
                label_at=_at(part),
            )
            for place, (part, row) in enumerate(zip(group.parts, parts, strict=True))
        ]
        caption = gettext("Which part of %(name)s each %(kind)s covers", name=name, kind=mid_sentence(group.kind))
        svg = boundary_map([*beside, *shapes, outline], title=caption, size=(width, most_height))
        maps.append(ReportMap(svg, caption, parts, neighbours))
    return tuple(maps) if len(maps) == 1 else tuple(maps[1:])


def _at(part: PartFacts | NeighbourFacts) -> tuple[float, float] | None:
    """Where the letter or number of a part stands."""
    return (part.label_at[0], part.label_at[1]) if part.label_at else None


def _neighbours(drawn: MapFacts) -> str:
    """Which area each number on the map is, in a sentence; '' where no neighbour is drawn."""
    if not drawn.beside:
        return ""
    places = "; ".join(f"{number}, {one.name}" for number, one in enumerate(drawn.beside, 1))
    return gettext("Numbers on the map show the areas next to it: %(places)s.", places=places)
