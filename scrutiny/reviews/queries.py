"""Reading reviews: one by its reference, those of a body or a place, their questions, and who takes which part."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.orm import defaultload, joinedload, selectinload

from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.reviews.models import Line, Question, Review, ReviewBody, ReviewDraft, ReviewEdition
from scrutiny.transaction import take_turn

#: A review being prepared or under way; the others are over.
CURRENT = ("planned", "opened")


def whole() -> Select[Review]:
    """A select of reviews with place, bodies, lines, phases and editions, in a constant number of statements."""
    return select(Review).options(
        selectinload(Review.place),
        selectinload(Review.bodies).selectinload(ReviewBody.body).selectinload(Body.host_agency),
        selectinload(Review.lines),
        selectinload(Review.phases),
        selectinload(Review.editions).selectinload(ReviewEdition.edition),
    )


def review_by_reference(reference: str) -> Review | None:
    """The review with a reference such as R-2026-014, whoever asks; pages go through `access`.

    In two statements: with its place and its bodies, by which every page tells who may open it. Most pages want none of its
    lines, phases or editions; each is read when it is first asked for.
    """
    rows = select(Review).options(
        joinedload(Review.place),
        selectinload(Review.bodies).joinedload(ReviewBody.body).joinedload(Body.host_agency),
        defaultload(Review.editions).joinedload(ReviewEdition.edition),
    )
    return db.session.scalar(rows.where(Review.reference == reference))


def same_question(question: type[Question]) -> ColumnElement[str]:
    """What is alike in two questions that ask the same: the key of the standard question they are, or else their words."""
    words = literal("text:").concat(func.lower(func.trim(question.text)))
    return case((question.standard_key != "", literal("key:").concat(question.standard_key)), else_=words)


def part_of(review: Review, body_id: int | None, on: date | None = None) -> str | None:
    """The part a body takes in a review on a day (now, if none is given): lead, partner, observer or None."""
    rows = [row for row in review.bodies if row.body_id == body_id and _takes_part(row, on)]
    return min(rows, key=lambda row: ("lead", "partner", "observer").index(row.part)).part if rows else None


def _takes_part(row: ReviewBody, on: date | None) -> bool:
    """Whether a body's part holds on a day, both its first and its last included; without a day, whether it has not ended."""
    if on is None:
        return row.to_on is None
    return row.from_on <= on and (row.to_on is None or on <= row.to_on)


def is_announced(review: Review, today: date) -> bool:
    """Whether the public may know of the review."""
    return review.announced_on is not None and review.announced_on <= today


def bodies_taking_part(review: Review, *parts: str) -> list[Body]:
    """The bodies with these parts now (lead and partner unless named), the lead first."""
    wanted = parts or ("lead", "partner")
    rows = [row for row in review.bodies if row.part in wanted and row.to_on is None]
    return [row.body for row in sorted(rows, key=lambda row: (row.part != "lead", row.body.name))]


def is_under_way(review: Review) -> bool:
    """Whether a review is planned or open; one that is reported, closed or withdrawn can no longer be changed."""
    return review.state in ("planned", "opened")


def of_body(body_id: int, states: Sequence[str] | None = None) -> list[Review]:
    """The reviews in which a body has or had a part, newest first."""
    took_part = select(ReviewBody.review_id).where(ReviewBody.body_id == body_id)
    rows = whole().where(Review.id.in_(took_part)).order_by(Review.starts_on.desc(), Review.id.desc())
    return list(db.session.scalars(rows.where(Review.state.in_(states)) if states else rows))


def announced(today: date, limit: int = 20) -> list[Review]:
    """The reviews the public may know of, newest first."""
    rows = whole().where(Review.announced_on <= today).order_by(Review.announced_on.desc(), Review.id.desc())
    return list(db.session.scalars(rows.limit(limit)))


def readable_by(body_id: int, today: date) -> Select[int]:
    """The ids of the reviews a body may read, as a select for use inside other queries."""
    return select(ReviewBody.review_id).where(
        ReviewBody.body_id == body_id, ReviewBody.from_on <= today, or_(ReviewBody.to_on.is_(None), ReviewBody.to_on >= today)
    )


def in_order() -> tuple[Any, ...]:
    """What questions of one review are sorted by: the places they were moved to, then the order they were added in."""
    return (Question.position.is_(None), Question.position, Question.id)


def place_of(question: Question) -> tuple[bool, int, int]:
    """The same of a question that is at hand."""
    return (question.position is None, question.position or 0, question.id)


def questions_of(review: Review, *states: str) -> list[Question]:
    """The questions of a review (taken ones unless states are named), by line and in the order they are asked."""
    rows = (
        select(Question)
        .join(Line, Line.id == Question.line_id)
        .where(Question.review_id == review.id, Question.state.in_(states or ("taken",)))
        .options(selectinload(Question.line))
        .order_by(Line.position, *in_order())
    )
    return list(db.session.scalars(rows))


def next_reference(year: int) -> str:
    """The next free reference of a year: R-2026-014; others who take one wait."""
    take_turn(f"reference of a review in {year}")
    start = f"R-{year}-"
    last = select(Review.reference).where(Review.reference.startswith(start))
    found = db.session.scalar(last.order_by(func.length(Review.reference).desc(), Review.reference.desc()).limit(1))
    return f"{start}{int(found.removeprefix(start)) + 1 if found else 1:03d}"


def drafts_of(body_id: int) -> list[ReviewDraft]:
    """The reviews a body is preparing, last saved first."""
    rows = select(ReviewDraft).where(ReviewDraft.body_id == body_id, ReviewDraft.review_id.is_(None))
    return list(db.session.scalars(rows.order_by(ReviewDraft.saved_at.desc(), ReviewDraft.id.desc())))


def leads_of(review_ids: Collection[int]) -> dict[int, str]:
    """The name of the body in the lead of each of these reviews; one statement."""
    rows = (
        select(ReviewBody.review_id, Body.name)
        .join(ReviewBody.body)
        .where(ReviewBody.review_id.in_(review_ids), ReviewBody.part == "lead", ReviewBody.to_on.is_(None))
        .order_by(ReviewBody.id)
    )
    return dict(db.session.execute(rows).all())
