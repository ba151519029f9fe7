"""What becomes of due dates when the timetable moves: drafts are counted again, issued items hung on a phase only gain time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import gettext

from scrutiny.audit.service import note
from scrutiny.due_dates.calculation import guide_of, pauses_of, starts_if_sent, starts_known
from scrutiny.due_dates.rules import Dates, Starts, Wanted, dates_of
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.attendance_queries import meeting_of
from scrutiny.requests.ladder import begin_ladder
from scrutiny.requests.legal_basis import power_named
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.states import OPEN
from scrutiny.rules.queries import calendars_in_force
from workflows.method import Evidence, Method
from workflows.methods import PhaseDates
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Redated:
    """An item with the day it has and the day it would have; of an issued item `gains` says whether it is given that day."""

    item: Item
    was: date | None
    now: date | None
    dates: Dates
    gains: bool


@dataclass(frozen=True, slots=True)
class Timetable:
    """What days are counted by: an edition of the method, and the phases as they stand or would."""

    method: Method
    phases: tuple[PhaseDates, ...]


def redated(requests: Iterable[EvidenceRequest], before: Timetable, after: Timetable, today: date) -> list[Redated]:
    """The items of drafts, and the open ones of issued requests, whose day would be another by a new timetable.

    A day the asker chose stays, and so does that of an answer returned for more. A draft's days are what they would be,
    before and after, were it issued today.
    """
    found = []
    for request in requests:
        for item in request.items:
            if item.wanted_on is not None or request.state not in ("drafted", "issued"):
                continue
            one = _of_draft(item, before, after, today) if request.state == "drafted" else _of_issued(item, after, today)
            if one is not None and one.was != one.now:
                found.append(one)
    return found


def give(row: Redated, *, by: Actor, at: datetime) -> Item:
    """Give an issued item its later day; the one it had, and its first, stay beside it."""
    item, today = row.item, london_day(at)
    if not row.gains or row.now is None or row.was is None:
        raise Refused(gettext("%(reference)s has been asked: its day can only move later", reference=item.reference))
    item.due_on, item.clock = row.now, str(row.dates.clock)
    older, working = item.due_working, row.dates.working.counted_anew(item.due_working)
    law = working.statutory or older.statutory
    item.due_working = replace(working, statutory=law, paused=older.paused, before=row.was, moved_on=today)
    begin_ladder(item, today)
    db.session.flush()
    note(
        "item_rescheduled",
        about=item.plain,
        within=item.request.review.plain,
        by=by,
        at=at,
        reference=item.reference,
        was=row.was.isoformat(),
        now=row.now.isoformat(),
    )
    return item


def _of_draft(item: Item, before: Timetable, after: Timetable, today: date) -> Redated:
    """An item of a draft, counted by both timetables."""
    starts = starts_if_sent(item.request, today)
    was = _counted(item, guide_of(item, before.method), before.phases, starts)
    dates = _counted(item, guide_of(item, after.method), after.phases, starts)
    return Redated(item, was.due_on, dates.due_on, dates, False)


def _of_issued(item: Item, after: Timetable, today: date) -> Redated | None:
    """An item that was asked, where it is still open and its day hangs on a phase; one whose clock is paused is left so."""
    standard, sent_on = guide_of(item, after.method), item.request.delivered_on
    if item.state not in OPEN or item.state == "returned" or standard is None or standard.phase is None:
        return None
    if sent_on is None or item.due_on is None or item.due_working.late:
        return None
    starts = Starts(sent_on, starts_known(item.request), pauses_of(item))
    dates = _counted(item, standard, after.phases, starts)
    later = dates.due_on is not None and dates.due_on > max(item.due_on, today)
    return Redated(item, item.due_on, dates.due_on, dates, later)


def _counted(item: Item, standard: Evidence | None, phases: tuple[PhaseDates, ...], starts: Starts) -> Dates:
    """The dates of an item by a timetable and the starts that are known."""
    rests_on = item.due_working.rests_on
    power = power_named(rests_on.key if rests_on else "") or power_named(item.power_key) or power_named(item.request.power_key)
    meeting = meeting_of(item.question)
    wanted = Wanted(
        standard=standard,
        phases=phases,
        power=power,
        chosen_on=None,
        nation=item.request.agency.nation,
        meeting_on=meeting.held_on if meeting else None,
    )
    return dates_of(wanted, starts, calendars_in_force())
