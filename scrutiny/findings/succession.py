"""Accuracy checks of an agency that has ended: who answers them from then on."""

from __future__ import annotations

from datetime import datetime

from scrutiny.agencies.models import Agency
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck
from workflows.roles import Actor


def hand_on(check: AccuracyCheck, to: Agency, *, by: Actor, at: datetime) -> None:
    """Let a successor answer an accuracy check; whom it was sent to stays written on it."""
    check.keeper = to
    db.session.flush()
    note("accuracy_check_handed_on", about=check.reference, within=f"review:{check.review_id}", by=by, at=at, to=to.reference)
