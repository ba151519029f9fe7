"""The one door of the ledger: which requests are counted for whom, and what of each is only for those inside."""

from __future__ import annotations

from datetime import date

from flask import abort
from sqlalchemy import ColumnElement, and_, false, or_, select, true

from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import agency
from scrutiny.editions.lists_out import listed_reviews
from scrutiny.requests.models import EvidenceRequest, Holder, Item
from scrutiny.requests.queries import held_on
from scrutiny.reviews.queries import readable_by
from workflows.roles import OPERATOR, Actor


def inside(by: Actor, today: date) -> ColumnElement[bool]:
    """The condition that a request is the reader's own: asked by a body that takes part, or of the agency acted for."""
    if by.has(OPERATOR):
        return true()
    if by.body is not None:
        return EvidenceRequest.review_id.in_(readable_by(by.body, today))
    if by.agency is not None and not by.capacity.only:  # a guest answers some requests, and has the record of none
        holds = select(Item.request_id).join(Holder, Holder.item_id == Item.id)
        return or_(
            EvidenceRequest.agency_id == by.agency,
            EvidenceRequest.id.in_(holds.where(Holder.agency_id == by.agency, held_on(today))),
        )
    return false()


def counted_for(by: Actor, today: date) -> ColumnElement[bool]:
    """The condition that a request is counted for this reader: it reached its agency, and is public or the reader's own.

    The public sees a request once the list of its review is out, unless it was withdrawn as a whole.
    """
    reached = and_(EvidenceRequest.delivered_on.is_not(None), EvidenceRequest.state.in_(("issued", "closed", "withdrawn")))
    public = and_(EvidenceRequest.is_asked, EvidenceRequest.review_id.in_(listed_reviews(today)))
    return and_(reached, or_(public, inside(by, today)))


def agency_to_count(agency_id: int) -> Agency:
    """The agency whose burden is asked about: for anyone, as its page is; what is counted of it rests on `counted_for`."""
    return agency(agency_id) or abort(404)


def is_own(agency_id: int, by: Actor) -> bool:
    """Whether the reader acts for this agency, so that all it was asked is counted."""
    return by.agency == agency_id and not by.capacity.only
