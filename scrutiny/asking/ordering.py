"""The order of the questions of a request that is still a draft: one at a time is moved up or down, and the matrix follows."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext
from sqlalchemy import case, select, update

from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.models import Question, Review
from scrutiny.reviews.queries import in_order
from workflows.lifecycles.request import REQUEST
from workflows.refusals import Refused
from workflows.roles import Actor


def move_item(item: Item, *, up: bool, by: Actor, at: datetime) -> Item:
    """Exchange an item of a draft with the one above or below it; other drafts and the matrix ask the two in the same order.

    What has been sent keeps its numbers. The item's new number is in the row that is returned.
    """
    request = item.request
    if request.state != REQUEST.initial:
        raise Refused(gettext("This request has been sent or left out: the order of its questions cannot be changed"))
    rows = sorted(request.items, key=lambda row: row.number)
    here = rows.index(item)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        raise Refused(gettext("This is the first question already") if up else gettext("This is the last question already"))
    other = rows[there]
    rows[here], rows[there] = other, item
    _keep_order(request.review, [row.question_id for row in rows])
    _exchange(item, other)
    first, second = (item, other) if up else (other, item)
    for draft in requests_of(request.review, REQUEST.initial):
        _follow(draft, first.question_id, second.question_id)
    note("item_moved", about=request.plain, within=request.review.plain, by=by, at=at, item=item.id, number=item.number, up=up)
    return item


def _keep_order(review: Review, wanted: list[int]) -> None:
    """Put these questions of a review in this order, in the places they have between them; the others keep theirs."""
    kept = list(db.session.scalars(select(Question.id).where(Question.review_id == review.id).order_by(*in_order())))
    among = iter(wanted)
    moved = [next(among) if question_id in wanted else question_id for question_id in kept]
    places = {question_id: place for place, question_id in enumerate(moved, 1)}
    # In one statement, past the versions: whoever has one of these questions open has not lost anything by it.
    rows = update(Question).where(Question.review_id == review.id).values(position=case(places, value=Question.id))
    db.session.execute(rows, execution_options={"synchronize_session": "fetch"})


def _follow(draft: EvidenceRequest, first: int, second: int) -> None:
    """Exchange two questions in a draft that asks both, if it asks them the other way round."""
    asked = {item.question_id: item for item in draft.items}
    if first in asked and second in asked and asked[first].number > asked[second].number:
        _exchange(asked[first], asked[second])


def _exchange(one: Item, other: Item) -> None:
    """Let two items of a request exchange their numbers, by way of one that no item has, as numbers are unique."""
    numbers, request = (one.number, other.number), one.request
    for item, number in ((one, 0), (other, numbers[0]), (one, numbers[1])):
        item.number, item.reference = number, f"{request.reference}/{number}"
        db.session.flush()
    db.session.refresh(request, ["items"])
