"""Private notes: kept and dropped by their writer, seen by nobody else.

The trail of the instance says that one was written or thrown away, never of what or what it says; that of a review says nothing.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from scrutiny.audit.service import note
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.findings.models import PrivateNote
from scrutiny.reviews.models import Review
from workflows.refusals import Refused
from workflows.roles import Actor


def keep_note(review: Review, text: str, *, lodging: Lodging | None = None, by: Actor, at: datetime) -> PrivateNote:
    """Keep a private note on a review, or on one piece of evidence in it."""
    if by.person is None:
        raise Refused(gettext("Only somebody who has signed in may keep notes"))
    if not text.strip():
        raise Refused(gettext("Write the note"))
    kept = PrivateNote(
        review_id=review.id, lodging_id=lodging.id if lodging else None, person_id=by.person, text=text.strip(), at=at
    )
    db.session.add(kept)
    db.session.flush()
    note("note_kept", about=f"note:{kept.id}", by=by, at=at)
    return kept


def drop_note(kept: PrivateNote, *, by: Actor, at: datetime) -> None:
    """Throw one's own note away."""
    if kept.person_id != by.person:
        raise Refused(gettext("Only the person who wrote a private note can delete it"))
    note("note_dropped", about=f"note:{kept.id}", by=by, at=at)
    db.session.delete(kept)
    db.session.flush()
