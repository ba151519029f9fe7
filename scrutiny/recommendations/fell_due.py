"""What fell due in a period and when it came: responses to recommendations."""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.requests.fell_due import Fell, Period, later_of, permitted
from scrutiny.reviews.models import Review


def responses_due(period: Period) -> list[Fell]:
    """Responses to recommendations that were made."""
    late_after = later_of(Addressee.due_on, Addressee.statutory_due_on)
    columns = (
        select(
            Addressee.id,
            Recommendation.number,
            Review.reference.label("review"),
            Addressee.agency_id,
            Agency.name,
            Addressee.power_key,
            Addressee.due_on,
            Addressee.statutory_due_on,
            Addressee.answered_on,
        )
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .join(Agency, Agency.id == Addressee.agency_id)
        .where(Recommendation.state == "made", late_after.between(period.first, period.last))
        .where((Addressee.answered_on.is_not(None)) | (late_after < period.today))
    )
    return [
        Fell(
            "response",
            f"{row.review}/recommendation {row.number}",
            gettext("Response to recommendation %(number)s", number=row.number),
            f"/recommendations/{row.id}" + ("" if period.by.agency is not None else "/check"),
            row.agency_id,
            row.name,
            row.power_key,
            row.due_on,
            row.statutory_due_on,
            row.answered_on,
        )
        for row in db.session.execute(permitted(columns, period.by, Addressee.agency_id))
    ]
