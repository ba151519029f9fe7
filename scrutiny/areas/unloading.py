"""Undo a loading of boundaries: its areas go and those it ended hold again, while nothing rests on them."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from scrutiny import transaction
from scrutiny.areas.load_record import Before
from scrutiny.areas.models import Area, AreaLoad, AreaNote, AreaOverlap, Place, PlaceArea
from scrutiny.areas.writing import count_for_planner
from scrutiny.audit import service as audit
from scrutiny.extensions import db
from scrutiny.formats import number
from scrutiny.geography.periods import Settled
from scrutiny.rules.queries import rules
from workflows.refusals import Refused
from workflows.roles import Actor


def why_not_undone(load: AreaLoad) -> str:
    """Why a loading cannot be undone, in a sentence; '' where it can."""
    if load.undone_at is not None:
        return gettext("This load has been undone already")
    if load.kind not in rules().area_kinds:
        return gettext("Only a load of boundaries can be undone. Load the right file of this kind over it")
    if load.before.corrected:
        return gettext(
            "This load corrected areas that were loaded before. To go back, load the earlier file again as a correction"
        )
    if load.ended and not load.before.ends:
        return gettext("This load ended other areas before this version could keep how long they held, so it cannot be undone")
    if rules().area_kinds[load.kind].measuring_stick and _people_rest_on(load):
        return gettext("The people of other areas are counted with these small areas, so this load cannot be undone")
    if later := _changed_since(load):
        return gettext(
            "A later load or reorganisation ended areas of this load, for example %(name)s. Undo that first", name=later
        )
    if used := _places(load):
        return gettext("Reviews, reports or alerts rest on areas of this load, for example %(name)s", name=used)
    return ""


def undo_load(load: AreaLoad, *, by: Actor, at: datetime) -> int:
    """Take a loading back: its areas go, and those it ended hold again. How many areas went; Refused with the reason."""
    transaction.take_turn("area_load")
    if why := why_not_undone(load):
        raise Refused(why)
    for area_id, held in load.before.ends.items():
        db.session.execute(update(Area).where(Area.id == area_id).values(to_on=held))
    mine = select(Area.id).where(Area.load_id == load.id)
    db.session.execute(delete(AreaOverlap).where(or_(AreaOverlap.area_id.in_(mine), AreaOverlap.other_id.in_(mine))))
    db.session.execute(delete(AreaNote).where(AreaNote.load_id == load.id))
    gone = db.session.scalar(select(func.count()).select_from(Area).where(Area.load_id == load.id)) or 0
    db.session.execute(delete(Area).where(Area.load_id == load.id))
    load.undone_at, load.undone_by = at, by.reference
    db.session.flush()
    db.session.expire_all()
    count_for_planner()
    audit.note("boundaries_unloaded", about=f"area_load:{load.id}", by=by, at=at, kind=load.kind, areas=gone)
    return gone


def load_of(number_of_load: int) -> AreaLoad:
    """The loading of a number; Refused where there is none."""
    found = db.session.get(AreaLoad, number_of_load)
    if found is None:
        raise Refused(gettext("There is no load with the number %(number)s", number=number(number_of_load)))
    return found


def _changed_since(load: AreaLoad) -> str:
    """The name of an area of the load, or of one that it ended, whose last day is another than the load gave it; '' if none."""
    rows = select(Area.code, Area.name, Area.to_on).where(Area.load_id == load.id).order_by(Area.code)
    for code, name, last in db.session.execute(rows):
        if last != load.before.to_on.get(code, load.to_on):
            return str(name)
    ended = list(load.before.ends)
    if not ended or load.from_on is None:
        return ""
    moved: ColumnElement[bool] = and_(Area.id.in_(ended), or_(Area.to_on.is_(None), Area.to_on >= load.from_on))
    return db.session.scalar(select(Area.name).where(moved).order_by(Area.code).limit(1)) or ""


def _places(load: AreaLoad) -> str:
    """The name of a place that is made of areas of the load."""
    rows = (
        select(Place.name)
        .join(PlaceArea, PlaceArea.place_id == Place.id)
        .join(Area, Area.id == PlaceArea.area_id)
        .where(Area.load_id == load.id)
        .order_by(Place.name)
        .limit(1)
    )
    return db.session.scalar(rows) or ""


def _people_rest_on(load: AreaLoad) -> bool:
    """Whether small areas of the load have been counted, so that sums of people were made of them."""
    counted = select(Area.id).where(Area.load_id == load.id, Area.people.is_not(None)).limit(1)
    return db.session.scalar(counted) is not None


def record_of(settled: Settled, held: dict[int, date | None], last: date | None) -> Before:
    """What undoing will need: until when the ended rows held, and rows that end on another day than asked."""
    other = {code: day for code, day in settled.to_on.items() if day != last}
    return Before(held, other, tuple(sorted(settled.corrected)))
