"""Reading reports and editions: due, released, of a review, of a place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.areas.models import Place
from scrutiny.extensions import db
from scrutiny.reports.models import Acknowledgement, Dissent, Edition, ErrorReport, Report, Signature
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


def signatures_of(review_id: int) -> list[Signature]:
    """The signatures of a review but for entries that were corrected, the newest first."""
    rows = select(Signature).where(Signature.review_id == review_id, Signature.corrected_at.is_(None))
    return list(db.session.scalars(rows.options(joinedload(Signature.body)).order_by(Signature.id.desc())))


def acknowledged(review_id: int) -> dict[str, Acknowledgement]:
    """The warnings about a report that somebody has seen, by the key of each."""
    rows = select(Acknowledgement).where(Acknowledgement.review_id == review_id).order_by(Acknowledgement.id)
    return {row.key: row for row in db.session.scalars(rows)}


def dissents_of(review_id: int) -> list[Dissent]:
    """Disagreement that stands, oldest first."""
    rows = select(Dissent).where(Dissent.review_id == review_id, Dissent.taken_back_at.is_(None))
    return list(db.session.scalars(rows.options(joinedload(Dissent.body), joinedload(Dissent.finding)).order_by(Dissent.id)))


def errors_reported(report: Report, *, only_open: bool = False) -> list[ErrorReport]:
    """Errors people have reported in any edition of a report, newest first."""
    rows = select(ErrorReport).join(ErrorReport.edition).where(Edition.report_id == report.id)
    if only_open:
        rows = rows.where(ErrorReport.state == "reported")
    return list(db.session.scalars(rows.options(joinedload(ErrorReport.edition)).order_by(ErrorReport.id.desc())))
