"""Saying in place of an answer that something is not held, is refused, or is held by somebody else; taking that back."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from scrutiny.agencies import queries as agencies
from scrutiny.answering import letters, sending
from scrutiny.answering.item_moves import move_item
from scrutiny.answering.queries import sent_answers
from scrutiny.audit.service import digest
from scrutiny.due_dates import clarifying
from scrutiny.extensions import db
from scrutiny.formats import listed, london_day
from scrutiny.requests.ladder import begin_ladder
from scrutiny.requests.models import Decline, Item
from workflows.refusals import Refused
from workflows.roles import CERTIFIER, Actor


def keep_not_held(item: Item, why: str, *, by: Actor, at: datetime) -> Decline:
    """Save that the agency does not hold what is asked, and why; nothing is sent."""
    if not why.strip():
        raise Refused(gettext("Say why you do not hold this, or what you have instead"))
    return _keep(item, "not_held", why.strip(), by=by, at=at)


def keep_refusal(item: Item, ground: str, *, by: Actor, at: datetime) -> Decline:
    """Save that the agency refuses an item, with the ground in law; nothing is sent."""
    if not ground.strip():
        raise Refused(gettext("Give the ground: the law that lets you refuse, and why it applies here"))
    return _keep(item, "refused", ground.strip(), by=by, at=at)


def keep_redirection(item: Item, to: str, *, why: str = "", by: Actor, at: datetime) -> Decline:
    """Save that another agency holds what is asked; nothing is sent."""
    if not to.strip():
        raise Refused(gettext("Say who holds this: the name of the agency, and a person there if you know one"))
    name = to.strip()[:300]
    return _keep(item, "redirected", why.strip() or f"Held by {name}", redirected_to=name, by=by, at=at)


def say_not_held(item: Item, why: str, *, by: Actor, at: datetime) -> None:
    """Say that the agency does not hold what is asked: to its approver where it has one, else to the requester."""
    keep_not_held(item, why, by=by, at=at)
    sending.pass_on(item.request, [item], by=by, at=at)


def refuse_item(item: Item, ground: str, *, by: Actor, at: datetime) -> None:
    """Refuse an item, giving the ground in law: to the approver where there is one, else to the requester."""
    keep_refusal(item, ground, by=by, at=at)
    sending.pass_on(item.request, [item], by=by, at=at)


def redirect_item(item: Item, to: str, *, why: str = "", by: Actor, at: datetime) -> None:
    """Say that another agency holds what is asked: to the approver where there is one, else to the requester."""
    keep_redirection(item, to, why=why, by=by, at=at)
    sending.pass_on(item.request, [item], by=by, at=at)


def take_back(item: Item, *, by: Actor, at: datetime) -> None:
    """Take back what waits for the approver, or what was said in place of an answer and the requester has not accepted.

    It is saved and not sent, as before: it can be changed, sent again, or answered instead.
    """
    if item.state == "with_certifier":
        move_item(item, "take_back", by, at, {"approved_by": "", "approved_at": None})
        letters.taken_from_approver(item, by, at=at)
        return
    _check_approver(item, by, at)
    said = item.declines_sent[-1] if item.declines_sent else None
    move_item(item, "take_back_decline", by, at)
    if said is not None:
        said.taken_back_by, said.taken_back_at = by.reference, at
        item.declines.append(_copy(said, by, at))
    item.ground = item.redirected_to = ""
    sent = sent_answers(item)
    item.submitted_at = sent[-1].submitted_at if sent else None
    if not sent and all(one.taken_back_at is not None for one in item.declines_sent):
        item.answered_on = item.answered_due_on = None  # nothing that stands has come
    waiting = clarifying.reopen(item, london_day(said.submitted_at), by=by, at=at) if said and said.submitted_at else []
    begin_ladder(item, london_day(at))
    db.session.flush()
    letters.decline_taken_back(item, by, [row.note.text for row in waiting], at=at)


def _check_approver(item: Item, by: Actor, at: datetime) -> None:
    """What an approver let go is taken back by an approver."""
    approvers = agencies.members(by.agency or 0, london_day(at), CERTIFIER)
    if approvers and not by.has(CERTIFIER):
        names = listed([person.name for person in approvers])
        raise Refused(gettext("Only your approver can send or withdraw what your agency says. Ask %(names)s", names=names))


def _keep(item: Item, kind: str, ground: str, *, redirected_to: str = "", by: Actor, at: datetime) -> Decline:
    """Save why there is no answer, in place of what was saved before; an answer that was begun stays beside it."""
    move_item(item, "keep_decline", by, at, ground=digest(ground), kind=kind)
    decline = item.decline_kept
    if decline is None:
        decline = Decline(item=item, kind=kind, ground=ground, by=by.reference, kept_at=at)
        db.session.add(decline)
    decline.kind, decline.ground, decline.redirected_to = kind, ground, redirected_to
    decline.by, decline.capacity, decline.kept_at = by.reference, by.capacity.reference, at
    db.session.flush()
    return decline


def _copy(said: Decline, by: Actor, at: datetime) -> Decline:
    """The same, saved and not sent."""
    return Decline(
        kind=said.kind,
        ground=said.ground,
        redirected_to=said.redirected_to,
        by=by.reference,
        capacity=by.capacity.reference,
        kept_at=at,
    )
