"""Which reviews have their lists of questions out: one condition for pages, API and every count."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, or_, select

from scrutiny.editions.models import Edition, Report
from scrutiny.reviews.models import Review


def listed_reviews(today: date) -> Select[int]:
    """The ids of the reviews whose requests the public may see: the lead has released the list, or the report is out."""
    out = select(Report.review_id).join(Edition, Edition.report_id == Report.id).where(Edition.state == "released")
    return select(Review.id).where(Review.announced_on <= today, or_(Review.list_released_on <= today, Review.id.in_(out)))
