"""Private notes: kept and dropped by their writer, seen by nobody else; the trail does not tell that there are any."""

from __future__ import annotations

from datetime import datetime

from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.findings.models import PrivateNote
from scrutiny.reviews.models import Review
from workflows.refusals import Refused
from workflows.roles import Actor


def keep_note(review: Review, text: str, *, lodging: Lodging | None = None, by: Actor, at: datetime) -> PrivateNote:
    """Keep a private note on a review, or on one piece of evidence in it."""
    if by.person is None:
        raise Refused("Only somebody who has signed in may keep notes")
    if not text.strip():
        raise Refused("Write the note")
    kept = PrivateNote(
        review_id=review.id, lodging_id=lodging.id if lodging else None, person_id=by.person, text=text.strip(), at=at
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def drop_note(kept: PrivateNote, *, by: Actor) -> None:
    """Throw one's own note away."""
    if kept.person_id != by.person:
        raise Refused("A private note may be thrown away only by whoever wrote it")
    db.session.delete(kept)
    db.session.flush()
