"""What outlives a body that has ended: what it said of findings is its successor's, so nobody is asked twice."""

from __future__ import annotations

from datetime import datetime

from scrutiny.agreement import queries
from scrutiny.audit.service import note
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.findings.queries import of_review
from scrutiny.reviews.models import Review
from workflows.roles import Actor


def hand_on_agreements(review: Review, ended_id: int, to: Body, *, by: Actor, at: datetime) -> None:
    """Let what a body said of each finding count as its successor's; who said it stays, and so does what the successor said.

    A successor that has answered for itself has its own answer: the earlier one stays with the body that gave it.
    """
    findings = {finding.id: finding for finding in of_review(review.id)}
    for finding_id, rows in queries.said_of(list(findings)).items():
        if any(row.body_id == to.id for row in rows):
            continue
        handed = [row for row in rows if row.body_id == ended_id]
        for row in handed:
            row.body = to
        if handed:
            about, within = findings[finding_id].reference, f"review:{review.id}"
            was = f"body:{ended_id}"
            note("agreements_handed_on", about=about, within=within, by=by, at=at, was=was, to=to.reference, answers=len(handed))
    db.session.flush()
