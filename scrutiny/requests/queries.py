"""Reading requests, items, extensions and notes; always in order, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.agencies.models import Agency
from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.extensions import db
from scrutiny.read_ahead import known
from scrutiny.requests.matrix import matrix
from scrutiny.requests.models import Answer, EvidenceRequest, Extension, Holder, Item, Note
from scrutiny.requests.states import OPEN, RECEIVED
from scrutiny.reviews.models import Question, Review, ReviewBody
from scrutiny.transaction import take_turn

__all__ = [
    "OPEN",
    "RECEIVED",
    "Elsewhere",
    "agencies_asked",
    "draft_for",
    "elsewhere",
    "extensions_of",
    "extensions_to_decide",
    "holders",
    "is_overdue",
    "issued_in",
    "matrix",
    "next_number",
    "notes_of",
    "overdue",
    "request_numbered",
    "requests_of",
    "whole",
    "with_answers",
]


def issued_in(reviews: Collection[int]) -> ColumnElement[bool]:
    """That a request of one of these reviews, by id, is issued."""
    return and_(EvidenceRequest.review_id.in_(reviews), EvidenceRequest.state == "issued")


def whole() -> Select[EvidenceRequest]:
    """A select of requests with agency, items and their questions."""
    return select(EvidenceRequest).options(
        joinedload(EvidenceRequest.agency),
        joinedload(EvidenceRequest.review).selectinload(Review.bodies),
        selectinload(EvidenceRequest.items).joinedload(Item.question).joinedload(Question.line),
        selectinload(EvidenceRequest.items).selectinload(Item.declines),
    )


def with_answers() -> Select[EvidenceRequest]:
    """The same with every answer and what it lodges; who may read that is for evidence.access to say."""
    lodged = selectinload(EvidenceRequest.items).selectinload(Item.answers).joinedload(Answer.lodging)
    return whole().options(
        lodged.joinedload(Lodging.evidence).selectinload(Evidence.files),
        lodged.joinedload(Lodging.review).selectinload(Review.bodies),
        lodged.joinedload(Lodging.evidence).joinedload(Evidence.agency),
    )


def requests_of(review: Review, *states: str) -> list[EvidenceRequest]:
    """The requests of a review, in these states or in any, in the order of their numbers."""
    rows = whole().where(EvidenceRequest.review_id == review.id).order_by(EvidenceRequest.number)
    return list(db.session.scalars(rows.where(EvidenceRequest.state.in_(states)) if states else rows))


def request_numbered(review: Review, number: int) -> EvidenceRequest | None:
    """The request of a review with a number (3 for P03), with its answers."""
    return db.session.scalar(with_answers().where(EvidenceRequest.review_id == review.id, EvidenceRequest.number == number))


def next_number(review: Review) -> int:
    """The next free number of a request in a review, which others who take one wait for."""
    take_turn(f"number of a request in {review.plain}")
    last = db.session.scalar(select(func.max(EvidenceRequest.number)).where(EvidenceRequest.review_id == review.id))
    return (last or 0) + 1


def agencies_asked(review: Review) -> set[int]:
    """The ids of the agencies with a request in a review, in whatever state."""
    return set(db.session.scalars(select(EvidenceRequest.agency_id).where(EvidenceRequest.review_id == review.id)))


def draft_for(review: Review, agency: Agency) -> EvidenceRequest | None:
    """The draft for an agency in a review, if there is one."""
    rows = whole().where(
        EvidenceRequest.review_id == review.id, EvidenceRequest.agency_id == agency.id, EvidenceRequest.state == "drafted"
    )
    return db.session.scalar(rows.order_by(EvidenceRequest.number.desc()).limit(1))


def extensions_of(request: EvidenceRequest) -> list[Extension]:
    """The extensions asked for on a request, newest first."""
    rows = select(Extension).where(Extension.request_id == request.id).options(joinedload(Extension.item))
    return list(db.session.scalars(rows.order_by(Extension.asked_at.desc(), Extension.id.desc())))


def extensions_to_decide(review: Review) -> list[Extension]:
    """The extensions of a review that wait for a decision, oldest first."""
    rows = (
        select(Extension)
        .join(EvidenceRequest)
        .where(EvidenceRequest.review_id == review.id, Extension.state == "asked")
        .options(joinedload(Extension.request).joinedload(EvidenceRequest.agency), joinedload(Extension.item))
        .order_by(Extension.asked_at, Extension.id)
    )
    return list(db.session.scalars(rows))


def notes_of(request: EvidenceRequest) -> list[Note]:
    """Questions back and replies on a request, oldest first."""
    rows = select(Note).where(Note.request_id == request.id).options(joinedload(Note.item))
    return list(db.session.scalars(rows.order_by(Note.at, Note.id)))


def overdue(request: EvidenceRequest, today: date) -> list[Item]:
    """The items of an issued request that are late on a day; worked out, never stored."""
    return [item for item in request.items if is_overdue(item, today)] if request.state == "issued" else []


def is_overdue(item: Item, today: date) -> bool:
    """Whether an item is still open after its due date."""
    return item.state in OPEN and item.late_after is not None and item.late_after < today


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What an agency has before it, or has sent, in other reviews of the same bodies: numbers of items."""

    asked: int
    held: int


def elsewhere(review: Review, agency_ids: Sequence[int]) -> dict[int, Elsewhere]:
    """For each agency, what this review's own bodies asked and hold in their other reviews; one statement."""
    bodies = [row.body_id for row in review.bodies if row.part != "observer" and row.to_on is None]
    theirs = select(ReviewBody.review_id).where(ReviewBody.body_id.in_(bodies), ReviewBody.part != "observer")
    rows = (
        select(
            EvidenceRequest.agency_id,
            func.sum(case((Item.state.in_(OPEN), 1), else_=0)),
            func.sum(case((Item.came_as == "submitted", 1), else_=0)),
        )
        .join(Item, Item.request_id == EvidenceRequest.id)
        .where(
            EvidenceRequest.review_id.in_(theirs),
            EvidenceRequest.review_id != review.id,
            EvidenceRequest.agency_id.in_(agency_ids),
            EvidenceRequest.is_asked,
        )
        .group_by(EvidenceRequest.agency_id)
        .order_by(EvidenceRequest.agency_id)
    )
    return {agency_id: Elsewhere(asked, held) for agency_id, asked, held in db.session.execute(rows)}


def agencies_of(review_id: int) -> list[Agency]:
    """The agencies a review's issued requests went to, by name: those its report is sent to and its recommendations name."""
    asked = select(EvidenceRequest.agency_id).where(EvidenceRequest.review_id == review_id, EvidenceRequest.is_asked)
    return list(db.session.scalars(select(Agency).where(Agency.id.in_(asked)).order_by(Agency.name)))


def holders(request: EvidenceRequest, on: date) -> dict[int, int]:
    """Which agency must answer each item of a request on a day: the one asked, unless another holds it now."""
    held = known("holders", (request.id, on), lambda: holders_ahead([request.id], [on])[request.id, on])
    return {item.id: held.get(item.id, request.agency_id) for item in request.items}


def holders_ahead(request_ids: Sequence[int], days: Sequence[date]) -> dict[tuple[int, date], dict[int, int]]:
    """Which agency holds each item that was handed to one, by request and day; one statement."""
    rows = (
        select(Item.request_id, Holder.item_id, Holder.agency_id, Holder.from_on, Holder.to_on)
        .join(Item, Item.id == Holder.item_id)
        .where(
            Item.request_id.in_(request_ids), Holder.from_on <= max(days), or_(Holder.to_on.is_(None), Holder.to_on >= min(days))
        )
        .order_by(Holder.from_on, Holder.id)
    )
    found: dict[tuple[int, date], dict[int, int]] = {(key, on): {} for key in request_ids for on in days}
    for request_id, item_id, agency_id, from_on, to_on in db.session.execute(rows):
        for on in days:
            if from_on <= on and (to_on is None or to_on >= on):
                found[request_id, on][item_id] = agency_id
    return found


def request_of_letter(reference: str) -> EvidenceRequest | None:
    """The request a letter is about: 'request:17' or 'request:17/agency:3'; None where it is about something else."""
    kind, _, number = reference.partition("/")[0].partition(":")
    return db.session.get(EvidenceRequest, int(number)) if kind == "request" else None


def review_of_letters(reference: str) -> int | None:
    """The id of the review in which letters about a record are sent: 'review:2', 'request:17', 'request:17/agency:3'."""
    kind, _, number = reference.partition("/")[0].partition(":")
    if kind == "review":
        return int(number)
    return db.session.scalar(select(EvidenceRequest.review_id).where(EvidenceRequest.id == int(number)))


def holders_of(request_ids: Collection[int], today: date) -> dict[int, int]:
    """Which agency holds each item of these requests on a day, where that is written down; one statement."""
    rows = (
        select(Holder.item_id, Holder.agency_id)
        .join(Item, Item.id == Holder.item_id)
        .where(Item.request_id.in_(request_ids), held_on(today))
        .order_by(Holder.from_on, Holder.id)
    )
    return dict(db.session.execute(rows).all())


def held_on(today: date) -> ColumnElement[bool]:
    """That a holder's row holds on a day."""
    return and_(Holder.from_on <= today, or_(Holder.to_on.is_(None), Holder.to_on >= today))


def extensions_asked(request_ids: Collection[int]) -> dict[int, list[Extension]]:
    """The extensions of these requests that wait for a decision, by request."""
    rows = select(Extension).where(Extension.request_id.in_(request_ids), Extension.state == "asked")
    found: dict[int, list[Extension]] = {}
    for extension in db.session.scalars(rows.order_by(Extension.until_on, Extension.id)):
        found.setdefault(extension.request_id, []).append(extension)
    return found


def names_of(request_ids: Collection[int], item_ids: Collection[int]) -> dict[str, str]:
    """How requests and items are called in a history, by 'request:17' and 'item:4': reference and agency; two statements."""
    requests = select(EvidenceRequest.id, EvidenceRequest.reference, Agency.name).join(EvidenceRequest.agency)
    requests = requests.where(EvidenceRequest.id.in_(request_ids)).order_by(EvidenceRequest.id)
    items = select(Item.id, Item.reference, Agency.name).join(Item.request).join(EvidenceRequest.agency)
    items = items.where(Item.id.in_(item_ids)).order_by(Item.id)
    rows = {"request": db.session.execute(requests), "item": db.session.execute(items)}
    return {f"{kind}:{key}": f"{reference}, {name}" for kind, found in rows.items() for key, reference, name in found}


def records_of_agency(review_id: int, agency_id: int) -> tuple[Select[str], Select[str]]:
    """The items and the requests of an agency in a review, as a trail refers to them: 'item:4', 'request:17'."""
    requests = select(EvidenceRequest.id).where(EvidenceRequest.review_id == review_id, EvidenceRequest.agency_id == agency_id)
    items = select(literal("item:") + cast(Item.id, String)).where(Item.request_id.in_(requests))
    return items, select(literal("request:") + cast(EvidenceRequest.id, String)).where(EvidenceRequest.id.in_(requests))
