"""What has been published beside reports: reviews announced, lists that are out, what agencies were asked and sent.

Each function is one statement, or a few, whatever the number of rows. Nothing here reads a draft.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.editions.lists_out import listed_reviews
from scrutiny.editions.models import Edition, Report
from scrutiny.evidence.access import readable
from scrutiny.evidence.models import Lodging
from scrutiny.evidence.queries import whole
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.reviews.queries import readable_by
from workflows.roles import Actor


def reviews_known(by: Actor, today: date, place_ids: Collection[int] | None = None, limit: int = 100) -> list[Review]:
    """Announced reviews, newest first, and those of the body acted for; of these places, or of all."""
    known = Review.announced_on <= today
    if by.body is not None:
        known = or_(known, Review.id.in_(readable_by(by.body, today)))
    rows = (
        select(Review)
        .where(known)
        .options(joinedload(Review.place), selectinload(Review.bodies).joinedload(ReviewBody.body))
        .order_by(Review.starts_on.desc(), Review.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(rows if place_ids is None else rows.where(Review.place_id.in_(place_ids))))


def list_is_out(review: Review, today: date) -> bool:
    """Whether the public may see what was asked in this review."""
    return db.session.scalar(listed_reviews(today).where(Review.id == review.id)) is not None


def reported_among(review_ids: Collection[int]) -> set[int]:
    """Of these reviews, those whose report is out."""
    rows = (
        select(Report.review_id)
        .join(Edition, Edition.report_id == Report.id)
        .where(Edition.state == "released", Report.review_id.in_(review_ids))
    )
    return {found for found in db.session.scalars(rows.order_by(Report.review_id)) if found is not None}


def lodged_readable(review: Review, by: Actor, today: date) -> list[Lodging]:
    """What agencies have lodged with a review, as far as an actor may read it, oldest first."""
    rows = whole().where(readable(review, by, today), Lodging.lodged_at.is_not(None))
    return list(db.session.scalars(rows.order_by(Lodging.lodged_at, Lodging.id)))


def asked_of(agency_id: int, today: date) -> list[tuple[Review, int, int]]:
    """The reviews whose lists are out and that asked an agency, newest first, with how many items it was asked and answered."""
    rows = (
        select(
            EvidenceRequest.review_id,
            func.sum(case((Item.state != "withdrawn", 1), else_=0)),
            func.sum(case((Item.came_as == "submitted", 1), else_=0)),
        )
        .join(Item, Item.request_id == EvidenceRequest.id)
        .where(
            EvidenceRequest.agency_id == agency_id, EvidenceRequest.is_asked, EvidenceRequest.review_id.in_(listed_reviews(today))
        )
        .group_by(EvidenceRequest.review_id)
        .order_by(EvidenceRequest.review_id.desc())
    )
    counts = {review_id: (asked, answered) for review_id, asked, answered in db.session.execute(rows)}
    found = select(Review).where(Review.id.in_(list(counts))).options(joinedload(Review.place))
    return [(review, *counts[review.id]) for review in db.session.scalars(found.order_by(Review.starts_on.desc(), Review.id))]
