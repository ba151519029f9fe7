"""What an agency says it should not have sent: closed at once to all but itself, unless the public reads it already."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from scrutiny.audit.service import digest, note
from scrutiny.evidence import copies
from scrutiny.evidence.models import Lodging
from scrutiny.evidence.queries import lodgings_of
from scrutiny.evidence.service import remove_file, take_back
from scrutiny.extensions import db
from scrutiny.formats import london_day
from workflows.refusals import Refused
from workflows.roles import Actor


def say_wrong(lodging: Lodging, why: str, *, by: Actor, at: datetime) -> bool:
    """Write down that this should not have been sent, and close it; False where it is public, for its requester to decide on.

    A day set for publishing it is taken off: nothing is public before its day.
    """
    if lodging.lodged_at is None or not lodging.evidence.is_of(by.agency):
        raise Refused(gettext("Only what your own agency has sent can be reported as wrong"))
    if not why.strip():
        raise Refused(gettext("Say what is wrong: the requester reads your words"))
    if lodging.withheld_at is not None:
        raise Refused(gettext("You have reported this already. Only your agency can read it"))
    lodging.wrong_at, lodging.wrong_by, lodging.wrong_why = at, by.reference, why.strip()
    db.session.flush()
    note("evidence_said_wrong", about=f"lodging:{lodging.id}", within=lodging.review.plain, by=by, at=at, why=digest(why.strip()))
    if lodging.is_public_on(london_day(at)):
        return False
    if lodging.public_from is not None:
        take_back(lodging, why, by=by, at=at)
    withhold(lodging, by=by, at=at)
    return True


def drop_from_drafts(lodging: Lodging, *, by: Actor, at: datetime) -> None:
    """Take its files out of answers that its agency has not sent yet, so that none goes out again unseen; words stay."""
    for file in lodging.evidence.files:
        for copy in copies.of_file(file) if file.erased_at is None else ():
            if copy.evidence.is_of(by.agency) and not any(one.lodged_at for one in lodgings_of(copy.evidence)):
                remove_file(copy, by=by, at=at)


def withhold(lodging: Lodging, *, by: Actor, at: datetime) -> None:
    """From now on only its agency reads it: pages, files, exports, API and searches follow the row."""
    if lodging.withheld_at is None:
        lodging.withheld_at = at
        db.session.flush()
        note("evidence_withheld", about=f"lodging:{lodging.id}", within=lodging.review.plain, by=by, at=at)
