"""Counting issued items again when a holiday is learnt of late: a day only ever moves later, and the one before is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from scrutiny.audit.service import note
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import held_after
from scrutiny.correspondence.service import hold_longer
from scrutiny.due_dates import letters
from scrutiny.due_dates.calculation import dates_now, guide_of, is_agreed, pauses_of
from scrutiny.due_dates.rules import Dates, beside_law, law_worked
from scrutiny.extensions import db
from scrutiny.requests.ladder import keep_ladder, not_before
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import OPEN, whole
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force, method_of
from scrutiny.work.batch import run_each
from workflows.deadlines import Due, due
from workflows.due_date_steps import plain_steps
from workflows.due_reasons import Reason, counted
from workflows.roles import TIMETABLE_ACTOR
from workflows.workdays import ENGLAND_AND_WALES, UK_ANY


def redate(item: Item) -> date | None:
    """Count an issued item again with the calendars in force, by the clock it was issued with; the due date it had.

    An extended or returned item keeps its day; so does one the officer chose the day of. One whose clock has not started, or
    stands still for a question, has no day to move: it is counted by today's calendar when it goes on.
    """
    before = item.due_on
    if before is None or (item.starts_on is None and item.start_event != "meeting"):
        return None
    now = dates_now(item)
    found, reasons = _counted(item, now)
    item.calendar = found.edition
    _redate_law(item, now.statutory)
    if not is_agreed(item) and found.due is not None and found.due >= before:
        steps = tuple(plain_steps(found.steps()))
        again = replace(item.due_working, reasons=reasons, plain_steps=steps, provisional=found.provisional)
        if found.due > before:
            item.due_on = found.due
            again = replace(again, before=before, counted=found.due)
        item.due_working = again
    db.session.flush()
    return before


def _counted(item: Item, now: Dates) -> tuple[Due, tuple[Reason, ...]]:
    """The day the item's clock gives now, and why; one hung on a phase nobody has moved by hand follows that phase."""
    if _is_hung(item) and now.due is not None:
        return now.due, now.reasons
    assert item.starts_on is not None
    nation = ENGLAND_AND_WALES if item.nation == UK_ANY else item.nation
    pauses = pauses_of(item) if item.start_event != "clarified" else ()
    found = due(item.clock, item.starts_on, calendars_in_force(), nation=nation, event=item.start_event, pauses=pauses)
    if found.clock.name == "stated_date":
        return found, item.due_working.reasons
    return found, (counted(found), *beside_law(found, now.statutory))


def _is_hung(item: Item) -> bool:
    """Whether a standard item hangs on a phase of the timetable that follows its method still."""
    standard = guide_of(item, method_of(item.request.review.edition))
    if standard is None or standard.phase is None or item.wanted_on is not None:
        return False
    phase = next((row for row in item.request.review.phases if row.key == standard.phase), None)
    return phase is not None and phase.why.first is None


def _redate_law(item: Item, law: Due | None) -> None:
    """The law's own day, where its clock too counts working days; the one before is kept."""
    before = item.statutory_due_on
    if law is not None and law.due is not None and before is not None and law.due > before:
        item.statutory_due_on = law.due
        item.due_working = replace(item.due_working, statutory=replace(law_worked(law), before=before))


def count_items_again(*, at: datetime) -> int:
    """Count again what was counted with an older calendar; where the day moves later, keep both and write. How many moved."""
    moved = run_each(
        _with_open_items(Item.calendar.not_in(_editions())),
        lambda request_id: _count_again(request_id, at),
        fault="counting the dates of request %s again failed; the others go on",
    )[0]
    held = [letter.id for letter in held_after(at)]
    run_each(held, _hold_again, fault="letter %s could not be held for an open day; the others go on")
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
