"""Questions back and the clocks they stop: what a question does to each item's date, and what its reply gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scrutiny.audit.service import note as noted
from scrutiny.due_dates.calculation import is_agreed, pauses_of, recount
from scrutiny.due_dates.models import Clarification
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from scrutiny.requests.ladder import begin_ladder
from scrutiny.requests.legal_basis import power_named
from scrutiny.requests.models import EvidenceRequest, Item, Note
from scrutiny.requests.queries import OPEN
from scrutiny.rules.queries import calendars_in_force
from workflows.deadlines import Pause
from workflows.due_reasons import AgreedWithReply, PauseAdded, Paused
from workflows.due_working import Standstill
from workflows.lifecycles.clarification import CLARIFICATION
from workflows.powers import NONE, PAUSES
from workflows.refusals import Refused
from workflows.roles import Actor
from workflows.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Resumed:
    """One item whose clock goes on: the day it had before the question, and the day it has now."""

    item: Item
    before: date | None
    after: date | None
    effect: str


def stop_clocks(question: Note, items: Sequence[Item], *, by: Actor, at: datetime) -> list[Clarification]:
    """A question is asked about these items: the clock of each stands still, or does not, as its power says."""
    today, found = london_day(at), []
    for item in (one for one in items if one.state in OPEN):
        effect = effect_of(item, today)
        row = Clarification(
            item=item, note=question, state=CLARIFICATION.initial, effect=effect, asked_on=today, due_before=item.due_on
        )
        db.session.add(row)
        found.append(row)
        if effect != NONE and item.due_on is not None:
            _pause(item, today, item.due_on, agreed=is_agreed(item))
    db.session.flush()
    stopped = [row.item.reference for row in found if row.effect != NONE]
    if stopped:
        request = question.request
        noted("clarification_asked", about=request.plain, within=request.review.plain, by=by, at=at, items=stopped)
    return found


def start_clocks(
    rows: Sequence[Clarification], *, by: Actor, at: datetime, reply: Note | None = None, agreed_until: date | None = None
) -> list[Resumed]:
    """The questions are answered: each clock goes on or begins again; where the law gives no pause a day may be agreed."""
    today, found = london_day(at), []
    if agreed_until is not None and agreed_until <= today:
        raise Refused(gettext("%(agreed_until)s is not after today: choose a later day", agreed_until=day(agreed_until)))
    for row in rows:
        before, row.reply, row.answered_on = row.state, reply, today
        move = CLARIFICATION.make("answer", row, by=by)
        db.session.flush()
        after = _go_on(row, today, agreed_until)
        found.append(Resumed(row.item, row.due_before, after, row.effect))
        noted(
            move.event,
            about=row.item.plain,
            within=row.item.request.review.plain,
            by=by,
            at=at,
            before=before,
            after=row.state,
            effect=row.effect,
            was=row.due_before.isoformat() if row.due_before else "",
            due=after.isoformat() if after else "",
        )
    db.session.flush()
    return found


def overtake(item: Item, *, by: Actor, at: datetime) -> None:
    """The item is settled before its question was answered: the pause ends there, and the item has its day again."""
    for row in open_of(item):
        row.answered_on = london_day(at)
        move = CLARIFICATION.make("overtake", row, by=by)
        db.session.flush()
        _go_on(row, london_day(at), None)
        noted(move.event, about=item.plain, within=item.request.review.plain, by=by, at=at, effect=row.effect)
    db.session.flush()


def reopen(item: Item, since: date, *, by: Actor, at: datetime) -> list[Clarification]:
    """What settled the item on a day is taken back: the questions it overtook wait for their reply again, and so do the clocks.

    Nobody has replied, and that is what the law counts: the time does not run, nor begin again, before the reply.
    """
    rows = select(Clarification).where(Clarification.item_id == item.id, Clarification.state == "overtaken")
    found = list(db.session.scalars(rows.where(Clarification.answered_on == since).order_by(Clarification.id)))
    agreed = is_agreed(item)
    for row in found:
        row.answered_on = row.due_after = None
        move = CLARIFICATION.make("reopen", row, by=by)
        db.session.flush()
        noted(move.event, about=item.plain, within=item.request.review.plain, by=by, at=at, effect=row.effect)
    first = next((row for row in found if row.effect != NONE and row.due_before is not None), None)
    if first is not None and first.due_before is not None:
        if not agreed:
            recount(item)
        _pause(item, first.asked_on, first.due_before, agreed=agreed)
    db.session.flush()
    return found


def _pause(item: Item, on: date, before: date, *, agreed: bool) -> None:
    """Let the clock of an item stand still from a day; the day it had is kept beside it."""
    paused = Standstill(on, before, agreed)
    item.due_working = replace(item.due_working, paused=paused, reasons=(Paused(on, before),), plain_steps=())
    item.due_on = item.next_step_on = None


def effect_of(item: Item, today: date) -> str:
    """What a question asked today does to an item's clock: nothing, if its day has gone by or is not set."""
    if item.due_working.paused:
        return next((row.effect for row in open_of(item) if row.effect != NONE), PAUSES)
    if item.due_on is None or item.due_on < today or item.start_event == "meeting":
        return NONE
    rests_on = item.due_working.rests_on
    power = power_named(rests_on.key) if rests_on else None
    if power is not None and item.clock == str(power.clock) and item.start_event in (power.event, "clarified"):
        return power.clarification
    return PAUSES


def open_of(item: Item) -> list[Clarification]:
    """The questions about an item that wait for a reply, oldest first."""
    rows = select(Clarification).where(Clarification.item_id == item.id, Clarification.state == "asked")
    return list(db.session.scalars(rows.order_by(Clarification.id)))


def clarifications_of(request: EvidenceRequest) -> list[Clarification]:
    """Every question that bore on an item of a request, oldest first, with question and item."""
    rows = select(Clarification).join(Item, Item.id == Clarification.item_id).where(Item.request_id == request.id)
    shown = rows.options(joinedload(Clarification.item), joinedload(Clarification.note))
    return list(db.session.scalars(shown.order_by(Clarification.id)))


def questions_waiting(request: EvidenceRequest) -> list[Note]:
    """The questions of a request that wait for a reply, oldest first, each once."""
    return list(dict.fromkeys(row.note for row in clarifications_of(request) if row.state == "asked"))


def paused_before(item: Item) -> date | None:
    """The day an item had when its clock was stopped by a question that still waits; None for any other."""
    paused = item.due_working.paused
    return paused.before if paused else None


def extend_paused(item: Item, until: date) -> bool:
    """Give an item whose clock stands still a later day to go on from; False where its clock runs."""
    paused = item.due_working.paused
    if paused is None:
        return False
    agreed = Standstill(paused.on, until, agreed=True)
    item.due_working = replace(item.due_working, paused=agreed, reasons=(Paused(paused.on, until),))
    return True


def _go_on(row: Clarification, today: date, agreed_until: date | None) -> date | None:
    """Give the item its day again; None while another question about it still waits."""
    item, paused = row.item, row.item.due_working.paused
    waiting = any(other.effect != NONE for other in open_of(item))
    if paused and not waiting:
        _resume(item, paused)
    if agreed_until is not None and item.due_on is not None and agreed_until > item.due_on:
        item.due_working = replace(item.due_working, extended=AgreedWithReply(item.due_on, agreed_until))
        item.due_on = agreed_until
    if item.due_on is not None and item.state in OPEN:
        begin_ladder(item, today)
    row.due_after = item.due_on
    return item.due_on


def _resume(item: Item, paused: Standstill) -> None:
    """Count the item again with its pauses; a day that had been agreed is moved by as many days as were paused."""
    item.due_working = replace(item.due_working, paused=None)
    recount(item)
    if paused.agreed:
        item.due_on = max(item.due_on or paused.before, _moved(item, paused.before, paused.on))


def _moved(item: Item, before: date, asked_on: date) -> date:
    """An agreed day, later by the working days of the pause."""
    calendar = _calendar(item)
    since = [Pause(max(one.asked_on, asked_on), one.answered_on) for one in pauses_of(item) if one.answered_on > asked_on]
    number = sum(len(pause.days(calendar)) for pause in since)
    if number:
        item.due_working = replace(item.due_working, extended=PauseAdded(before, number))
    return calendar.after(before, number) if number else before


def _calendar(item: Item) -> Calendar:
    """The calendar an item is counted with."""
    calendars = calendars_in_force()
    return calendars.uk_any if item.nation == "uk-any" else calendars.by_division[item.nation]
