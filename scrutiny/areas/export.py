"""What may be taken away from this room: a layer, what two layers share, the areas of a place; each row dated and sourced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import aliased

from scrutiny.areas.models import Area, AreaLoad, AreaOverlap
from scrutiny.areas.queries import SLIVER, holds_on, place_crs
from scrutiny.areas.service import area_kind, measuring_kinds
from scrutiny.areas.writing import chunks
from scrutiny.extensions import db
from scrutiny.file_reading.tables import Row
from scrutiny.formats import short_day
from scrutiny.geography import outlines, shapes
from scrutiny.geography.coordinates import LONLAT, mover, system
from workflows.refusals import Refused

#: The table itself: rows by the hundred thousand need no objects made of them.
OVERLAP: Any = AreaOverlap.__table__
#: So many rows are held in memory at once.
CHUNK = 250
#: what a column holds: text, whole (numbers), number, day
LAYER_COLUMNS = (
    ("code", "text"),
    ("name", "text"),
    ("name_cy", "text"),
    ("kind", "text"),
    ("from", "day"),
    ("to", "day"),
    ("as_at", "day"),
    ("area_km2", "number"),
    ("people", "whole"),
    ("people_from", "text"),
    ("longitude", "number"),
    ("latitude", "number"),
    ("source", "text"),
)
OVERLAP_COLUMNS = (
    ("code", "text"),
    ("name", "text"),
    ("kind", "text"),
    ("other_code", "text"),
    ("other_name", "text"),
    ("other_kind", "text"),
    ("as_at", "day"),
    ("shared_km2", "number"),
    ("people", "whole"),
    ("share_of_area", "number"),
    ("share_of_people", "number"),
    ("share_of_other_area", "number"),
    ("share_of_other_people", "number"),
    ("sliver", "text"),
    ("source", "text"),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A table to take away: a plain file name, its title, columns with what they hold, and its rows in batches.

    Each batch is (rows, shapes as WKB in the instance's own coordinate system, which is `crs`); shapes are read only where
    `shapes` is asked for.
    """

    name: str
    title: str
    as_at: date
    columns: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    crs: str
    batches: Callable[[bool], Iterator[tuple[list[Row], list[bytes | None]]]]

    @property
    def attribution(self) -> str:
        """Whom to name where the table is used."""
        return "; ".join(self.sources)


def layer(kind: str, on: date) -> Taken:
    """Every area of a kind that holds on a day; Refused where none does."""
    label = area_kind(kind).plural
    rows = select(Area.id).where(Area.kind == kind, holds_on(on)).order_by(Area.code, Area.id)
    ids = list(db.session.scalars(rows))
    if not ids:
        raise Refused(
            gettext(
                "No %(label)s are loaded that hold on %(on)s: choose another day or another kind",
                label=label.lower(),
                on=short_day(on),
            )
        )
    return _areas(ids, on, f"{kind}-{on.isoformat()}", f"{label} as at {short_day(on)}")


def areas_of(areas: Sequence[Area], on: date, name: str, title: str) -> Taken:
    """The areas of a place."""
    return _areas([area.id for area in areas], on, f"{name}-{on.isoformat()}", f"{title} as at {short_day(on)}")


def _areas(ids: list[int], on: date, name: str, title: str) -> Taken:
    """Areas by their ids, in that order."""
    loads = select(AreaLoad.source).join(Area, Area.load_id == AreaLoad.id)
    sources = _sources(loads.where(Area.id.in_(chunk)) for chunk in chunks(ids, 500))
    return Taken(name, title, on, LAYER_COLUMNS, sources, place_crs(), lambda shapes: _area_batches(ids, on, shapes))


def _area_batches(ids: list[int], on: date, shapes: bool) -> Iterator[tuple[list[Row], list[bytes | None]]]:
    """Areas, a batch at a time."""
    to_degrees = mover(system(place_crs()), system(LONLAT)).transform
    columns: list[Any] = [
        Area.id,
        Area.code,
        Area.name,
        Area.name_cy,
        Area.kind,
        Area.from_on,
        Area.to_on,
        Area.square_metres,
        Area.people,
        Area.people_from,
        Area.point_x,
        Area.point_y,
        AreaLoad.source,
    ]
    wanted = select(*columns, *([Area.shape] if shapes else [])).join(AreaLoad, AreaLoad.id == Area.load_id)
    for chunk in chunks(ids, CHUNK):
        found = {row.id: row for row in db.session.execute(wanted.where(Area.id.in_(chunk)).order_by(Area.id))}
        ordered = [found[area_id] for area_id in chunk]
        lon, lat = to_degrees([row.point_x for row in ordered], [row.point_y for row in ordered])
        rows: list[Row] = [
            (
                row.code,
                row.name,
                row.name_cy,
                row.kind,
                row.from_on,
                row.to_on,
                on,
                round(row.square_metres / 1e6, 6),
                row.people,
                row.people_from,
                round(x, 6),
                round(y, 6),
                row.source,
            )
            for row, x, y in zip(ordered, lon, lat, strict=True)
        ]
        yield rows, [row.shape for row in ordered] if shapes else []


def overlaps(kind: str, other_kind: str, on: date) -> Taken:
    """What each area of a kind shares with each of another on a day, slivers too, marked; Refused where nothing is shared."""
    label, other_label = area_kind(kind).plural, area_kind(other_kind).plural
    return _overlaps(
        (Area.kind == kind,),
        other_kind,
        on,
        f"{kind}-and-{other_kind}-{on.isoformat()}",
        f"What {label.lower()} share with {other_label.lower()} as at {short_day(on)}",
    )


def overlaps_of(areas: Sequence[Area], on: date, name: str, title: str) -> Taken:
    """What the areas of a place share with areas of every other kind, but for small areas."""
    held = (Area.id.in_([area.id for area in areas]),)
    said = f"What {title} shares with other areas as at {short_day(on)}"
    return _overlaps(held, None, on, f"{name}-overlaps-{on.isoformat()}", said)


def _overlaps(held: Iterable[Any], other_kind: str | None, on: date, name: str, title: str) -> Taken:
    """Overlaps of the areas that meet some conditions with those of another kind."""
    other = aliased(Area)
    dated = (other.from_on <= on) & (other.to_on.is_(None) | (other.to_on >= on))
    of_kind = other.kind == other_kind if other_kind else other.kind.not_in(measuring_kinds())
    pairs = (
        select(AreaOverlap.area_id, AreaOverlap.other_id)
        .join(Area, Area.id == AreaOverlap.area_id)
        .join(other, other.id == AreaOverlap.other_id)
        .where(*held, holds_on(on), dated, of_kind)
        .order_by(Area.code, Area.kind, other.kind, other.code)
    )
    ids = [(row.area_id, row.other_id) for row in db.session.execute(pairs)]
    if not ids:
        raise Refused(
            gettext(
                "Nothing is shared there on %(on)s: choose two kinds of area that are both loaded for that day", on=short_day(on)
            )
        )
    loads = select(AreaLoad.source).join(Area, Area.load_id == AreaLoad.id)
    areas = sorted({one for pair in ids for one in pair})
    sources = _sources(loads.where(Area.id.in_(chunk)) for chunk in chunks(areas, 500))
    return Taken(name, title, on, OVERLAP_COLUMNS, sources, place_crs(), lambda shapes: _overlap_batches(ids, on, shapes))


def _overlap_batches(pairs: list[tuple[int, int]], on: date, shapes: bool) -> Iterator[tuple[list[Row], list[bytes | None]]]:
    """Overlaps, a batch at a time; the land in both is cut from the two shapes."""
    columns: list[Any] = [Area.id, Area.code, Area.name, Area.kind, AreaLoad.source, *([Area.shape] if shapes else [])]
    wanted = select(*columns).join(AreaLoad, AreaLoad.id == Area.load_id)
    for chunk in chunks(pairs, CHUNK):
        known: dict[int, Any] = {}
        for some in chunks(sorted({one for pair in chunk for one in pair}), 500):
            known |= {row.id: row for row in db.session.execute(wanted.where(Area.id.in_(some)).order_by(Area.id))}
        ones, others = ({pair[at] for pair in chunk} for at in (0, 1))
        held = select(OVERLAP).where(OVERLAP.c.area_id.in_(ones), OVERLAP.c.other_id.in_(others)).order_by(OVERLAP.c.area_id)
        shared = {(row.area_id, row.other_id): row for row in db.session.execute(held)}
        rows = [_overlap_row(known[one], known[other], shared[one, other], on) for one, other in chunk]
        yield rows, _cut(known, chunk) if shapes else []


def _overlap_row(one: Any, other: Any, shared: Any, on: date) -> Row:
    """One overlap."""
    shares = (shared.share_of_area, shared.share_of_people, shared.share_of_other_area, shared.share_of_other_people)
    sliver = "yes" if all((share or 0) < SLIVER for share in shares) else ""
    sources = "; ".join(sorted({one.source, other.source}))
    return (
        one.code,
        one.name,
        one.kind,
        other.code,
        other.name,
        other.kind,
        on,
        round(shared.square_metres / 1e6, 6),
        shared.people,
        *(None if share is None else round(share, 6) for share in shares),
        sliver,
        sources,
    )


def _cut(known: dict[int, Any], pairs: Sequence[tuple[int, int]]) -> list[bytes | None]:
    """The land in both of each pair, as WKB."""
    read = {area_id: shapes.from_row(row.shape) for area_id, row in known.items()}
    return list(shapes.to_rows([outlines.pieces(read[one], read[other])[0] for one, other in pairs]))


def part_of(place_ids: Sequence[int], covering_ids: Sequence[int]) -> bytes:
    """The part of a place that some areas cover, as WKB in the instance's own coordinate system."""
    rows = select(Area.id, Area.shape).where(Area.id.in_({*place_ids, *covering_ids})).order_by(Area.id)
    read = {row.id: shapes.from_row(row.shape) for row in db.session.execute(rows)}
    place, over = (shapes.joined([read[one] for one in ids]) for ids in (place_ids, covering_ids))
    return shapes.to_rows(outlines.pieces(place, shapes.array([over])))[0]


def _sources(statements: Iterable[Any]) -> tuple[str, ...]:
    """The sources of all areas concerned, each once."""
    return tuple(sorted({source for one in statements for source in db.session.scalars(one.distinct()) if source}))
