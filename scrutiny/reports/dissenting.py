"""Dissent: a body's or a member's disagreement in its own words, told to everybody and voiding nobody's signature."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from scrutiny.audit.service import digest, note
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.reports import letters
from scrutiny.reports.models import Dissent
from scrutiny.reviews.models import Review
from workflows.refusals import Refused
from workflows.roles import Actor


def dissent(review: Review, body: Body, *, text: str, finding: Finding | None, by: Actor, at: datetime) -> Dissent:
    """A body's or a member's disagreement, printed with the report as it was written; all who sign and run it are told."""
    if by.body != body.id or body.id not in [row.body_id for row in review.bodies if row.part != "observer"]:
        raise Refused(gettext("Only members of the bodies of this review may dissent from it"))
    if review.state != "opened":
        raise Refused(gettext("This review has been reported: a correction can still be asked for, dissent can not"))
    row = Dissent(
        review_id=review.id,
        finding_id=finding.id if finding else None,
        body_id=body.id,
        person=by.reference,
        name=by.name,
        text=text,
        at=at,
    )
    db.session.add(row)
    db.session.flush()
    note("dissent_written", about=f"review:{review.id}", within=f"review:{review.id}", by=by, at=at, text=digest(text))
    letters.dissent_written(review, row, at=at)
    return row


def take_back_dissent(row: Dissent, *, by: Actor, at: datetime) -> None:
    """The person who dissented, and nobody else, may take it back before the report."""
    if row.person != by.reference:
        raise Refused(gettext("Only the person who wrote a dissent can withdraw it"))
    row.taken_back_at = at
    note("dissent_taken_back", about=f"review:{row.review_id}", within=f"review:{row.review_id}", by=by, at=at)
