"""Who answers for a place, as a table to take away: each agency with its shares, and on a map the part it covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from flask_babel import gettext

from scrutiny.agencies.answering import Answering, answering
from scrutiny.areas.export import Taken, part_of
from scrutiny.areas.models import Area
from scrutiny.areas.queries import place_crs
from scrutiny.file_reading.tables import Row
from scrutiny.formats import short_day
from workflows.refusals import Refused

COLUMNS = (
    ("place", "text"),
    ("id", "whole"),
    ("agency", "text"),
    ("kind", "text"),
    ("code", "text"),
    ("as_at", "day"),
    ("share_of_people", "number"),
    ("share_of_area", "number"),
    ("area_codes", "text"),
    ("services", "text"),
    ("source", "text"),
)


def answers(areas: Sequence[Area], on: date, name: str, title: str) -> Taken:
    """Who answers for the areas of a place on a day; Refused where nobody does."""
    ids = [area.id for area in areas]
    found = answering(ids, on)
    if not found:
        raise Refused(gettext("No agency is recorded as serving %(title)s on %(on)s", title=title, on=short_day(on)))
    sources = tuple(sorted({area.load.source for area in areas if area.load.source}))

    def batches(shapes: bool) -> Iterator[tuple[list[Row], list[bytes | None]]]:
        for one in found:
            yield [_row(one, title, on, sources)], [part_of(ids, [area.area_id for area in one.areas])] if shapes else []

    said = gettext("Who answers for %(title)s as at %(on)s", title=title, on=short_day(on))
    return Taken(f"{name}-who-answers-{on.isoformat()}", said, on, COLUMNS, sources, place_crs(), batches)


def _row(one: Answering, place: str, on: date, sources: Sequence[str]) -> Row:
    """One agency."""
    people = None if one.share_of_people is None else round(one.share_of_people, 6)
    return (
        place,
        one.agency_id,
        one.name,
        one.kind,
        one.code,
        on,
        people,
        round(one.share_of_area, 6),
        "; ".join(area.code for area in one.areas),
        "; ".join(one.services),
        "; ".join(sources),
    )
