"""Read the records a report is made of into plain values, once, before it is sealed."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app

from scrutiny.agencies.queries import Answering
from scrutiny.areas.maps import Part, neighbours_of, place_map
from scrutiny.areas.models import Place
from scrutiny.areas.queries import sources_of
from scrutiny.formats import percent
from scrutiny.pictures import told_apart
from scrutiny.snapshots.snapshot import GroupFacts, MapFacts, NeighbourFacts, PartFacts


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


def map_values(place: Place, covering: list[Answering], on: date) -> dict[str, Any]:
    """The maps of an area report as plain values: those of `map_facts`, with the shares of each part in words."""
    drawn = map_facts(place, covering, on)
    groups = [{"kind": group.kind, "parts": [_part_in_words(part) for part in group.parts]} for group in drawn.groups]
    beside = [{"name": one.name, "rings": list(one.rings), "label_at": one.label_at} for one in drawn.beside]
    return {"outline": list(drawn.outline), "groups": groups, "beside": beside}


def map_facts(place: Place, covering: list[Answering], on: date) -> MapFacts:
    """The outline of the place, its neighbours on a day, and for each kind of agency the parts of it that each covers."""
    split = _split(covering)
    covers = {str(agency.agency_id): [area.area_id for area in agency.areas] for agency in split}
    near = {str(area.id): area for area in neighbours_of(place.areas, on)}
    drawn = place_map([area.id for area in place.areas], covers, [area.id for area in near.values()])
    shapes = {part.key: part for part in drawn.parts}
    kinds: dict[str, list[tuple[Answering, Part]]] = {}
    for agency in split:
        shape = shapes.get(str(agency.agency_id))
        if shape is not None:
            kinds.setdefault(agency.kind_label, []).append((agency, shape))
    beside = [NeighbourFacts(near[part.key].name, tuple(part.rings), _point(part)) for part in drawn.beside]
    return MapFacts(tuple(drawn.outline), tuple(_group(kind, parts) for kind, parts in kinds.items()), tuple(beside))


def _group(kind: str, parts: list[tuple[Answering, Part]]) -> GroupFacts:
    """The agencies of one kind, each with its part in a tone of its own among those that touch it."""
    tones = told_apart([shape.rings for _, shape in parts])
    facts = (
        PartFacts(
            name=agency.name,
            tone=tone,
            share_of_people=rounded(agency.share_of_people),
            share_of_land=rounded(agency.share_of_area),
            rings=tuple(shape.rings),
            label_at=_point(shape),
        )
        for (agency, shape), tone in zip(parts, tones, strict=True)
    )
    return GroupFacts(kind, tuple(facts))


def _point(part: Part) -> tuple[float, float] | None:
    """Where the letter or number of a part stands."""
    return (part.label_at[0], part.label_at[1]) if part.label_at else None


def rounded(share: float | None) -> float | None:
    """A share as it is sealed: six places say more than anybody counted, and are the same on every machine."""
    return None if share is None else round(share, 6)


def _part_in_words(part: PartFacts) -> dict[str, Any]:
    """One part of a map with its shares in words."""
    shares = {"people": percent(part.share_of_people), "land": percent(part.share_of_land)}
    return {"name": part.name, "tone": part.tone, "rings": list(part.rings), "label_at": part.label_at, **shares}


def attribution(place: Place, covering: list[Answering], on: date) -> list[str]:
    """Where the boundaries drawn and the counts come from, each under its own licence, as their owners ask to be named."""
    drawn = {area.area_id for agency in _split(covering) for area in agency.areas}
    drawn |= {area.id for area in (*place.areas, *neighbours_of(place.areas, on))}
    sources = sources_of(drawn)
    return sorted(sources | {area.people_from for area in place.areas if area.people_from})


def licence() -> str:
    """The key of the licence under which this instance publishes its reports; '' for none."""
    return str(current_app.config["SETTINGS"].report_licence)


def _split(covering: list[Answering]) -> list[Answering]:
    """The agencies that cover only part of the place, as far as maps show them."""
    return [agency for agency in covering if agency.share_of_area < 0.9995][:8]
