"""Counting an item's dates from the days that are known: when it is drafted, issued, and again when a start or a reply comes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from scrutiny.agencies.queries import recipients
from scrutiny.due_dates.models import Clarification, Start
from scrutiny.due_dates.rules import Dates, Starts, Wanted, dates_of, phases_of
from scrutiny.extensions import db
from scrutiny.requests.attendance_queries import meeting_of
from scrutiny.requests.contacts import contact_of
from scrutiny.requests.legal_basis import asking_of, basis_of_item, power_of
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.rules.queries import calendars_in_force, method_of
from workflows.deadlines import Pause
from workflows.due_reasons import AwaitsDelivery
from workflows.due_working import Attending, Working
from workflows.legal_basis import Caution, LegalBasis
from workflows.method import Evidence, Method
from workflows.notice import late_notice, notice_days
from workflows.powers import NONE, Power
from workflows.refusals import Refused
from workflows.workdays import division_of


def starts_known(request: EvidenceRequest) -> dict[str, date]:
    """The day of each event that is known to have happened for an issued request: the latest word on each."""
    rows = select(Start).where(Start.request_id == request.id, Start.void_at.is_(None)).order_by(Start.id)
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
        standard=guide_of(item, method_of(review.edition)),
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
    late = item.due_working.late
    return dates_by(item, power, Starts(sent_on, starts_known(request), pauses_of(item)), late=late)


def count_from_day(request: EvidenceRequest, items: Iterable[Item], starts: Starts, planned_on: date) -> None:
    """Count items of an issued request from the day it went, which may be later than was planned."""
    asking = asking_of(request.review, request.agency, starts.sent_on)
    for item in items:
        older, basis = item.due_working, basis_of_item(item, asking)
        power, item.legal_basis = power_of(basis), basis.stripped().to_plain()
        late = starts.sent_on > planned_on and _is_overtaken(item, power, starts)
        put_dates(item, dates_by(item, power, starts, late=late), starts)
        item.due_working = replace(item.due_working, late=late).counted_anew(older)
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
    older = item.due_working
    held = Working(reasons=(AwaitsDelivery(),), rests_on=older.rests_on, expected=older.expected)
    item.due_working = replace(held, awaits="delivery", if_delivered=item.due_on).counted_anew(older)
    item.due_on = item.first_due_on = item.statutory_due_on = item.starts_on = item.next_step_on = None


def put_meeting(item: Item, basis: LegalBasis, sent_on: date) -> tuple[Caution, ...]:
    """Write the meeting and the notice given beside an item's dates; what to mind about it."""
    meeting = meeting_of(item.question)
    if meeting is None:
        return ()
    calendar = calendars_in_force().of(item.request.agency.nation)
    short = late_notice(basis, item.number, sent_on, meeting.held_on, calendar)
    notice = notice_days(sent_on, meeting.held_on, calendar)
    attend = Attending(meeting.held_on, meeting.begins, meeting.place, meeting.whom, notice)
    item.due_working = replace(item.due_working, attend=attend)
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
    moved_from = before if before != dates.due_on else None
    item.statutory_due_on = dates.statutory_due_on
    if event in ("", dates.event):
        if dates.due is not None:
            item.starts_on, item.nation, item.calendar = dates.due.start, dates.due.division, dates.due.edition
            item.clock, item.start_event = str(dates.clock), dates.due.event
        if not agreed:
            item.due_on, working = dates.due_on, dates.working.counted_anew(item.due_working)
            item.due_working = replace(working, before=moved_from)
            item.first_due_on = item.first_due_on or dates.due_on
            return True
    older, now = item.due_working, dates.working
    reasons = older.reasons if agreed else dates.reasons
    item.due_working = replace(older, statutory=now.statutory or older.statutory, needs=now.needs, reasons=reasons)
    return True


def is_agreed(item: Item) -> bool:
    """Whether an item's day was agreed since it was counted: more time, or an answer returned."""
    if item.due_on is None:
        return False
    return (item.due_working.counted or item.first_due_on) != item.due_on


def guide_of(item: Item, method: Method) -> Evidence | None:
    """The item of a method that says when an item is due: the standard one it puts; for a question of the review's own, the
    first that the method hangs on a phase for this kind of agency, so that one letter asks for all of it by one day.

    A question of one's own that was issued with a day counted otherwise keeps its count.
    """
    question = item.question
    if question.standard_key:
        return next((one for one in method.evidence if one.key == question.standard_key), None)
    counted_otherwise = item.request.state != "drafted" and item.clock and not item.clock.startswith("stated_date")
    if question.kind == ATTENDANCE or counted_otherwise:
        return None
    usual = (one for one in (*method.evidence_for(item.request.agency.kind), *method.evidence) if one.phase is not None)
    return next(usual, None)
