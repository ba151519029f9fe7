"""Jobs of this room: remind agencies by the ladder; move dates when a holiday is learnt of late."""

from __future__ import annotations

import logging
from datetime import date, datetime

from sqlalchemy import select

from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests import letters
from scrutiny.requests.drafting import redate
from scrutiny.requests.ladder import rung_on
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import OPEN, whole
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import rules
from scrutiny.transaction import writes_now
from workflows.jobs import job
from workflows.roles import TIMETABLE_ACTOR

log = logging.getLogger(__name__)


@job("remind")
def remind(*, at: datetime) -> str:
    """Write the reminder each agency's open items have come to; each request in its own transaction."""
    done, today = 0, london_day(at)
    for request_id in _with_open_items(Item.next_step_on <= today):
        try:
            with writes_now():
                done += _remind(request_id, today, at)
        except Exception:
            log.exception("reminding about request %s failed; the others go on", request_id)
    return f"{done} reminders written"


def _remind(request_id: int, today: date, at: datetime) -> int:
    """One request: one letter for what is due soon, one for what is late; the next rung is set."""
    request = db.session.scalars(whole().where(EvidenceRequest.id == request_id)).one()
    called: dict[str, list[Item]] = {}
    for item in request.items:
        if item.next_step_on is None or item.next_step_on > today or item.due_on is None or item.state not in OPEN:
            continue
        kind, item.next_step_on = rung_on(item.due_on, today, rules().calendars.of(_division(item)))
        item.rung += 1
        if kind:
            called.setdefault(kind, []).append(item)
    for kind, items in sorted(called.items()):
        send = letters.request_chased if kind == "request_chased" else letters.request_reminder
        send(request, items, at=at)
        note(
            "request_reminded", about=request.plain, within=request.review.plain, by=TIMETABLE_ACTOR, at=at, letter=kind,
            items=[item.reference for item in items],
        )  # fmt: skip
    return len(called)


@job("check_calendars")
def check_calendars(*, at: datetime) -> str:
    """Count again what was counted with an older calendar; where the day moves later, keep both dates and write."""
    moved = 0
    for request_id in _with_open_items(Item.calendar.not_in(_editions())):
        try:
            with writes_now():
                moved += _count_again(request_id, at)
        except Exception:
            log.exception("counting the dates of request %s again failed; the others go on", request_id)
    return f"{moved} due dates moved"


def _count_again(request_id: int, at: datetime) -> int:
    """One request: its open items dated by today's calendar, from the day they were sent."""
    request = db.session.scalars(whole().where(EvidenceRequest.id == request_id)).one()
    moved = 0
    for item in request.items:
        if item.state not in OPEN or item.calendar in _editions():
            continue
        before = redate(item)
        if before is not None and before != item.due_on:
            moved += 1
            letters.due_date_moved(item, before, at=at)
            note(
                "due_date_moved", about=item.plain, within=request.review.plain, by=TIMETABLE_ACTOR, at=at,
                was=before.isoformat(), now=item.due_on.isoformat() if item.due_on else "", calendar=item.calendar,
            )  # fmt: skip
    return moved


def _with_open_items(condition: object) -> list[int]:
    """The ids of issued requests of reviews under way, with open items that meet a condition, in order."""
    rows = (
        select(EvidenceRequest.id)
        .join(Item)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .where(EvidenceRequest.state == "issued", Review.state == "opened", Item.state.in_(OPEN), condition)  # type: ignore[arg-type]
        .distinct()
        .order_by(EvidenceRequest.id)
    )
    return list(db.session.scalars(rows))


def _editions() -> list[str]:
    """The digests of the calendars in force."""
    calendars = rules().calendars
    return [calendars.uk_any.digest, *(calendar.digest for calendar in calendars)]


def _division(item: Item) -> str:
    """The division an item is counted with; what is shut anywhere in the kingdom is near enough for a reminder."""
    return "england-and-wales" if item.nation == "uk-any" else item.nation
