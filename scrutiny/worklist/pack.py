"""The pack of a meeting: what was asked and answered, findings with what may be quoted of them, recommendations to agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.findings import access, presenters
from scrutiny.findings import queries as findings
from scrutiny.findings.presenters import Shown
from scrutiny.recommendations import queries as recommendations
from scrutiny.recommendations.models import Recommendation
from scrutiny.reports import gather
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Phase, Review
from scrutiny.reviews.queries import bodies_taking_part
from scrutiny.rules.models import MethodEdition
from workflows.roles import Actor

#: A pack is printed, carried about and left on tables: nothing personal or confidential stands in it, whoever asks.
QUOTABLE = ("open", "exempt")
ANSWERED, NOT_GIVEN = ("submitted", "accepted"), ("not_held", "refused", "redirected")


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


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything the pack of a review says."""

    review: Review
    bodies: list[str]  # the lead first
    method: MethodEdition
    place: dict[str, Any]
    phase: Phase | None  # under way today
    asked: list[Asked]
    findings: list[Shown]
    recommendations: list[Recommendation]
    withheld: int  # citations whose words are not shown here


def pack_of(review: Review, by: Actor, today: date) -> Pack:
    """The pack of a review as a member of its lead or a partner body reads it; a constant number of statements."""
    readable = access.readable_in(review, by, today)
    rows = [
        presenters.shown(one, review, readable, markings=QUOTABLE) for one in findings.of_review(review.id, findings.STANDING)
    ]
    return Pack(
        review=review,
        bodies=[body.name for body in bodies_taking_part(review)],
        method=review.edition,
        place=gather.place_values(review.place, review.place_on),
        phase=next((one for one in review.phases if one.starts_on <= today <= one.ends_on), None),
        asked=asked_of(review.id),
        findings=rows,
        recommendations=recommendations.of_review(review.id, states=recommendations.STANDING),
        withheld=sum(card.quotation is None for row in rows for card in row.cards),
    )


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
    return func.sum(case((Item.state.in_(states), 1), else_=0))
