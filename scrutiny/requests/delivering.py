"""Delivery as a fact: a request counts as asked once its letter is accepted, or somebody enters that it was posted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from scrutiny.audit.service import digest, note
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import UNDELIVERED, letters_about
from scrutiny.correspondence.service import replace_failed
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.requests import letters
from scrutiny.requests.counting import count_from_day, hold_dates
from scrutiny.requests.dating import Starts
from scrutiny.requests.delivery_models import Delivery
from scrutiny.requests.ladder import begin_ladder
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import OPEN
from scrutiny.requests.starting import BY_EMAIL, start_with_delivery
from workflows.lifecycles.delivery import DELIVERY
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor

#: How a request may reach an agency other than by email.
BY_HAND: Final = {"post": "It was posted", "hand": "It was handed over"}
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
        letters.dates_recounted(delivery.request, "this request was delivered", london_day(at), moved, at=at)


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
    if acted or any(other.state == "posted" for other in _asking(request)):
        return
    _move("bounce", delivery, by=TIMETABLE_ACTOR, at=at)
    delivery.fault, delivery.delivered_on, request.delivered_on = fault, None, None
    for item in request.items:
        if item.state in OPEN:
            hold_dates(item)
    db.session.flush()


def note_answered(request: EvidenceRequest, on: date, *, by: Actor, at: datetime) -> None:
    """Something of a request was answered before its delivery was known: it has reached the agency."""
    delivery = delivery_of(request)
    if delivery is not None and delivery.state != "delivered":
        _deliver(delivery, "answer", "answered", on, by=by, at=at)


def enter_delivery(request: EvidenceRequest, *, how: str, on: date, words: str, by: Actor, at: datetime) -> Delivery:
    """Enter that the request was posted or handed over on a day; its dates are counted from then."""
    delivery = _live(request)
    if how not in BY_HAND:
        raise Refused("Choose whether it was posted or handed over")
    if on > london_day(at):
        raise Refused(f"{day(on)} is after today: enter the day once it has come")
    if request.issued_at is not None and on < london_day(request.issued_at):
        raise Refused(f"The request was issued on {day(london_day(request.issued_at))}: enter that day or a later one")
    if not words.strip():
        raise Refused("Enter who posted it or handed it over, and to whom")
    _deliver(delivery, "enter", how, on, by=by, at=at)
    delivery.words = words.strip()
    for letter in _asking(request):
        replace_failed(letter, "by_post")
    db.session.flush()
    return delivery


def send_again(request: EvidenceRequest, *, by: Actor, at: datetime) -> list[Letter]:
    """Write the letter again, to the addresses known now and with dates counted from today; no day runs until it arrives."""
    delivery, today = _live(request), london_day(at)
    to = [one for one in letters.receivers(request, at) if one.address]
    if not to:
        raise Refused(f"{NO_ADDRESS} for {request.agency.name}: enter a contact, or post the letter")
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
    promised = item.due_working.get("if_delivered")
    return date.fromisoformat(promised) if promised else None


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
        raise Refused(f"The request {request.reference} is not under way: there is nothing to deliver")
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
