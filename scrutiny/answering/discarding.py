"""Discarding what is saved of an item and was never sent: the item is again what it was before."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from scrutiny.answering.item_moves import check_unfinished, move_item
from scrutiny.answering.queries import draft_of, sent_answers
from scrutiny.answering.sending import has_changed
from scrutiny.audit.service import digest
from scrutiny.evidence import service as evidence
from scrutiny.extensions import db
from scrutiny.requests.models import Answer, Decline, Item
from workflows.refusals import Refused
from workflows.roles import Actor


def to_discard(item: Item) -> Decline | Answer | None:
    """What would go: why there is no answer, where that is saved, else the answer; never what was sent or waits for approval."""
    if item.state != "answered" or item.request.state != "issued":
        return None
    return item.decline_kept or draft_of(item)


def discard(item: Item, *, by: Actor, at: datetime, seen: int | None = None) -> None:
    """Discard it, files too; of an answer and why there is none, the latter alone. Refused if changed since version `seen`."""
    check_unfinished(item)
    if has_changed(item, seen):
        raise Refused(gettext("This has changed since you opened the page. Read it again before you discard it"))
    saved = to_discard(item)
    if saved is None:
        raise Refused(gettext("Nothing is saved here that could be discarded"))
    content = saved.ground if isinstance(saved, Decline) else saved.lodging.evidence.digest
    move_item(item, _move(item), by, at, content=digest(content))
    item.forget_read()
    db.session.delete(saved)
    db.session.flush()
    if isinstance(saved, Answer) and saved.lodging.lodged_at is None:
        evidence.forget_draft(saved.lodging, by=by, at=at)
    db.session.expire(item, ["answers", "declines"])


def _move(item: Item) -> str:
    """The move back to what the item was before anything was saved."""
    if item.decline_kept is not None and draft_of(item) is not None:
        return "discard_decline"
    if item.returns_open:
        return f"discard_to_{item.returns_open[-1].kind}"
    return "discard_to_returned" if sent_answers(item) else "discard"
