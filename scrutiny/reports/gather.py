"""Read the records a report is made of into plain values, once, before it is sealed."""

from __future__ import annotations

from datetime import date
from typing import Any

from scrutiny.agencies.queries import Answering
from scrutiny.areas.maps import place_map
from scrutiny.areas.models import Place
from scrutiny.formats import percent
from scrutiny.reports.snapshot import GroupFacts, MapFacts, PartFacts

TONES = ("one", "two", "three", "four")


def place_values(place: Place, on: date) -> dict[str, Any]:
    """Name, codes, people and land of a place on a day."""
    counted = [area.people for area in place.areas]
    return {
        "name": place.name,
        "slug": place.slug,
        "codes": [area.code for area in place.areas],
        "on": on.isoformat(),
        "people": sum(n for n in counted if n is not None) if any(n is not None for n in counted) else None,
        "people_from": next((area.people_from for area in place.areas if area.people_from), ""),
        "square_metres": round(sum(area.square_metres for area in place.areas)),
    }


def map_values(place: Place, covering: list[Answering]) -> dict[str, Any]:
    """The outline of the place, and the parts of it that agencies which cover only some of it answer for, shares in words."""
    drawn = map_facts(place, covering)
    groups = [{"kind": group.kind, "parts": [_part_in_words(part) for part in group.parts]} for group in drawn.groups]
    return {"outline": list(drawn.outline), "groups": groups}


def map_facts(place: Place, covering: list[Answering]) -> MapFacts:
    """The outline of the place, and for each kind of agency the parts of it that each covers."""
    split = [agency for agency in covering if agency.share_of_area < 0.9995][:8]
    covers = {str(agency.agency_id): [area.area_id for area in agency.areas] for agency in split}
    drawn = place_map([area.id for area in place.areas], covers)
    shapes = {part.key: part for part in drawn.parts}
    groups: dict[str, list[PartFacts]] = {}
    for agency in split:
        shape = shapes.get(str(agency.agency_id))
        if shape is None:
            continue
        group = groups.setdefault(agency.kind_label, [])
        group.append(
            PartFacts(
                name=agency.name,
                tone=TONES[len(group) % len(TONES)],
                share_of_people=rounded(agency.share_of_people),
                share_of_land=rounded(agency.share_of_area),
                rings=tuple(shape.rings),
                label_at=tuple(shape.label_at) if shape.label_at else None,
            )
        )
    return MapFacts(tuple(drawn.outline), tuple(GroupFacts(kind, tuple(parts)) for kind, parts in groups.items()))


def rounded(share: float | None) -> float | None:
    """A share as it is sealed: six places say more than anybody counted, and are the same on every machine."""
    return None if share is None else round(share, 6)


def _part_in_words(part: PartFacts) -> dict[str, Any]:
    """One part of a map with its shares in words."""
    shares = {"people": percent(part.share_of_people), "land": percent(part.share_of_land)}
    return {"name": part.name, "tone": part.tone, "rings": list(part.rings), "label_at": part.label_at, **shares}


def attribution(place: Place) -> list[str]:
    """Where the boundaries and counts come from, as their owners ask to be named."""
    sources = {area.load.source for area in place.areas if area.load.source}
    return sorted(sources | {area.people_from for area in place.areas if area.people_from})
