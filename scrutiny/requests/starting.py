"""The days that start clocks, kept for each addressee: what follows from sending, what an officer enters, and the recount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.requests import letters
from scrutiny.requests.clock_models import Start
from scrutiny.requests.counting import recount, starts_known
from scrutiny.requests.dating import Starts
from scrutiny.requests.ladder import begin_ladder
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import OPEN
from workflows.deadlines import START_EVENTS
from workflows.refusals import Refused
from workflows.roles import Actor

#: What an officer may enter about a request; the rest follows from other deeds.
ENTERED = (
    "request_received",
    "notification",
    "report_date",
    "report_received",
    "report_received_or_notice_if_later",
    "response_requested",
    "direction_date",
    "publication",
)
#: What is taken as having happened when a request goes by email.
BY_EMAIL = ("request_received", "notification")
#: Before this day nobody asked anything here: an earlier one is a slip.
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Recounted:
    """One item whose date was counted again: what it was, and what it is; None where there is none yet."""

    item: Item
    before: date | None
    after: date | None


def start_with_delivery(request: EvidenceRequest, on: date, how: str, *, by: Actor, at: datetime) -> Starts:
    """Keep what a delivery makes known: that the request was sent that day and, unless it was posted, received as well."""
    words = {
        "email": "the mail server accepted it",
        "post": "it was posted",
        "hand": "it was handed over",
        "answered": "it was answered",
    }[how]
    _keep(request, "request_sent", on, words, by, at)
    known = {} if how == "post" else dict.fromkeys(BY_EMAIL, on)
    for event in known:
        reason = "sent by email, so taken as received on the same day" if how == "email" else words
        _keep(request, event, on, reason, by, at)
    db.session.flush()
    return Starts(on, known)


def enter_start(
    request: EvidenceRequest, event: str, happened_on: date, *, how: str = "", by: Actor, at: datetime
) -> list[Recounted]:
    """Enter the day an event happened for this agency, and count again what runs from it; both dates are kept and told."""
    _check(request, event, happened_on, at)
    known = starts_known(request).get(event)
    if known == happened_on:
        raise Refused(f"It is entered already that {START_EVENTS[event]} on {day(happened_on)}")
    _keep(request, event, happened_on, how.strip(), by, at)
    db.session.flush()
    found = [_recounted(item, event, london_day(at)) for item in request.items if item.state in OPEN]
    moved = [one for one in found if one is not None]
    db.session.flush()
    note(
        "start_entered",
        about=request.plain,
        within=request.review.plain,
        by=by,
        at=at,
        start=event,
        on=happened_on.isoformat(),
        was=known.isoformat() if known else "",
        due={one.item.reference: one.after.isoformat() for one in moved if one.after},
    )
    if moved:
        letters.dates_recounted(request, START_EVENTS[event], happened_on, [(one.item, one.before) for one in moved], at=at)
    return moved


def starts_of(request: EvidenceRequest) -> list[Start]:
    """Every start kept for a request, oldest first, those that were corrected among them."""
    rows = select(Start).where(Start.request_id == request.id)
    return list(db.session.scalars(rows.order_by(Start.happened_on, Start.id)))


def events_to_enter(request: EvidenceRequest) -> list[str]:
    """The events an officer may enter for a request: those its clocks wait for first, then the day of receipt, then the rest."""
    needed = [event for item in request.items for event in item.due_working.get("needs", [])]
    used = [item.start_event for item in request.items]
    legal = [str(item.due_working.get("rests_on", {}).get("event", "")) for item in request.items]
    wanted = dict.fromkeys([*needed, "request_received", *used, *legal])
    return [event for event in wanted if event in ENTERED]


def _check(request: EvidenceRequest, event: str, happened_on: date, at: datetime) -> None:
    """Refuse what cannot have happened, or not to this request."""
    if request.state != "issued":
        raise Refused(f"The request {request.reference} is {request.state}: no clock of it runs")
    if event not in ENTERED:
        raise Refused(f"Choose what happened: {', '.join(START_EVENTS[one] for one in ENTERED)}")
    if happened_on > london_day(at):
        raise Refused(f"{day(happened_on)} is after today: enter a day once it has come")
    if happened_on < EARLIEST:
        raise Refused(f"{day(happened_on)} is too long ago to have started a clock of this request: check the year")
    sent = request.delivered_on
    if sent is None:
        raise Refused("This request has not been delivered: enter first how and when it reached the agency")
    if event in BY_EMAIL and happened_on < sent:
        raise Refused(f"The request was sent on {day(sent)}: it cannot have been received before that")


def _recounted(item: Item, event: str, today: date) -> Recounted | None:
    """Count one item again if it runs from an event; what it was and is, or None where nothing moved."""
    if item.due_working.get("paused"):
        return None  # its clock stands still for a question; the reply counts it again from the starts known then
    before = (item.due_on, item.statutory_due_on)
    if not recount(item, event=event) or (item.due_on, item.statutory_due_on) == before:
        return None
    begin_ladder(item, today)
    return Recounted(item, before[0], item.due_on)


def _keep(request: EvidenceRequest, event: str, happened_on: date, how: str, by: Actor, at: datetime) -> None:
    """A row: the latest of an event stands."""
    db.session.add(Start(request=request, event=event, happened_on=happened_on, how=how, by=by.reference, at=at))
