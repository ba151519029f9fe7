"""Reading what was signed, dissented from, seen and reported as wrong, of a review or a report."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scrutiny.editions.models import Edition, Report
from scrutiny.extensions import db
from scrutiny.reports.models import Acknowledgement, Dissent, ErrorReport, Signature


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
