"""Reading meetings that agencies are asked to attend; always in order, for pages, inboxes and calendar feeds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import and_, case, distinct, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.extensions import db
from scrutiny.read_ahead import known
from scrutiny.requests.attendance_models import Meeting
from scrutiny.requests.models import Answer, EvidenceRequest, Holder, Item
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.reviews.models import Question


def meeting_of(question: Question) -> Meeting | None:
    """The meeting a question asks agencies to attend, or None where it asks for something else."""
    if question.kind != ATTENDANCE:
        return None
    rows = select(Meeting).where(Meeting.question_id == question.id)
    return known("meeting", question.id, lambda: db.session.scalar(rows))


def meetings_of(reviews: Collection[int]) -> list[Any]:
    """(review id, meeting id, day, when, where, agencies asked, of these coming) for each meeting asked for, by day."""
    comes = case((and_(Answer.submitted_at.is_not(None), Answer.attends != ""), Item.id))
    rows = (
        select(
            EvidenceRequest.review_id,
            Meeting.id,
            Meeting.held_on,
            Meeting.begins,
            Meeting.place,
            func.count(distinct(Item.id)),
            func.count(distinct(comes)),
        )
        .join(Item, Item.request_id == EvidenceRequest.id)
        .join(Meeting, Meeting.question_id == Item.question_id)
        .outerjoin(Answer, Answer.item_id == Item.id)
        .where(EvidenceRequest.review_id.in_(reviews), EvidenceRequest.state.in_(("issued", "closed")), Item.state != "withdrawn")
        .group_by(EvidenceRequest.review_id, Meeting.id, Meeting.held_on, Meeting.begins, Meeting.place)
        .order_by(Meeting.held_on, Meeting.id)
    )
    return list(db.session.execute(rows))


def meetings_to_attend(agency_id: int, today: date) -> list[tuple[Item, Meeting]]:
    """The meetings to come that an agency was asked to attend, or took over from one that ended, and has not declined, by day."""
    holds = and_(Holder.from_on <= today, or_(Holder.to_on.is_(None), Holder.to_on >= today))
    held = select(Holder.item_id).where(Holder.agency_id == agency_id, holds)
    elsewhere = select(Holder.item_id).where(Holder.agency_id != agency_id, holds)
    rows = (
        select(Item, Meeting)
        .join(EvidenceRequest, EvidenceRequest.id == Item.request_id)
        .join(Meeting, Meeting.question_id == Item.question_id)
        .where(
            or_(EvidenceRequest.agency_id == agency_id, Item.id.in_(held)),
            Item.id.not_in(elsewhere),
            EvidenceRequest.state.in_(("issued", "closed")),
            Meeting.held_on >= today,
            Item.state.not_in(("refused", "withdrawn", "not_held", "redirected")),
        )
        .options(
            joinedload(Item.request).joinedload(EvidenceRequest.review), joinedload(Item.question), selectinload(Item.answers)
        )
        .order_by(Meeting.held_on, Item.id)
    )
    return [(item, meeting) for item, meeting in db.session.execute(rows)]
