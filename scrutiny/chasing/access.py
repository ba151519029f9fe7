"""The requester's door to letters of the ladder: find and permit in one call; what may not be seen is not there (404)."""

from __future__ import annotations

from flask import abort

from scrutiny.chasing.models import Escalation
from scrutiny.extensions import db
from scrutiny.reviews.access import review_to_run
from workflows.roles import Actor


def escalation_to_decide(reference: str, escalation_id: int, by: Actor) -> Escalation:
    """A letter of the ladder about a request of a review, for those who run the review."""
    review = review_to_run(reference, by)
    escalation = db.session.get(Escalation, escalation_id)
    if escalation is None or escalation.request.review_id != review.id:
        abort(404)
    return escalation
