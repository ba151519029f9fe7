"""Reading recommendations: of a review, of an agency, of a place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.areas.models import PlaceArea
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee, AddresseeHolder, Recommendation
from scrutiny.reviews.models import Review

STANDING = ("proposed", "made")
#: No response yet: one that was only noted is still to come.
AWAITED = ("awaited", "noted")
OPEN_RESPONSES = ("awaited", "noted", "accepted", "partly_accepted", "said_done")


def of_review(review_id: int, *, states: Sequence[str] | None = None) -> list[Recommendation]:
    """The recommendations of a review in their order, with addressees and findings."""
    rows = (
        select(Recommendation)
        .where(Recommendation.review_id == review_id, Recommendation.state != "withdrawn")
        .options(selectinload(Recommendation.addressees).joinedload(Addressee.agency), selectinload(Recommendation.findings))
        .order_by(Recommendation.number)
    )
    return list(db.session.scalars(rows.where(Recommendation.state.in_(states)) if states else rows))


def next_number(review_id: int) -> int:
    """The number the next recommendation of a review takes; a withdrawn one keeps its own."""
    numbers = db.session.scalars(select(Recommendation.number).where(Recommendation.review_id == review_id))
    return max(numbers, default=0) + 1


def _made() -> Select[Addressee]:
    """Addressees of recommendations that have been made."""
    return (
        select(Addressee)
        .join(Addressee.recommendation)
        .join(Recommendation.review)
        .where(Recommendation.state == "made")
        .options(
            joinedload(Addressee.agency),
            joinedload(Addressee.recommendation).joinedload(Recommendation.review).joinedload(Review.place),
            selectinload(Addressee.returns),
        )
    )


def answered_by(agency_id: int) -> ColumnElement[bool]:
    """That an agency answers for a recommendation now: it was addressed to it, or has come to it from one that ended."""
    passed = select(AddresseeHolder.addressee_id).where(AddresseeHolder.to_on.is_(None))
    came = passed.where(AddresseeHolder.agency_id == agency_id)
    return or_(Addressee.id.in_(came), and_(Addressee.agency_id == agency_id, Addressee.id.not_in(passed)))


def of_agency(agency_id: int, *, only_open: bool = False) -> list[Addressee]:
    """What has been recommended to an agency, the earliest due first."""
    rows = _made().where(answered_by(agency_id))
    if only_open:
        rows = rows.where(Addressee.state.in_(OPEN_RESPONSES))
    return list(db.session.scalars(rows.order_by(Recommendation.done_by, Addressee.id)))


def of_place(place_id: int, *, only_open: bool = False) -> list[Addressee]:
    """What has been recommended in every review that touches an area of the place, whoever made it."""
    areas = select(PlaceArea.area_id).where(PlaceArea.place_id == place_id)
    places = select(PlaceArea.place_id).where(PlaceArea.area_id.in_(areas))
    rows = _made().where(Review.place_id.in_(places))
    if only_open:
        rows = rows.where(Addressee.state.in_(OPEN_RESPONSES))
    return list(db.session.scalars(rows.order_by(Review.reference, Recommendation.number, Addressee.id)))


def is_response_late(addressee: Addressee, today: date) -> bool:
    """Worked out, never stored: a response is awaited and its day has passed."""
    return addressee.state in AWAITED and addressee.due_on is not None and addressee.due_on < today
