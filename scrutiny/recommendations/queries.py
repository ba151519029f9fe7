"""Reading recommendations: of a review, of an agency, and of places, whoever made them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.areas.models import Place
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee, AddresseeHolder, Recommendation, ResponseStep
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.transaction import take_turn

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
    """The number the next recommendation takes, which others who take one wait for; a withdrawn one keeps its own."""
    take_turn(f"number of a recommendation in review:{review_id}")
    numbers = db.session.scalars(select(Recommendation.number).where(Recommendation.review_id == review_id))
    return max(numbers, default=0) + 1


def _made() -> Select[Addressee]:
    """Addressees of recommendations that have been made, with everything that came of each."""
    return (
        select(Addressee)
        .join(Addressee.recommendation)
        .join(Recommendation.review)
        .where(Recommendation.state == "made")
        .options(
            joinedload(Addressee.agency),
            joinedload(Addressee.recommendation).options(
                selectinload(Recommendation.findings),
                joinedload(Recommendation.review).options(
                    joinedload(Review.place).selectinload(Place.areas), selectinload(Review.bodies).joinedload(ReviewBody.body)
                ),
            ),
            selectinload(Addressee.returns),
            selectinload(Addressee.steps).options(
                joinedload(ResponseStep.body),
                joinedload(ResponseStep.agency),
                joinedload(ResponseStep.lodging).joinedload(Lodging.evidence),
                joinedload(ResponseStep.replaced_by).joinedload(Recommendation.review),
            ),
        )
    )


def made(
    *,
    place_ids: Collection[int] | None = None,
    agency_id: int | None = None,
    review_id: int | None = None,
    only_open: bool = False,
    reviews: Select[int | None] | None = None,
) -> list[Addressee]:
    """Recommendations made, each with the agency it is for and what came of it, newest review first.

    For bodies and agencies, who follow them whatever became of the report; the public asks `editions.published.recommended`.
    """
    rows = _made().order_by(Review.reference.desc(), Recommendation.number, Addressee.id)
    if place_ids is not None:
        rows = rows.where(Review.place_id.in_(place_ids))
    if agency_id is not None:
        rows = rows.where(or_(Addressee.agency_id == agency_id, answered_by(agency_id)))
    if review_id is not None:
        rows = rows.where(Recommendation.review_id == review_id)
    if reviews is not None:
        rows = rows.where(Recommendation.review_id.in_(reviews))
    return list(db.session.scalars(rows.where(Addressee.state.in_(OPEN_RESPONSES)) if only_open else rows))


def replacing(addressee: Addressee) -> list[Recommendation]:
    """Recommendations that may replace one: made or proposed since, in any review of the same lead body."""
    old = addressee.recommendation
    lead = old.review.lead
    rows = (
        select(Recommendation)
        .join(Recommendation.review)
        .join(Review.bodies)
        .where(
            Recommendation.state == "made", Recommendation.id != old.id, ReviewBody.body_id == lead.id, ReviewBody.part == "lead"
        )
        .options(joinedload(Recommendation.review))
        .order_by(Review.reference.desc(), Recommendation.number)
    )
    return list(db.session.scalars(rows))


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


def is_response_late(addressee: Addressee, today: date) -> bool:
    """Worked out, never stored: a response is awaited and its day has passed."""
    return addressee.state in AWAITED and addressee.due_on is not None and addressee.due_on < today


def count_standing(review_id: int) -> int:
    """How many recommendations of a review are not withdrawn."""
    rows = select(func.count()).where(Recommendation.review_id == review_id, Recommendation.state != "withdrawn")
    return db.session.scalar(rows) or 0


def numbers_of(ids: Collection[int]) -> dict[int, int]:
    """The numbers of recommendations within their review, by id."""
    rows = select(Recommendation.id, Recommendation.number).where(Recommendation.id.in_(ids))
    return dict(db.session.execute(rows.order_by(Recommendation.id)).all())
