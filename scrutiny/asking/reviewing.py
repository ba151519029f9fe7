"""The queue of answers to review: what came in to a review and was neither accepted nor returned, request by request."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from scrutiny.extensions import db
from scrutiny.requests import interests
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.states import RECEIVED
from scrutiny.reviews.models import Review
from workflows.roles import Actor


def answers_to_review(review: Review, by: Actor, today: date) -> list[Item]:
    """The items of a review that wait for a decision this person may make, by request and number."""
    rows = (
        select(Item)
        .join(Item.request)
        .options(contains_eager(Item.request))
        .where(EvidenceRequest.review_id == review.id, EvidenceRequest.state == "issued", Item.state.in_(RECEIVED))
        .order_by(EvidenceRequest.number, Item.number)
    )
    waiting = db.session.scalars(rows).all()
    own = interests.own_among(waiting, review, by, today)
    return [item for item in waiting if item.id not in own]


def next_after(items: list[Item], item: Item) -> Item | None:
    """The one that follows an item in the queue, going on at its beginning after its end; None where no other waits."""
    others = [one for one in items if one is not item]
    place = (item.request.number, item.number)
    return next((one for one in others if (one.request.number, one.number) > place), others[0] if others else None)
