"""Counting what was asked and what came of it: of a review, by agency, and of one agency in a quarter; one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import and_, case, distinct, func, select

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.formats import LONDON
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import ReviewBody

#: What counts as a reply, and of what came, what is an answer and what says why there is none.
SENT = ("submitted", "accepted", "not_held", "refused", "redirected")
ANSWERED, NOT_GIVEN = ("submitted",), ("not_held", "refused", "redirected")


@dataclass(frozen=True, slots=True)
class Asked:
    """How many items one agency was asked for, and what became of them."""

    agency: str
    asked: int
    answered: int
    not_given: int  # not held, refused, or another's

    @property
    def waiting(self) -> int:
        """Items without an answer so far."""
        return self.asked - self.answered - self.not_given


def asked_of(review_id: int) -> list[Asked]:
    """What each agency was asked and what became of it, by name: one statement."""
    rows = (
        select(Agency.name, func.count(Item.id), _count(ANSWERED), _count(NOT_GIVEN))
        .join(EvidenceRequest, EvidenceRequest.agency_id == Agency.id)
        .join(Item, Item.request_id == EvidenceRequest.id)
        .where(EvidenceRequest.review_id == review_id, EvidenceRequest.is_asked, Item.state != "withdrawn")
        .group_by(Agency.id, Agency.name)
        .order_by(Agency.name, Agency.id)
    )
    return [Asked(*row) for row in db.session.execute(rows)]


def _count(states: tuple[str, ...]) -> Any:
    """How many items are in these states."""
    return func.sum(case((Item.came_as.in_(states), 1), else_=0))


def replies_of(review_id: int) -> tuple[int, int, int]:
    """Requests the list of requests shows, drafts among them; of the items asked how many have a reply, and how many there are;
    one statement."""
    asked = and_(EvidenceRequest.is_asked, Item.state != "withdrawn")
    row = db.session.execute(
        select(
            func.count(func.distinct(EvidenceRequest.id)),
            func.coalesce(func.sum(case((and_(asked, Item.state.in_(SENT)), 1), else_=0)), 0),
            func.coalesce(func.sum(case((asked, 1), else_=0)), 0),
        )
        .outerjoin(Item, Item.request_id == EvidenceRequest.id)
        .where(EvidenceRequest.review_id == review_id, EvidenceRequest.state.not_in(("dropped", "withdrawn")))
    ).one()
    return row[0], row[1], row[2]


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
