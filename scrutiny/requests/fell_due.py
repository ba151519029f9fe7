"""What fell due in a period and when it came, and who may count it: the items of requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.requests.legal_basis import stored_basis
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Question, Review, ReviewBody
from workflows.roles import Actor

#: How a response stands to its day.
ON_TIME, LATE, NONE = "on-time", "late", "none"


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, as seen today, and who asks."""

    by: Actor
    first: date
    last: date
    today: date


@dataclass(frozen=True, slots=True)
class Fell:
    """One response that fell due: an item asked for, or a recommendation's. `due_on` is the date in force, extended or agreed."""

    kind: str  # information or response
    reference: str
    title: str
    href: str
    agency_id: int
    agency: str
    power: str
    due_on: date
    statutory_due_on: date | None
    answered_on: date | None

    @property
    def late_after(self) -> date:
        """The day after which it is late: the date in force, or the law's own where that is later."""
        return max(self.due_on, self.statutory_due_on or self.due_on)

    @property
    def standing(self) -> str:
        """On time, late, or none: nothing is late before the law's own day."""
        if self.answered_on is None:
            return NONE
        return ON_TIME if self.answered_on <= self.late_after else LATE

    @property
    def late_by_law(self) -> bool:
        """Whether the law sets a day and it came, or has not come, after that day and after the one the agency was given."""
        return self.statutory_due_on is not None and self.standing != ON_TIME


def items_due(period: Period) -> list[Fell]:
    """Items of issued requests; one withdrawn is asked no longer, so it cannot be late."""
    due = func.coalesce(Item.answered_due_on, Item.due_on)
    late_after = later_of(due, Item.statutory_due_on)
    columns = (
        select(
            Item.reference,
            Item.number,
            EvidenceRequest.number.label("request"),
            Review.reference.label("review"),
            Question.title,
            EvidenceRequest.agency_id,
            Agency.name,
            Item.power_key,
            Item.legal_basis,
            EvidenceRequest.power_key.label("whole"),
            due.label("due_on"),
            Item.statutory_due_on,
            Item.answered_on,
        )
        .join(EvidenceRequest, EvidenceRequest.id == Item.request_id)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .join(Question, Question.id == Item.question_id)
        .where(EvidenceRequest.is_asked, Item.state != "withdrawn", late_after.between(period.first, period.last))
        .where((Item.answered_on.is_not(None)) | (late_after < period.today))
    )
    rows = db.session.execute(permitted(columns, period.by, EvidenceRequest.agency_id))
    return [
        Fell(
            "information",
            row.reference,
            row.title,
            f"/reviews/{row.review}/requests/P{row.request:02d}" + ("" if period.by.agency is not None else f"/{row.number}"),
            row.agency_id,
            row.name,
            row.power_key or _power_of(row.legal_basis, row.whole),
            row.due_on,
            row.statutory_due_on,
            row.answered_on,
        )
        for row in rows
    ]


def _power_of(own: Mapping[str, object], whole: str) -> str:
    """The power an item rests on, which need not be that of the whole request; rows of before kept none of their own."""
    return stored_basis(own).power_key if own else whole


def later_of(due: Any, legal: Any) -> ColumnElement[Any]:
    """The later of a date in force and the law's own day, in SQL."""
    return case((legal > due, legal), else_=due)


def permitted(rows: Select[*tuple[Any, ...]], by: Actor, agency_id: InstrumentedAttribute[int]) -> Select[*tuple[Any, ...]]:
    """Only an agency's own, or what was asked in the reviews the body leads; nothing for anybody else."""
    if by.agency is not None:
        return rows.where(agency_id == by.agency)
    leads = select(ReviewBody.review_id).where(
        ReviewBody.body_id == by.body, ReviewBody.part == "lead", ReviewBody.to_on.is_(None)
    )
    return rows.where(Review.id.in_(leads))
