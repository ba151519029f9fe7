"""The days that start clocks, kept for each addressee: what follows from sending, what an officer enters, and the recount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.audit.service import note
from scrutiny.due_dates import letters
from scrutiny.due_dates.calculation import recount, starts_known
from scrutiny.due_dates.models import Start
from scrutiny.due_dates.rules import Starts
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.requests import interests
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
    known = {} if how == "post" else dict.fromkeys(BY_EMAIL, on)
    for event in ("request_sent", *known):
        row = Start(request=request, event=event, happened_on=on, known_by=how, how="", by=by.reference, at=at)
        db.session.add(row)
    db.session.flush()
    return Starts(on, known)


def receipt_entered(request: EvidenceRequest) -> bool:
    """Whether an officer entered the day this agency received the request, so that it is known to have arrived."""
    return any(row.event in BY_EMAIL and row.known_by == "entered" for row in starts_of(request))


def void_delivery(request: EvidenceRequest, *, at: datetime) -> None:
    """The letter came back: what was taken as known because it had been accepted never happened; the rows stay, void."""
    for row in starts_of(request):
        if row.known_by == "email" and row.void_at is None:
            row.void_at = at
    db.session.flush()


def enter_start(
    request: EvidenceRequest, event: str, happened_on: date, *, how: str = "", by: Actor, at: datetime
) -> list[Recounted]:
    """Enter the day an event happened for this agency, and count again what runs from it; both dates are kept and told."""
    interests.check_request(request, by=by, at=at)
    _check(request, event, happened_on, at)
    known = starts_known(request).get(event)
    if known == happened_on:
        raise Refused(
            gettext(
                "It is entered already that %(start_events)s on %(happened_on)s",
                start_events=START_EVENTS[event],
                happened_on=day(happened_on),
            )
        )
    said = {"known_by": "entered", "how": how.strip(), "by": by.reference}
    db.session.add(Start(request=request, event=event, happened_on=happened_on, at=at, **said))
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


def how_known(start: Start) -> str:
    """How the day of an event is known, in words."""
    if start.void_at is not None:
        return gettext("the email came back, so this did not happen")
    if start.known_by == "entered":
        return start.how
    if start.known_by == "email" and start.event != "request_sent":
        return gettext("sent by email, so taken as received on the same day")
    words = {
        "email": gettext("the mail server accepted it"),
        "post": gettext("it was posted"),
        "hand": gettext("it was handed over"),
        "answered": gettext("it was answered"),
    }
    return words[start.known_by]


def events_to_enter(request: EvidenceRequest) -> list[str]:
    """The events an officer may enter for a request: those its clocks wait for first, then the day of receipt, then the rest."""
    needed = [event for item in request.items for event in item.due_working.needs]
    used = [item.start_event for item in request.items]
    legal = [item.due_working.rests_on.event for item in request.items if item.due_working.rests_on]
    wanted = dict.fromkeys([*needed, "request_received", *used, *legal])
    return [event for event in wanted if event in ENTERED]


def _check(request: EvidenceRequest, event: str, happened_on: date, at: datetime) -> None:
    """Refuse what cannot have happened, or not to this request."""
    if request.state != "issued":
        raise Refused(
            gettext(
                "The request %(reference)s is %(state)s: no clock of it runs", reference=request.reference, state=request.state
            )
        )
    if event not in ENTERED:
        raise Refused(gettext("Choose what happened: %(entered)s", entered=", ".join(START_EVENTS[one] for one in ENTERED)))
    if happened_on > london_day(at):
        raise Refused(gettext("%(happened_on)s is after today: enter a day once it has come", happened_on=day(happened_on)))
    if happened_on < EARLIEST:
        raise Refused(
            gettext(
                "%(happened_on)s is too long ago to have started a clock of this request: check the year",
                happened_on=day(happened_on),
            )
        )
    sent = request.delivered_on
    if sent is None:
        raise Refused(gettext("This request has not been delivered: enter first how and when it reached the agency"))
    if event in BY_EMAIL and happened_on < sent:
        raise Refused(gettext("The request was sent on %(sent)s: it cannot have been received before that", sent=day(sent)))


def _recounted(item: Item, event: str, today: date) -> Recounted | None:
    """Count one item again if it runs from an event; what it was and is, or None where nothing moved."""
    if item.due_working.paused:
        return None  # its clock stands still for a question; the reply counts it again from the starts known then
    before = (item.due_on, item.statutory_due_on)
    if not recount(item, event=event) or (item.due_on, item.statutory_due_on) == before:
        return None
    begin_ladder(item, today)
    return Recounted(item, before[0], item.due_on)
