"""Joining reads for the pages of this room: what an agency holds, whose review it is, what was asked this quarter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, distinct, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.agencies.models import Agency
from scrutiny.answering.queries import UNFINISHED
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.formats import LONDON
from scrutiny.requests.models import EvidenceRequest, Extension, Holder, Item
from scrutiny.reviews.models import Review, ReviewBody


def requests_with(agency_id: int, today: date) -> list[EvidenceRequest]:
    """The issued requests in which something may be left for an agency: asked of it, or handed down to it; two statements.

    Of reviews under way only: once a review has reported, nobody waits for an answer to it.
    """
    held = select(Holder.item_id).where(Holder.agency_id == agency_id, _holds(today))
    theirs = or_(EvidenceRequest.agency_id == agency_id, Item.id.in_(held))
    unfinished = select(Item.request_id).join(EvidenceRequest).where(theirs, Item.state.in_(UNFINISHED))
    rows = (
        select(EvidenceRequest)
        .join(EvidenceRequest.review)
        .where(EvidenceRequest.state == "issued", EvidenceRequest.id.in_(unfinished), Review.state == "opened")
        .options(joinedload(EvidenceRequest.review), selectinload(EvidenceRequest.items))
        .order_by(EvidenceRequest.id)
    )
    return list(db.session.scalars(rows))


def holders_of(request_ids: Collection[int], today: date) -> dict[int, int]:
    """Which agency holds each item of these requests on a day, where that is written down; one statement."""
    rows = (
        select(Holder.item_id, Holder.agency_id)
        .join(Item, Item.id == Holder.item_id)
        .where(Item.request_id.in_(request_ids), _holds(today))
        .order_by(Holder.from_on, Holder.id)
    )
    return dict(db.session.execute(rows).all())


def _holds(today: date) -> ColumnElement[bool]:
    """That a holder's row holds on a day."""
    return and_(Holder.from_on <= today, or_(Holder.to_on.is_(None), Holder.to_on >= today))


def extensions_asked(request_ids: Collection[int]) -> dict[int, list[Extension]]:
    """The extensions of these requests that wait for a decision, by request."""
    rows = select(Extension).where(Extension.request_id.in_(request_ids), Extension.state == "asked")
    found: dict[int, list[Extension]] = {}
    for extension in db.session.scalars(rows.order_by(Extension.until_on, Extension.id)):
        found.setdefault(extension.request_id, []).append(extension)
    return found


def leads_of(review_ids: Collection[int]) -> dict[int, str]:
    """The name of the body in the lead of each of these reviews; one statement."""
    rows = (
        select(ReviewBody.review_id, Body.name)
        .join(ReviewBody.body)
        .where(ReviewBody.review_id.in_(review_ids), ReviewBody.part == "lead", ReviewBody.to_on.is_(None))
        .order_by(ReviewBody.id)
    )
    return dict(db.session.execute(rows).all())


@dataclass(frozen=True, slots=True)
class Burden:
    """What was asked of an agency in a quarter: items, by how many bodies, and the hours it recorded (None: none yet)."""

    items: int
    bodies: int
    hours: float | None


def burden(agency_id: int, today: date) -> Burden:
    """What has been asked of an agency since the quarter began; one statement."""
    begins = datetime.combine(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), time(), LONDON)
    asked = (
        select(func.count(Item.id))
        .where(Item.request_id == EvidenceRequest.id, Item.state != "withdrawn")
        .correlate(EvidenceRequest)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(func.coalesce(func.sum(asked), 0), func.count(distinct(ReviewBody.body_id)), func.sum(EvidenceRequest.hours_spent))
        .select_from(EvidenceRequest)
        .join(ReviewBody, ReviewBody.review_id == EvidenceRequest.review_id)
        .where(
            EvidenceRequest.agency_id == agency_id,
            EvidenceRequest.is_asked,
            EvidenceRequest.issued_at >= begins,
            ReviewBody.part == "lead",
            ReviewBody.to_on.is_(None),
        )
    ).one()
    return Burden(*row)


def agencies_named(ids: Collection[int]) -> dict[int, str]:
    """The names of several agencies by id, in one statement."""
    return dict(db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids)).order_by(Agency.id)).all())


def bodies_named(ids: Collection[int]) -> dict[int, str]:
    """The names of several bodies by id, in one statement."""
    return dict(db.session.execute(select(Body.id, Body.name).where(Body.id.in_(ids)).order_by(Body.id)).all())
