"""The one door of the gaps: which reviews are counted or named, and for whom.

A gap rests on published reports alone, so it is the same for every reader. A review that is not published yet is named beside
it: to anyone once its list is out, and before that to members of the bodies that work on it.
"""

from __future__ import annotations

from datetime import date

from flask import abort
from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import joinedload

from scrutiny.agenda.access import may_plan
from scrutiny.areas.models import Area
from scrutiny.areas.queries import areas_of_kind
from scrutiny.editions.lists_out import listed_reviews
from scrutiny.extensions import db
from scrutiny.gaps.models import GapEntry
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.reviews.queries import readable_by
from scrutiny.rules.queries import rules
from workflows.roles import Actor

#: More noted gaps than one page can show.
MOST = 1000


def reviews_named(by: Actor, today: date) -> ColumnElement[bool]:
    """The condition that a review may be named to a reader together with the agencies it asked."""
    public = Review.id.in_(listed_reviews(today))
    if by.body is None:
        return public
    working = readable_by(by.body, today).where(ReviewBody.part.in_(("lead", "partner")), ReviewBody.to_on.is_(None))
    return or_(public, Review.id.in_(working))


def layer_shown(kind: str, on: date) -> list[Area]:
    """Every area of a kind on a day; 404 where there is no such kind, or it is only a measuring stick."""
    known = rules().area_kinds.get(kind)
    if known is None or known.measuring_stick:
        abort(404)
    return areas_of_kind(kind, on)


def entries_known(by: Actor) -> ColumnElement[bool]:
    """The condition that a noted gap is known to a reader: it is public, where the file allows that, or of the body acted for."""
    public = GapEntry.is_public.is_(True) if rules().gap_choices.register_public else false()
    return public if by.body is None else or_(public, GapEntry.body_id == by.body)


def entries_shown(by: Actor, place_id: int | None = None) -> list[GapEntry]:
    """The noted gaps a reader may know of: open ones first, the newest at the head; of one place, or of all."""
    rows = _whole().where(entries_known(by)).order_by(GapEntry.state == "closed", GapEntry.id.desc()).limit(MOST)
    return list(db.session.scalars(rows if place_id is None else rows.where(GapEntry.place_id == place_id)))


def entry_to_read(entry_id: int, by: Actor) -> GapEntry:
    """A noted gap; for others there is none."""
    return db.session.scalar(_whole().where(GapEntry.id == entry_id, entries_known(by))) or abort(404)


def entry_to_change(entry_id: int, by: Actor) -> GapEntry:
    """A noted gap, for those who plan for its body; others who may read it are told that they may not change it."""
    entry = entry_to_read(entry_id, by)
    if entry.body_id != by.body or not may_plan(by):
        abort(403)
    return entry


def _whole() -> Select[GapEntry]:
    """Noted gaps with all that is shown of them: one statement."""
    return select(GapEntry).options(
        joinedload(GapEntry.place), joinedload(GapEntry.agency), joinedload(GapEntry.body), joinedload(GapEntry.review)
    )
