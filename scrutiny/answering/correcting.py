"""Saying, after it was sent, that something wrong was sent: closed at once, everybody told, a new version asked for."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.answering import letters
from scrutiny.answering.item_moves import move_item
from scrutiny.answering.queries import sent_answers
from scrutiny.asking.service import give_days_again
from scrutiny.audit.service import digest
from scrutiny.evidence import copies, mistakes
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.models import Answer, Item
from workflows.refusals import Refused
from workflows.roles import Actor

#: States of an item whose answer is with the requester.
SENT = ("submitted", "accepted")


def answers_to_correct(item: Item, by: Actor) -> list[Answer]:
    """What this agency has sent to an item and may still report as wrong, whatever became of the item since."""
    return [
        answer for answer in sent_answers(item) if answer.lodging.evidence.is_of(by.agency) and answer.lodging.withheld_at is None
    ]


def answer_to_correct(item: Item, by: Actor, answer_id: int | None = None) -> Answer | None:
    """One of them, or where none is named the last."""
    may = answers_to_correct(item, by)
    return next((answer for answer in reversed(may) if answer_id in (answer.id, None)), None)


def stands(answer: Answer, item: Item) -> bool:
    """Whether this is the answer that the requester has to an item now, so that another is asked for where it is wrong."""
    return item.state in SENT and item.request.state == "issued" and sent_answers(item)[-1].lodging_id == answer.lodging_id


def say_wrong(item: Item, why: str, *, by: Actor, at: datetime, answer_id: int | None = None) -> bool:
    """Say that an answer (the last, where none is given) should not have been sent; its words and files are closed everywhere.

    False where some of it is public already: nobody takes that back without the requester, who is asked at once.
    """
    answer = answer_to_correct(item, by, answer_id)
    if answer is None:
        raise Refused(gettext("The requester does not have an answer to item %(number)s at the moment", number=item.number))
    own = [one for one in copies.lodgings_with_any(answer.lodging.evidence) if one.evidence.is_of(by.agency)]
    closed = [_close(lodging, why, by=by, at=at) for lodging in own if lodging.lodged_at]
    mistakes.drop_from_drafts(answer.lodging, by=by, at=at)
    return all(closed)


def _close(lodging: Lodging, why: str, *, by: Actor, at: datetime) -> bool:
    """Close one lodging; the items it answers are open again, and both sides are told."""
    if lodging.withheld_at is not None:
        return True
    withheld = mistakes.say_wrong(lodging, why, by=by, at=at)
    rows = select(Answer).where(Answer.lodging_id == lodging.id, Answer.submitted_at.is_not(None)).order_by(Answer.item_id)
    for answer in db.session.scalars(rows):
        item = answer.item
        if again := withheld and stands(answer, item):
            before = item.state
            move_item(item, "say_wrong", by, at, why=digest(why.strip()))
            reason = gettext("Something wrong was sent: %(why)s", why=why.strip())
            item.return_for("returned", reason, by=by.reference, at=at)
            give_days_again(item, before, london_day(at))
            db.session.flush()
        letters.wrong_answer(answer, by, withheld=withheld, again=again, at=at)
    return withheld
