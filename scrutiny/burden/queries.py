"""What an agency owes next: its open questions by day and body, for itself alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.states import OPEN
from scrutiny.reviews.models import Review, ReviewBody


@dataclass(frozen=True, slots=True)
class Due:
    """So many questions of one request that are due on a day."""

    falls_on: date
    request: int
    title: str
    body: str
    questions: int


def next_due(agency_id: int, limit: int = 10) -> list[Due]:
    """The questions an agency has still to answer, those due first at the head; one statement."""
    leads = and_(ReviewBody.review_id == Review.id, ReviewBody.part == "lead", ReviewBody.to_on.is_(None))
    rows = (
        select(Item.due_on, EvidenceRequest.id, Review.title, Body.name, func.count(Item.id))
        .join(EvidenceRequest, EvidenceRequest.id == Item.request_id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .join(ReviewBody, leads)
        .join(Body, Body.id == ReviewBody.body_id)
        .where(
            EvidenceRequest.agency_id == agency_id,
            EvidenceRequest.state == "issued",
            EvidenceRequest.delivered_on.is_not(None),
            Item.state.in_(OPEN),
            Item.due_on.is_not(None),
            Review.state.in_(("planned", "opened")),
        )
        .group_by(Item.due_on, EvidenceRequest.id, Review.title, Body.name)
        .order_by(Item.due_on, EvidenceRequest.id)
        .limit(limit)
    )
    found = db.session.execute(rows)
    return [Due(on, request, title, body, n) for on, request, title, body, n in found if on is not None]
