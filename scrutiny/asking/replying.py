"""The asker's reply to a question back: both sides see it, and the clocks it held up go on."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext

from scrutiny.asking import letters
from scrutiny.audit.service import digest, note
from scrutiny.due_dates import clarifying
from scrutiny.due_dates.models import Clarification
from scrutiny.extensions import db
from scrutiny.requests import interests
from scrutiny.requests.models import EvidenceRequest, Item, Note
from scrutiny.reviews.conflicts import check_not_by
from workflows.refusals import Refused
from workflows.roles import Actor


def reply(
    request: EvidenceRequest,
    *,
    text: str,
    by: Actor,
    at: datetime,
    item: Item | None = None,
    question: Note | None = None,
    agreed_until: date | None = None,
) -> Note:
    """Reply to a question back from the agency: to one question, to all about an item, or to every one that waits.

    `agreed_until` is a later day for what was asked about, where the law gives no pause; both days are shown.
    """
    if not text.strip():
        raise Refused(gettext("Write your reply"))
    waiting = [row for row in clarifying.clarifications_of(request) if row.state == "asked" and _about(row, item, question)]
    for row in waiting:
        asked_it = gettext("You asked this question for %(agency)s", agency=request.agency.name)
        check_not_by(db.session.get_one(Note, row.note_id).by, asked_it, request.review, by=by, at=at)
    interests.check_request(request, by=by, at=at)
    written = Note(
        request=request,
        item=question.item if question else item,
        text=text.strip(),
        by=by.reference,
        capacity=by.capacity.reference,
        at=at,
    )
    db.session.add(written)
    db.session.flush()
    resumed = clarifying.start_clocks(waiting, by=by, at=at, reply=written, agreed_until=agreed_until)
    note(
        "note_replied", about=request.plain, within=request.review.plain, by=by, at=at, note=written.id, text=digest(written.text)
    )
    letters.note_replied(written, [(one.item, one.before, one.effect) for one in resumed], at=at)
    return written


def _about(row: Clarification, item: Item | None, question: Note | None) -> bool:
    """Whether a reply answers a question that waits."""
    if question is not None:
        return row.note_id == question.id
    return item is None or row.item_id == item.id
