"""Whoever asked to be told about a place is told when a recommendation that was published there has ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from scrutiny.correspondence.alerts import tell_alerts
from scrutiny.editions.published import out_reviews
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.recommendations import outcomes
from scrutiny.recommendations.endings import when_ended
from scrutiny.recommendations.models import Addressee, ResponseStep
from scrutiny.reviews.models import Review


@when_ended
def tell_of_end(addressee: Addressee, step: ResponseStep, at: datetime) -> None:
    """To everyone with an alert for the place; nobody is told of what a report that is not out, or not any more, recommends."""
    recommendation = addressee.recommendation
    review = recommendation.review
    if db.session.scalar(select(Review.id).where(Review.id == review.id, Review.id.in_(out_reviews()))) is None:
        return
    record = outcomes.record_of(addressee, london_day(at))
    tell_alerts(
        review.place.reference,
        "recommendation_alert",
        reference=recommendation.reference,
        at=at,
        occasion=f"{addressee.id}:{step.outcome}:{at.isoformat()}",
        title=review.title,
        number=recommendation.number,
        agency=addressee.agency.name,
        text=recommendation.text,
        word=outcomes.state_of(record).word,
        line=outcomes.last_step(record),
        address=f"/reports/{review.reference}#recommendation-{recommendation.number}",
    )
