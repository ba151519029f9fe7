"""What was found in some areas and what was recommended there: one answer for the place page, the area report and the API."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from scrutiny.areas.places_here import places_here
from scrutiny.editions.models import Edition
from scrutiny.editions.published import Published, published, recommended, withdrawn
from scrutiny.recommendations.models import Addressee


@dataclass(frozen=True, slots=True)
class FoundHere:
    """Places that share land with the areas (True where one holds their very codes), and what is published about them."""

    places: dict[int, bool]
    reports: tuple[Published, ...]
    area_reports: tuple[Published, ...]
    recommendations: tuple[Addressee, ...]
    withdrawn: tuple[Edition, ...]


def found_here(codes: Collection[str], area_ids: Collection[int]) -> FoundHere:
    """Every published report and every recommendation made about these areas or a part of them, whoever made them."""
    places = places_here(codes, area_ids)
    reports = published(list(places), kind=None)
    return FoundHere(
        places=places,
        reports=tuple(one for one in reports if one.report.kind == "review"),
        area_reports=tuple(one for one in reports if one.report.kind == "area" and places[one.report.place_id]),
        recommendations=tuple(recommended(place_ids=list(places))),
        withdrawn=tuple(withdrawn(list(places))),
    )
