"""The asker's reply to a question back: both sides see it, and the clocks it held up go on."""

from __future__ import annotations

from datetime import date, datetime

from scrutiny.audit.service import digest, note
from scrutiny.extensions import db
from scrutiny.requests import clarifying, letters
from scrutiny.requests.clock_models import Clarification
from scrutiny.requests.models import EvidenceRequest, Item, Note
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
        raise Refused("Write your reply")
    waiting = [row for row in clarifying.clarifications_of(request) if row.state == "asked" and _about(row, item, question)]
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
