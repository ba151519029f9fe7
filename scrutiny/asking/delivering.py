"""Delivery as a fact: a request counts as asked once its letter is accepted, or somebody enters that it was posted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.asking import letters
from scrutiny.audit.service import digest, note
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import UNDELIVERED, envelope, letters_about
from scrutiny.correspondence.reception import BY_HAND
from scrutiny.correspondence.service import replace_failed
from scrutiny.due_dates.calculation import count_from_day, hold_dates
from scrutiny.due_dates.letters import dates_recounted
from scrutiny.due_dates.rules import Starts
from scrutiny.due_dates.starting import BY_EMAIL, receipt_entered, start_with_delivery, void_delivery
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.requests import interests
from scrutiny.requests.delivery_models import Delivery
from scrutiny.requests.ladder import begin_ladder
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import OPEN
from workflows.lifecycles.delivery import DELIVERY
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor

#: The letter that asks.
ASKS: Final = "request_issued"
NO_ADDRESS: Final = "No email address is known"


def delivery_of(request: EvidenceRequest) -> Delivery | None:
    """How the delivery of a request stands; None before it is issued."""
    return db.session.scalar(select(Delivery).where(Delivery.request_id == request.id))


def deliveries_of(request_ids: list[int]) -> dict[int, Delivery]:
    """The deliveries of several requests, by request; one statement."""
    rows = select(Delivery).where(Delivery.request_id.in_(request_ids)).order_by(Delivery.id)
    return {row.request_id: row for row in db.session.scalars(rows)}


def begin_delivery(request: EvidenceRequest, sent: list[Letter], *, by: Actor, at: datetime) -> Delivery:
    """The letters of a request are written: no day of it runs until one of them is accepted."""
    delivery = Delivery(request=request, state=DELIVERY.initial, at=at)
    db.session.add(delivery)
    for item in request.items:
        hold_dates(item)
    db.session.flush()
    _fail_if_none_can_arrive(delivery, sent, by=by, at=at)
    return delivery


def note_accepted(letter: Letter, *, at: datetime) -> None:
    """The mail server accepted a letter that asks: its request is delivered today."""
    delivery = _of_letter(letter)
    if delivery is None or delivery.state == "delivered" or delivery.request.state != "issued":
        return
    if letter.state == "bounced":
        return  # it came back before this was noted
    moved = _deliver(delivery, "accept", "email", london_day(at), by=TIMETABLE_ACTOR, at=at)
    if moved:
        dates_recounted(delivery.request, "this request was delivered", london_day(at), moved, at=at)


def note_not_accepted(letter: Letter, *, at: datetime) -> None:
    """A letter that asks has failed: the request is not delivered, unless another of its letters still may be."""
    delivery = _of_letter(letter)
    if delivery is not None and delivery.state == "waiting" and delivery.request.state == "issued":
        _fail_if_none_can_arrive(delivery, _asking(delivery.request), by=TIMETABLE_ACTOR, at=at)


def note_bounced(letter: Letter, fault: str, *, at: datetime) -> None:
    """A letter that asks came back after it was accepted; where no other arrived and nobody has acted on it, nobody was asked.

    Where it came back before its acceptance was noted, it counts as one that failed.
    """
    delivery = _of_letter(letter)
    if delivery is not None and delivery.state == "waiting":
        note_not_accepted(letter, at=at)
        return
    if delivery is None or delivery.state != "delivered" or delivery.how != "email" or delivery.request.state != "issued":
        return
    request = delivery.request
    acted = request.opened_at is not None or any(item.answered_on or item.answers for item in request.items)
    acted = acted or receipt_entered(request)
    if acted or any(other.state == "posted" for other in _asking(request)):
        return
    _move("bounce", delivery, by=TIMETABLE_ACTOR, at=at)
    delivery.fault, delivery.delivered_on, request.delivered_on = fault, None, None
    void_delivery(request, at=at)
    for item in request.items:
        if item.state in OPEN:
            hold_dates(item)
    db.session.flush()


def note_came_back(posting_id: int, *, by: Actor, at: datetime) -> int:
    """An officer says that an email came back: how many requests it carried are not delivered after all."""
    undone = 0
    for letter in envelope(posting_id)[1]:
        before = _of_letter(letter)
        if before is not None:
            interests.check_request(before.request, by=by, at=at)
        was = before.state if before is not None else ""
        note_bounced(letter, letter.posting.fault if letter.posting else "", at=at)
        undone += before is not None and was != "failed" and before.state == "failed"
    return undone


def note_answered(request: EvidenceRequest, on: date, *, by: Actor, at: datetime) -> None:
    """Something of a request was answered before its delivery was known: it has reached the agency."""
    delivery = delivery_of(request)
    if delivery is not None and delivery.state != "delivered":
        _deliver(delivery, "answer", "answered", on, by=by, at=at)


def enter_delivery(request: EvidenceRequest, *, how: str, on: date, words: str, by: Actor, at: datetime) -> Delivery:
    """Enter that the request was posted or handed over on a day; its dates are counted from then."""
    interests.check_request(request, by=by, at=at)
    delivery = _live(request)
    if how not in BY_HAND:
        raise Refused(gettext("Choose whether it was posted or handed over"))
    if on > london_day(at):
        raise Refused(gettext("%(on)s is after today: enter the day once it has come", on=day(on)))
    if request.issued_at is not None and on < london_day(request.issued_at):
        raise Refused(
            gettext(
                "The request was issued on %(issued_at)s: enter that day or a later one",
                issued_at=day(london_day(request.issued_at)),
            )
        )
    if not words.strip():
        raise Refused(gettext("Enter who posted it or handed it over, and to whom"))
    _deliver(delivery, "enter", how, on, by=by, at=at)
    delivery.words = words.strip()
    for letter in _asking(request):
        replace_failed(letter, "by_post")
    db.session.flush()
    return delivery


def send_again(request: EvidenceRequest, *, by: Actor, at: datetime) -> list[Letter]:
    """Write the letter again, to the addresses known now and with dates counted from today; no day runs until it arrives."""
    interests.check_request(request, by=by, at=at)
    delivery, today = _live(request), london_day(at)
    to = [one for one in letters.receivers(request, at) if one.address]
    if not to:
        raise Refused(
            gettext(
                "%(no_address)s for %(agency)s: enter a contact, or post the letter",
                no_address=NO_ADDRESS,
                agency=request.agency.name,
            )
        )
    _move("send_again", delivery, by=by, at=at)
    delivery.attempt, delivery.fault = delivery.attempt + 1, ""
    for letter in _asking(request):
        replace_failed(letter, "replaced")
    begun = [item for item in request.items if item.state in OPEN]
    planned_on = london_day(request.issued_at) if request.issued_at else today
    count_from_day(request, begun, Starts(today, dict.fromkeys(BY_EMAIL, today)), planned_on)
    sent = letters.request_issued(request, at=at, occasion=f"again:{delivery.attempt}")
    for item in begun:
        hold_dates(item)
    db.session.flush()
    return sent


def promised_on(item: Item) -> date | None:
    """The due date the letter of an undelivered request names."""
    return item.due_working.if_delivered


def _deliver(delivery: Delivery, name: str, how: str, on: date, *, by: Actor, at: datetime) -> list[tuple[Item, date | None]]:
    """Count every open item from the day of delivery; those whose date is not the one the letter names, with that one."""
    request = delivery.request
    _move(name, delivery, by=by, at=at, how=how, on=on.isoformat())
    delivery.how, delivery.delivered_on, delivery.by, delivery.fault = how, on, by.reference, ""
    request.delivered_on = on
    starts = start_with_delivery(request, on, how, by=by, at=at)
    begun = [item for item in request.items if item.state in OPEN]
    promised = {item.id: promised_on(item) for item in begun}
    count_from_day(request, begun, starts, london_day(request.issued_at) if request.issued_at else on)
    for item in begun:
        begin_ladder(item, london_day(at))
    db.session.flush()
    return [(item, promised[item.id]) for item in begun if item.due_on != promised[item.id]]


def _fail_if_none_can_arrive(delivery: Delivery, sent: list[Letter], *, by: Actor, at: datetime) -> None:
    """Every letter has failed: so has the delivery."""
    if any(letter.state in ("waiting", "posted") for letter in sent):
        return
    _move("fail", delivery, by=by, at=at)
    faults = [
        letter.posting.fault for letter in sent if letter.posting is not None and letter.address and letter.state in UNDELIVERED
    ]
    delivery.fault = faults[-1] if faults else NO_ADDRESS
    db.session.flush()


def _asking(request: EvidenceRequest) -> list[Letter]:
    """The letters that ask, of every attempt."""
    return [letter for letter in letters_about(request.plain) if letter.kind == ASKS]


def _of_letter(letter: Letter) -> Delivery | None:
    """The delivery a letter belongs to, where it is one that asks."""
    if letter.kind != ASKS or not letter.reference.startswith("request:"):
        return None
    return db.session.scalar(select(Delivery).where(Delivery.request_id == int(letter.reference.removeprefix("request:"))))


def _live(request: EvidenceRequest) -> Delivery:
    """The delivery of a request that may still be delivered."""
    delivery = delivery_of(request)
    if delivery is None or request.state != "issued":
        raise Refused(
            gettext("The request %(reference)s is not under way: there is nothing to deliver", reference=request.reference)
        )
    return delivery


def _move(name: str, delivery: Delivery, *, by: Actor, at: datetime, **fields: str) -> None:
    """Move a delivery and note it."""
    before = delivery.state
    move = DELIVERY.make(name, delivery, by=by)
    delivery.at = at
    db.session.flush()
    request = delivery.request
    fault = {"fault": digest(delivery.fault)} if delivery.fault else {}
    note(
        move.event,
        about=request.plain,
        within=request.review.plain,
        by=by,
        at=at,
        before=before,
        after=delivery.state,
        agency=request.agency.reference,
        **fault,
        **fields,
    )
