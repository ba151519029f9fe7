"""What outlives an agency or a body: who answers its accuracy checks from then on, and whose its findings are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.audit.service import note
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck, Finding
from scrutiny.reviews.models import Review
from workflows.roles import Actor


def hand_on(check: AccuracyCheck, to: Agency, *, by: Actor, at: datetime) -> None:
    """Let a successor answer an accuracy check; whom it was sent to stays written on it."""
    check.keeper = to
    db.session.flush()
    note("accuracy_check_handed_on", about=check.reference, within=f"review:{check.review_id}", by=by, at=at, to=to.reference)


def hand_on_findings(review: Review, ended_id: int, to: Body) -> None:
    """Let the findings that a body of a review wrote be its successor's, which alone may undo them from then on."""
    for finding in db.session.scalars(select(Finding).where(Finding.review_id == review.id, Finding.body_id == ended_id)):
        finding.body_id = to.id
    db.session.flush()
