"""The doors: a recommendation to write, and one to answer; what somebody may not see is not there."""

from __future__ import annotations

from flask import abort

from scrutiny.agencies.letter_readers import as_reader_of
from scrutiny.extensions import db
from scrutiny.recommendations import queries
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reviews import access as reviews
from scrutiny.reviews.models import Review
from workflows.lifecycles.recommendation import LEADERS, WRITERS
from workflows.roles import AGENCY_ROLES, Actor


def review_to_recommend_in(reference: str, by: Actor) -> Review:
    """A review whose lead or partner bodies this actor writes recommendations for."""
    review = reviews.review_to_inspect(reference, by)
    if not by.has(*WRITERS):
        abort(404)
    return review


def review_with_recommendations(reference: str, by: Actor) -> tuple[Review, list[Recommendation]]:
    """A review with its recommendations, for members of its lead and partner bodies; drafts only for those who work on them."""
    review = reviews.review_to_inspect(reference, by)
    states = list(queries.STANDING) if not by.has(*WRITERS, *LEADERS) else None
    return review, queries.of_review(review.id, states=states)


def recommendation_to_write(reference: str, number: int, by: Actor) -> Recommendation:
    """One recommendation of such a review."""
    review = review_to_recommend_in(reference, by)
    found = next((r for r in _of(review) if r.number == number), None)
    if found is None:
        abort(404)
    return found


def as_addressee(addressee_id: int, by: Actor) -> Actor:
    """The actor at the door of what was recommended to an agency: for it, where a letter about it led them there."""
    found = db.session.get(Addressee, addressee_id)
    return as_reader_of(by, found.recommendation.reference) if found is not None else by


def addressee_to_answer(addressee_id: int, by: Actor) -> Addressee:
    """What has been recommended to the actor's own agency; another's is not there, nor is one not yet made."""
    found = db.session.get(Addressee, addressee_id)
    if found is None or by.agency != found.answerer.id or not by.has(*AGENCY_ROLES) or found.recommendation.state != "made":
        abort(404)
    return found


def addressee_to_deliver(addressee_id: int, by: Actor) -> Addressee:
    """A recommendation that was made, for those who run the review."""
    found = db.session.get(Addressee, addressee_id)
    if found is None or found.recommendation.state != "made":
        abort(404)
    reviews.review_to_run(found.recommendation.review.reference, by)
    return found


def addressee_to_follow(addressee_id: int, by: Actor) -> Addressee:
    """A response the actor's body (lead or partner of the review) follows until it is done."""
    found = db.session.get(Addressee, addressee_id)
    if found is None or found.recommendation.state != "made":
        abort(404)
    reviews.review_to_inspect(found.recommendation.review.reference, by)
    return found


def addressee_to_erase_in(addressee_id: int, by: Actor) -> Addressee:
    """What was recommended and answered, for its agency and for those who run the review: words of it may have to go."""
    found = db.session.get(Addressee, addressee_id)
    if found is None or found.recommendation.state != "made":
        abort(404)
    if by.agency is not None:
        return addressee_to_answer(addressee_id, by)
    return addressee_to_deliver(addressee_id, by)


def _of(review: Review) -> list[Recommendation]:
    """Every recommendation of a review that is not withdrawn."""
    return list(
        db.session.scalars(
            db.select(Recommendation)
            .where(Recommendation.review_id == review.id, Recommendation.state != "withdrawn")
            .order_by(Recommendation.number)
        )
    )
