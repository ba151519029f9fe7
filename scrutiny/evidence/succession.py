"""Evidence of an agency that has ended: whose it is from then on."""

from __future__ import annotations

from datetime import datetime

from scrutiny.agencies.models import Agency
from scrutiny.audit.service import note
from scrutiny.evidence.models import Evidence
from scrutiny.extensions import db
from workflows.roles import Actor


def hand_on(evidence: Evidence, to: Agency, *, by: Actor, at: datetime) -> None:
    """Let a successor keep what an ended agency gave or had begun; who gave it stays written on it."""
    if not evidence.is_of(to.id):
        evidence.keeper_id = to.id
        db.session.flush()
        note("evidence_handed_on", about=evidence.reference, within=to.reference, by=by, at=at)
