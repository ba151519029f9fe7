"""New areas written ahead of their day, with what they share and what becomes of the old; and taken back exactly."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from flask_babel import gettext
from sqlalchemy import delete, insert, select, update

from scrutiny.areas.models import Area, AreaLineage, AreaLoad, AreaOverlap, Place, PlaceArea
from scrutiny.areas.people_totals import people_shares
from scrutiny.areas.service import measuring_kinds
from scrutiny.areas.stored_layers import Stored, counts, sticks, stored_layers
from scrutiny.areas.writing import chunks
from scrutiny.audit import service as audit
from scrutiny.correspondence.models import Alert
from scrutiny.extensions import db
from scrutiny.formats import day, listed, percent
from scrutiny.geography import shapes
from scrutiny.geography.best_fit import nearest
from scrutiny.geography.overlay import shared_land
from scrutiny.lineage.files import Link
from scrutiny.lineage.forming import DAY, Formed, box_of, near
from workflows.roles import Actor
from workflows.written_days import day_written

#: the loading under which such areas are kept
KIND = "reorganisation"


@dataclass(frozen=True, slots=True)
class ChangeOfAreas:
    """What changes on a day: the areas formed, those that end, and the links of lineage between them."""

    on: date
    title: str
    formed: Sequence[Formed]
    ending: Sequence[Area]
    links: Sequence[Link]


def write_ahead(change: ChangeOfAreas, *, by: Actor, at: datetime) -> tuple[int, dict[int, str | None]]:
    """Write new areas from a day, the last day of those that end, what they share with all others, and the lineage.

    Gives back the loading's id and, by area, the last day each had before: what `take_back` needs.
    """
    on, formed, ending = change.on, change.formed, change.ending
    load = AreaLoad(
        kind=KIND,
        from_on=change.on,
        file_name=change.title[:300],
        sha256="",
        source="; ".join(dict.fromkeys(one.source for one in formed))[:500],
        loaded=sum(one.area_id is None for one in formed),
        loaded_at=at,
        loaded_by=by.reference,
    )
    db.session.add(load)
    db.session.flush()
    ended = {area.id: area.to_on.isoformat() if area.to_on else None for area in ending if area.to_on is None or area.to_on >= on}
    db.session.execute(update(Area).where(Area.id.in_(ended)).values(to_on=on - DAY))
    load.ended = sorted(area.code for area in ending if area.id in ended)
    new = [one for one in formed if one.area_id is None]
    if new:
        db.session.add_all(_area(one, on, load.id) for one in new)
    db.session.flush()
    db.session.expire_all()
    _write_overlaps(new, on, load.id)
    _write_lineage(
        change.links, load.id, f"Change of councils from {day(on)}"
    )  # anybody reads it; the title is the administrators' own
    audit.note("areas_formed", about=f"area_load:{load.id}", by=by, at=at, on=on.isoformat(), loaded=len(new), ended=len(ended))
    return load.id, ended


def _area(one: Formed, on: date, load_id: int) -> Area:
    """A new area as its row."""
    x0, y0, x1, y1 = shapes.box_round([one.shape])
    point_x, point_y = shapes.points_inside(one.shape)[0].tolist()
    return Area(
        kind=one.kind,
        code=one.code,
        name=one.name,
        name_cy=one.name_cy,
        from_on=on,
        to_on=None,
        load_id=load_id,
        shape=shapes.to_rows([one.shape])[0],
        min_x=x0,
        min_y=y0,
        max_x=x1,
        max_y=y1,
        point_x=point_x,
        point_y=point_y,
        square_metres=one.square_metres,
        people=one.people,
        people_from=one.people_from,
    )


def _write_overlaps(new: Sequence[Formed], on: date, load_id: int) -> None:
    """What the new areas share with every area of another kind that holds with them, both ways round."""
    if not new:
        return
    rows = select(Area.kind, Area.code, Area.id).where(Area.load_id == load_id)
    ids = {(kind, code): area_id for kind, code, area_id in db.session.execute(rows)}
    beside = set(db.session.scalars(select(Area.id).where(near(box_of(new)))))
    written: set[tuple[int, int]] = set()
    for kind in dict.fromkeys(one.kind for one in new):
        these = [one for one in new if one.kind == kind]
        for stored in stored_layers(besides=kind, holding_from=on):
            written |= _write_shared(these, [ids[kind, one.code] for one in these], _only(stored, beside), on, written)


def _only(stored: Stored, ids: Collection[int]) -> Stored:
    """Those rows of a layer that are among some."""
    keep = [n for n, area_id in enumerate(stored.ids) if area_id in ids]
    return Stored(
        stored.kind,
        stored.from_on,
        [stored.ids[n] for n in keep],
        [stored.codes[n] for n in keep],
        [stored.to_on[n] for n in keep],
        stored.shapes[keep],
    )


def _write_shared(
    these: Sequence[Formed], own: Sequence[int], stored: Stored, on: date, written: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    """The overlaps with one stored layer; the pairs written, so that two new kinds meet once."""
    rows, pairs = [], set()
    first, second = np.array([one.shape for one in these], dtype=object), stored.shapes
    shared = shared_land(first, second)
    stick = nearest(sticks(measuring_kinds(), counts()), max(on, stored.from_on))
    people: list[Any] = [(None, None, None)] * len(shared.first)
    if stick is not None and len(shared.first):
        people = people_shares(stick, first, second, shared.first, shared.second)
    sizes, theirs = shapes.square_metres(first), shapes.square_metres(second)
    for i, j, land, (n, share, of_other) in zip(
        shared.first.tolist(), shared.second.tolist(), shared.square_metres.tolist(), people, strict=True
    ):
        one, other = own[i], stored.ids[j]
        if (one, other) in written or (other, one) in written:
            continue
        pairs.add((one, other))
        ours, beyond = (land / sizes[i], share), (land / theirs[j], of_other)
        for (a, mine), (b, its) in (((one, ours), (other, beyond)), ((other, beyond), (one, ours))):
            rows.append(
                {
                    "area_id": a,
                    "other_id": b,
                    "square_metres": land,
                    "people": n,
                    "share_of_area": min(mine[0], 1.0),
                    "share_of_people": mine[1],
                    "share_of_other_area": min(its[0], 1.0),
                    "share_of_other_people": its[1],
                }
            )
    if rows:
        db.session.execute(insert(AreaOverlap), rows)
    return pairs


def _write_lineage(links: Sequence[Link], load_id: int, source: str) -> None:
    """The lineage, but for links that a file has told already."""
    held = {
        (row.old_code, row.new_code)
        for row in db.session.scalars(select(AreaLineage).where(AreaLineage.old_code.in_({link.old_code for link in links})))
        if row.on == links[0].on
    }
    once = {(link.old_code, link.new_code): link for link in links if (link.old_code, link.new_code) not in held}
    rows = [
        {
            "old_code": link.old_code,
            "new_code": link.new_code,
            "old_name": link.old_name,
            "new_name": link.new_name,
            "on": link.on,
            "type": link.type,
            "share_of_people": link.share_of_people,
            "share_of_area": link.share_of_area,
            "source": source,
            "load_id": load_id,
        }
        for link in once.values()
    ]
    if rows:
        db.session.execute(insert(AreaLineage), rows)


def places_on(load_id: int) -> list[Place]:
    """The places that rest on the areas of a loading, by name."""
    held = select(PlaceArea.place_id).join(Area, Area.id == PlaceArea.area_id).where(Area.load_id == load_id)
    return list(db.session.scalars(select(Place).where(Place.id.in_(held)).order_by(Place.name, Place.id)))


def forget_places(load_id: int, *, at: datetime) -> None:
    """Take out the places that rest on the areas of a loading, and stop alerts about them; reviews are the caller's to refuse."""
    for place in places_on(load_id):
        for alert in db.session.scalars(select(Alert).where(Alert.about == place.reference).order_by(Alert.id)):
            alert.stopped, alert.stopped_at = True, at
        place.areas.clear()
        db.session.flush()
        db.session.delete(place)
    db.session.flush()


def take_back(load_id: int, ended: Mapping[int, str | None], *, by: Actor, at: datetime) -> None:
    """Undo `write_ahead`: the areas, their overlaps and lineage go; what ended has the last day it had.

    The loading stays as a line of the record, and another says it was undone, so that every process sees the change.
    """
    load = db.session.get_one(AreaLoad, load_id)
    ids = list(db.session.scalars(select(Area.id).where(Area.load_id == load_id).order_by(Area.id)))
    for chunk in chunks(ids, 500):
        db.session.execute(delete(AreaOverlap).where(AreaOverlap.area_id.in_(chunk) | AreaOverlap.other_id.in_(chunk)))
    db.session.execute(delete(AreaLineage).where(AreaLineage.load_id == load_id))
    db.session.execute(delete(Area).where(Area.load_id == load_id))
    for area_id, last in ended.items():
        db.session.execute(update(Area).where(Area.id == area_id).values(to_on=day_written(last) if last else None))
    db.session.add(
        AreaLoad(
            kind=KIND,
            from_on=load.from_on,
            file_name=f"Undone: {load.file_name}"[:300],
            sha256="",
            source="",
            loaded=0,
            loaded_at=at,
            loaded_by=by.reference,
        )
    )
    db.session.flush()
    db.session.expire_all()
    audit.note("areas_taken_back", about=f"area_load:{load_id}", by=by, at=at, gone=len(ids), reopened=len(ended))


def becomes(codes: Collection[str], on: date) -> list[tuple[date, str]]:
    """What areas are to become after a day, in sentences with the day of each: 'becomes part of North Loamshire'."""
    rows = (
        select(AreaLineage)
        .where(AreaLineage.old_code.in_(codes), AreaLineage.on > on)
        .order_by(AreaLineage.on, AreaLineage.share_of_people.desc(), AreaLineage.new_name)
    )
    found: dict[tuple[date, str], list[AreaLineage]] = {}
    for link in db.session.scalars(rows):
        if link.on is not None:
            found.setdefault((link.on, link.old_code), []).append(link)
    return [(day, _becomes(links)) for (day, _), links in found.items()]


def _becomes(links: Sequence[AreaLineage]) -> str:
    """What one area becomes, in words."""
    old = links[0].old_name or links[0].old_code
    if len(links) > 1:
        parts = [
            gettext(
                "%(new_name)s (%(share_of_people)s of its people)",
                new_name=link.new_name or link.new_code,
                share_of_people=percent(link.share_of_people),
            )
            for link in links
        ]
        return gettext("%(old)s is divided between %(parts)s", old=old, parts=listed(parts))
    name = links[0].new_name or links[0].new_code
    if links[0].type == "recode" and name == old:
        return gettext("%(old)s has the code %(new_code)s", old=old, new_code=links[0].new_code)
    return (
        gettext("%(old)s becomes %(name)s", old=old, name=name)
        if links[0].type == "recode"
        else gettext("%(old)s becomes part of %(name)s", old=old, name=name)
    )
