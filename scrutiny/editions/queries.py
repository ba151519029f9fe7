"""Reading reports and editions: due, released, of a review, of a place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scrutiny.areas.models import Place
from scrutiny.editions.models import Edition, Report
from scrutiny.extensions import db
from scrutiny.reviews.models import Review

ON_THE_WAY = ("scheduled", "sealed", "printed")


def report_of(review_id: int) -> Report | None:
    """The report of a review with its editions, if one was begun."""
    rows = select(Report).where(Report.review_id == review_id).options(selectinload(Report.editions).selectinload(Edition.files))
    return db.session.scalar(rows)


def report_called(reference: str) -> Report | None:
    """The report with a reference: R-2026-014, or A-E06000064 for an area report."""
    rows = select(Report).where(Report.reference == reference)
    return db.session.scalar(rows.options(selectinload(Report.editions).selectinload(Edition.files)))


def editions_due(at: datetime) -> list[int]:
    """Editions whose moment has come and that are not out yet, earliest first."""
    rows = select(Edition.id).where(Edition.state.in_(ON_THE_WAY), Edition.release_at <= at)
    return list(db.session.scalars(rows.order_by(Edition.release_at, Edition.id)))


def released_edition(report: Report, number: int | None = None) -> Edition | None:
    """The newest released edition, or the released edition of a number."""
    released = [e for e in report.editions if e.state == "released" and (number is None or e.number == number)]
    return released[-1] if released else None


def last_area_edition(place: Place) -> Edition | None:
    """The edition of a place's area report that came out last."""
    rows = (
        select(Edition)
        .join(Edition.report)
        .where(Report.kind == "area", Report.place_id == place.id, Edition.state == "released")
        .order_by(Edition.number.desc())
        .limit(1)
    )
    return db.session.scalar(rows)


def places_reported_on(before: datetime) -> list[int]:
    """Places whose area report of the month then begun is due: a review of them was reported before, or somebody chose them."""
    rows = (
        select(Review.place_id)
        .join(Report, Report.review_id == Review.id)
        .join(Edition, Edition.report_id == Report.id)
        .where(Edition.state == "released", Edition.released_at < before)
    )
    chosen = select(Report.place_id).where(Report.kind == "area", Report.monthly)
    return sorted({*db.session.scalars(rows), *db.session.scalars(chosen)})
