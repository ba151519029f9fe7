"""Counting an item's dates from the days that are known: when it is drafted, issued, and again when a start or a reply comes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from scrutiny.agencies.queries import recipients
from scrutiny.extensions import db
from scrutiny.formats import day
from scrutiny.requests.attendance_queries import meeting_of
from scrutiny.requests.clock_models import Clarification, Start
from scrutiny.requests.contacts import contact_of
from scrutiny.requests.dating import Dates, Starts, Wanted, dates_of, phases_of
from scrutiny.requests.legal_basis import asking_of, basis_of_item, power_of
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.models import Question, Review
from scrutiny.rules.queries import calendars_in_force, method_of
from workflows.deadlines import Pause
from workflows.legal_basis import Caution, LegalBasis
from workflows.method import Evidence
from workflows.notice import late_notice, notice_days
from workflows.powers import NONE, Power
from workflows.refusals import Refused
from workflows.workdays import division_of

#: Why an item of a request that has not arrived has no date.
AWAITS_DELIVERY = "No date runs yet. The date is counted from the day the request is delivered."


def starts_known(request: EvidenceRequest) -> dict[str, date]:
    """The day of each event that is known to have happened for an issued request: the latest word on each."""
    rows = select(Start).where(Start.request_id == request.id).order_by(Start.id)
    return {row.event: row.happened_on for row in db.session.scalars(rows)}


def starts_if_sent(request: EvidenceRequest, sent_on: date) -> Starts:
    """What would be known of a draft sent on a day: by email it is received the same day, by post nobody knows yet."""
    by_email = contact_of(request) is not None or any(one.address for one in recipients(request.agency, sent_on))
    return Starts(sent_on, {"request_received": sent_on, "notification": sent_on} if by_email else {})


def pauses_of(item: Item) -> tuple[Pause, ...]:
    """The pauses of an item that are over, earliest first; those that overlap are one."""
    rows = select(Clarification.asked_on, Clarification.answered_on).where(
        Clarification.item_id == item.id, Clarification.answered_on.is_not(None), Clarification.effect != NONE
    )
    merged: list[Pause] = []
    for asked_on, answered_on in db.session.execute(rows.order_by(Clarification.asked_on, Clarification.id)):
        assert answered_on is not None  # by the condition above
        if merged and asked_on <= merged[-1].answered_on:
            merged[-1] = Pause(merged[-1].asked_on, max(answered_on, merged[-1].answered_on))
        else:
            merged.append(Pause(asked_on, answered_on))
    return tuple(merged)


def dates_by(item: Item, power: Power | None, starts: Starts, *, late: bool = False) -> Dates:
    """An item's dates under a power, by the starts that are known; `late` leaves out the days that were planned for it."""
    review, meeting = item.request.review, meeting_of(item.question)
    if late:
        return dates_of(Wanted(None, (), power, None, item.request.agency.nation), starts, calendars_in_force())
    wanted = Wanted(
        standard=standard_of(review, item.question),
        phases=phases_of(review.phases),
        power=power,
        chosen_on=item.wanted_on,
        nation=item.request.agency.nation,
        meeting_on=meeting.held_on if meeting else None,
    )
    return dates_of(wanted, starts, calendars_in_force())


def put_dates(item: Item, dates: Dates, starts: Starts) -> None:
    """Write dates onto an item that has none yet, with their working."""
    item.clock, item.start_event = str(dates.clock), dates.event
    if dates.due is not None:
        item.nation, item.calendar, item.starts_on = dates.due.division, dates.due.edition, dates.due.start
    else:
        item.nation = division_of(item.request.agency.nation)
        item.calendar, item.starts_on = calendars_in_force().of(item.nation).digest, None
    item.due_on = item.first_due_on = dates.due_on
    item.statutory_due_on, item.due_working = dates.statutory_due_on, dates.working


def dates_now(item: Item) -> Dates:
    """What the dates of an issued item come to by what is known now: starts, pauses, and the power of the day it was sent."""
    request = item.request
    assert request.delivered_on is not None
    sent_on = request.delivered_on
    asking = asking_of(request.review, request.agency, sent_on)
    power = power_of(basis_of_item(item, asking))
    late = bool(item.due_working.get("late"))
    return dates_by(item, power, Starts(sent_on, starts_known(request), pauses_of(item)), late=late)


def count_from_day(request: EvidenceRequest, items: Iterable[Item], starts: Starts, planned_on: date) -> None:
    """Count items of an issued request from the day it went, which may be later than was planned."""
    asking = asking_of(request.review, request.agency, starts.sent_on)
    for item in items:
        kept, basis = _kept(item), basis_of_item(item, asking)
        power, item.legal_basis = power_of(basis), basis.stripped().to_plain()
        late = starts.sent_on > planned_on and _is_overtaken(item, power, starts)
        put_dates(item, dates_by(item, power, starts, late=late), starts)
        item.due_working = kept | item.due_working | ({"late": True} if late else {})
        put_meeting(item, basis, starts.sent_on)


def _is_overtaken(item: Item, power: Power | None, starts: Starts) -> bool:
    """Whether the day planned for an item (by the officer, a phase or a meeting) was over before its request arrived."""
    try:
        due_on = dates_by(item, power, starts).due_on
    except Refused:
        return True
    return due_on is not None and due_on <= starts.sent_on


def hold_dates(item: Item) -> None:
    """Let no day run for an item until its request is delivered; what it would come to is kept beside it."""
    promised = item.due_on.isoformat() if item.due_on else ""
    working: dict[str, Any] = {key: item.due_working[key] for key in ("rests_on", "expected") if key in item.due_working}
    why = {"sentence": AWAITS_DELIVERY, "steps": [], "awaits": "delivery", "if_delivered": promised}
    item.due_working = _kept(item) | working | why
    item.due_on = item.first_due_on = item.statutory_due_on = item.starts_on = item.next_step_on = None


def put_meeting(item: Item, basis: LegalBasis, sent_on: date) -> tuple[Caution, ...]:
    """Write the meeting and the notice given beside an item's dates; what to mind about it."""
    meeting = meeting_of(item.question)
    if meeting is None:
        return ()
    calendar = calendars_in_force().of(item.request.agency.nation)
    short = late_notice(basis, item.number, sent_on, meeting.held_on, calendar)
    item.due_working = item.due_working | {
        "attend": {
            "held_on": meeting.held_on.isoformat(),
            "begins": meeting.begins,
            "place": meeting.place,
            "whom": meeting.whom,
            "notice": notice_days(sent_on, meeting.held_on, calendar),
        }
    }
    return (short,) if short else ()


def recount(item: Item, *, event: str = "") -> bool:
    """Count an issued item again from what is known now, if it (or the law's own date) runs from `event`; whether it does.

    A day that was agreed since (more time, a return) stays, unless the count now gives a later one; the first stays beside it.
    """
    if item.request.delivered_on is None:
        return False
    dates = dates_now(item)
    power = dates.power
    concerned = (dates.event, power.event if power else "")
    if event and event not in concerned:
        return False
    before, agreed = item.due_on, is_agreed(item)
    kept = {"before": before.isoformat()} if before and before != dates.due_on else {}
    item.statutory_due_on = dates.statutory_due_on
    if event in ("", dates.event):
        if dates.due is not None:
            item.starts_on, item.nation, item.calendar = dates.due.start, dates.due.division, dates.due.edition
            item.clock, item.start_event = str(dates.clock), dates.due.event
        if not agreed:
            item.due_on, item.due_working = dates.due_on, _kept(item) | dates.working | kept
            item.first_due_on = item.first_due_on or dates.due_on
            return True
    told: dict[str, Any] = {key: dates.working[key] for key in ("statutory", "needs") if key in dates.working}
    if not agreed:
        told["sentence"] = dates.working["sentence"]
    item.due_working = item.due_working | told
    return True


def is_agreed(item: Item) -> bool:
    """Whether an item's day was agreed since it was counted: more time, or an answer returned."""
    if item.due_on is None:
        return False
    counted = item.due_working.get("counted") or (item.first_due_on.isoformat() if item.first_due_on else None)
    return counted != item.due_on.isoformat()


def _kept(item: Item) -> dict[str, Any]:
    """What a working keeps when it is written anew: why the day moved before."""
    working: dict[str, Any] = item.due_working
    return {key: working[key] for key in ("edition", "extended", "again", "attend", "late") if key in working}


def said_of_pause(asked_on: date, before: date | None) -> str:
    """Why an item has no date while a question waits."""
    was = f" Before, it was due on {day(before)}." if before else ""
    waits = f"a question was asked on {day(asked_on)} and waits for its reply"
    return f"No date runs now: {waits}; the days until then do not count.{was}"


def standard_of(review: Review, question: Question) -> Evidence | None:
    """The standard item of the method a question came from."""
    if not question.standard_key:
        return None
    return next((item for item in method_of(review.edition).evidence if item.key == question.standard_key), None)
