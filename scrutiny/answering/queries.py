"""Reading for the agency that answers: its items of a request, who holds them, what it sent before; always in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.evidence.queries import own_of
from scrutiny.extensions import db
from scrutiny.requests.models import Answer, EvidenceRequest, Holder, Item
from scrutiny.requests.queries import held_on, holders, with_answers
from scrutiny.reviews.models import Question, Review

#: States in which the agency may still write an answer.
ANSWERABLE = ("asked", "answered", "sent_back", "returned")
#: Of these, those in which it has not saved anything since it was asked (again).
UNANSWERED = ("asked", "sent_back", "returned")
#: States in which an item is still the agency's to finish.
UNFINISHED = (*ANSWERABLE, "with_certifier")


def request_with_answers(request_id: int) -> EvidenceRequest | None:
    """The request with its items and their answers, whoever asks; pages go through `access`."""
    return db.session.scalar(with_answers().where(EvidenceRequest.id == request_id))


def item(item_id: int) -> Item | None:
    """The item, whoever asks."""
    return db.session.get(Item, item_id)


def items_held(request: EvidenceRequest, agency_id: int | None, on: date) -> list[Item]:
    """The items of a request an agency holds on a day, by number."""
    held = holders(request, on)
    return [item for item in request.items if held[item.id] == agency_id]


def draft_of(item: Item) -> Answer | None:
    """The answer being written: the latest, if it is not sent."""
    return item.answer if item.answer is not None and item.answer.submitted_at is None else None


def sent_answers(item: Item) -> list[Answer]:
    """The answers to an item that were sent, oldest first."""
    return [answer for answer in item.answers if answer.submitted_at is not None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an agency has come with its items of a request."""

    all: int
    unanswered: int
    ready: int  # saved, not sent
    with_certifier: int
    done: int


def progress(items: Sequence[Item]) -> Progress:
    """Items counted by how far they are."""
    count = [item.state for item in items if item.state != "withdrawn"]
    return Progress(
        all=len(count),
        unanswered=sum(state in UNANSWERED for state in count),
        ready=count.count("answered"),
        with_certifier=count.count("with_certifier"),
        done=sum(state not in UNFINISHED for state in count),
    )


def earlier_answers(item: Item, agency_id: int, limit: int = 5) -> list[Answer]:
    """What the same agency sent before to the same standard item or the same question, newest first; never another's."""
    rows = (
        select(Answer)
        .join(Item, Item.id == Answer.item_id)
        .join(Question, Question.id == Item.question_id)
        .join(Lodging, Lodging.id == Answer.lodging_id)
        .join(Evidence, Evidence.id == Lodging.evidence_id)
        .where(
            own_of(agency_id),
            Answer.submitted_at.is_not(None),
            Lodging.wrong_at.is_(None),
            Item.id != item.id,
            _alike(item.question),
        )
        .options(
            joinedload(Answer.item).joinedload(Item.request).joinedload(EvidenceRequest.review),
            joinedload(Answer.lodging).joinedload(Lodging.evidence).selectinload(Evidence.files),
        )
        .order_by(Answer.submitted_at.desc(), Answer.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(rows))


def _alike(question: Question) -> ColumnElement[bool]:
    """The same standard item of a method, or word for word the same question."""
    same_words = func.lower(func.trim(Question.text)) == question.text.strip().lower()
    if not question.standard_key:
        return same_words
    return or_(same_words, Question.standard_key == question.standard_key)


def requests_with(agency_id: int, today: date) -> list[EvidenceRequest]:
    """The issued requests in which something may be left for an agency: asked of it, or handed down to it; two statements.

    Of reviews under way only: once a review has reported, nobody waits for an answer to it.
    """
    held = select(Holder.item_id).where(Holder.agency_id == agency_id, held_on(today))
    theirs = or_(EvidenceRequest.agency_id == agency_id, Item.id.in_(held))
    unfinished = select(Item.request_id).join(EvidenceRequest).where(theirs, Item.state.in_(UNFINISHED))
    rows = (
        select(EvidenceRequest)
        .join(EvidenceRequest.review)
        .where(EvidenceRequest.state == "issued", EvidenceRequest.id.in_(unfinished), Review.state == "opened")
        .options(joinedload(EvidenceRequest.review), selectinload(EvidenceRequest.items))
        .order_by(EvidenceRequest.id)
    )
    return list(db.session.scalars(rows))
