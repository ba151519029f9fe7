"""Counting what was asked of a review and what came of it, by agency; one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, select

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item

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
