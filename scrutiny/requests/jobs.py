"""Jobs of this room: remind agencies by the ladder; and a part of a job above: count items again for a late holiday."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select

from scrutiny.audit.service import note
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.outcomes import when_letter
from scrutiny.correspondence.queries import held_after
from scrutiny.correspondence.service import hold_longer, let_go
from scrutiny.extensions import db
from scrutiny.formats import LONDON, london_day, plural
from scrutiny.requests import delivering, escalating, letters
from scrutiny.requests.chasing import requests_due
from scrutiny.requests.delivery_models import Delivery
from scrutiny.requests.ladder import HOUR, keep_ladder, not_before
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import OPEN, whole
from scrutiny.requests.recounting import redate
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force
from scrutiny.transaction import run
from workflows.jobs import job
from workflows.roles import TIMETABLE_ACTOR

log = logging.getLogger(__name__)


@when_letter(delivering.ASKS, "posted")
def note_accepted(letter: Letter, at: datetime) -> None:
    """A request whose letter the mail server accepted is delivered."""
    delivering.note_accepted(letter, at=at)


@when_letter(delivering.ASKS, "failed")
def note_not_accepted(letter: Letter, at: datetime) -> None:
    """A request all of whose letters failed is not delivered."""
    delivering.note_not_accepted(letter, at=at)


@when_letter(delivering.ASKS, "bounced")
def note_bounced(letter: Letter, at: datetime) -> None:
    """A request whose only letter came back is not delivered."""
    delivering.note_bounced(letter, letter.posting.fault if letter.posting else "", at=at)


def sweep_deliveries(*, at: datetime) -> int:
    """Note what became of letters that ask, where a process stopped before it was noted; how many. Part of the sweep."""
    unnoted = or_(
        and_(Delivery.state == "waiting", Posting.state.in_(("posted", "failed", "bounced"))),
        and_(
            Delivery.state == "delivered",
            Delivery.how == "email",
            Posting.state == "bounced",
            EvidenceRequest.opened_at.is_(None),
        ),
    )
    asks = (
        select(Letter.id)
        .join(Posting, Posting.id == Letter.posting_id)
        .join(Delivery, Letter.reference == literal("request:") + cast(Delivery.request_id, String))
        .join(EvidenceRequest, EvidenceRequest.id == Delivery.request_id)
        .where(Letter.kind == delivering.ASKS, EvidenceRequest.state == "issued", unnoted)
    )
    return _each(db.session.scalars(asks.order_by(Letter.id)).all(), lambda letter_id: _note_outcome(letter_id, at))[0]


def _note_outcome(letter_id: int, at: datetime) -> int:
    """What became of one letter that asks."""
    letter = db.session.get_one(Letter, letter_id)
    if letter.state == "bounced":
        note_bounced(letter, at)
        return 1
    deed = delivering.note_accepted if letter.state == "posted" else delivering.note_not_accepted
    deed(letter, at=letter.posting.posted_at or at if letter.posting else at)
    return 1


@job("remind")
def remind(*, at: datetime) -> str:
    """Climb the ladder of each request that has come to a rung, each in its own transaction; then let the letters go.

    Run again on the same day, or after it was stopped midway, it does what is left and nothing twice.
    """
    if at.astimezone(LONDON).time() < HOUR:
        return "nobody is reminded before 7 in the morning"
    climbed, failed = _each(requests_due(london_day(at)), lambda request_id: escalating.climb(request_id, at=at))
    idle = escalating.not_needed(london_day(at))
    stopped, lost = _each(idle, lambda escalation_id: escalating.stop_if_not_needed(escalation_id, at=at))
    run(lambda: let_go(before=at + escalating.HELD))
    said = [f"{plural(climbed, 'reminder')} written"]
    said += [f"{plural(stopped, 'proposed letter')} not needed any more"] if stopped else []
    said += [f"{plural(failed + lost, 'request')} failed: see the log"] if failed + lost else []
    return ", ".join(said)


def _each(ids: Iterable[int], deed: Callable[[int], int]) -> tuple[int, int]:
    """Do a deed for each, in its own transaction: one that fails stops no other. What was done, and how many failed."""
    done = failed = 0
    for one in ids:
        try:
            done += run(partial(deed, one))
        except Exception:
            log.exception("the ladder of record %s could not be climbed; the others go on", one)
            failed += 1
    return done, failed


def count_items_again(*, at: datetime) -> int:
    """Count again what was counted with an older calendar; where the day moves later, keep both and write. How many moved."""
    moved = 0
    for request_id in _with_open_items(Item.calendar.not_in(_editions())):
        try:
            moved += run(partial(_count_again, request_id, at))
        except Exception:
            log.exception("counting the dates of request %s again failed; the others go on", request_id)
    _each([letter.id for letter in held_after(at)], _hold_again)
    return moved


def _hold_again(letter_id: int) -> int:
    """A letter held for an open day that turns out to be a holiday is held until the next one; whether it was."""
    letter = db.session.get_one(Letter, letter_id)
    request = db.session.get(EvidenceRequest, int(letter.reference.removeprefix("request:")))
    later = not_before(request.agency.nation, letter.not_before) if request and letter.not_before else None
    if later is not None:
        hold_longer(letter, later)
    return later is not None


def _count_again(request_id: int, at: datetime) -> int:
    """One request: its open items dated by today's calendar, from the day they were sent; and their next rung."""
    request = db.session.scalars(whole().where(EvidenceRequest.id == request_id)).one()
    moved = 0
    for item in request.items:
        if item.state not in OPEN or item.calendar in _editions():
            continue
        before = redate(item)
        keep_ladder(item)
        if before is not None and before != item.due_on:
            moved += 1
            letters.due_date_moved(item, before, at=at, not_before=not_before(request.agency.nation, at))
            note(
                "due_date_moved",
                about=item.plain,
                within=request.review.plain,
                by=TIMETABLE_ACTOR,
                at=at,
                was=before.isoformat(),
                now=item.due_on.isoformat() if item.due_on else "",
                calendar=item.calendar,
            )
    return moved


def _with_open_items(condition: ColumnElement[bool]) -> list[int]:
    """The ids of issued requests of reviews under way, with open items that meet a condition, in order."""
    rows = (
        select(EvidenceRequest.id)
        .join(Item)
        .join(Review, Review.id == EvidenceRequest.review_id)
        .where(EvidenceRequest.state == "issued", Review.state == "opened", Item.state.in_(OPEN), condition)
        .distinct()
        .order_by(EvidenceRequest.id)
    )
    return list(db.session.scalars(rows))


def _editions() -> list[str]:
    """The digests of the calendars in force."""
    calendars = calendars_in_force()
    return [calendars.uk_any.digest, *(calendar.digest for calendar in calendars)]
