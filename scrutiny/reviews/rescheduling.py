"""The phases of a review counted again when a holiday is learnt of late: they only end later; those moved by hand stay."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import select

from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.reviews import letters
from scrutiny.reviews.models import Phase, Review
from scrutiny.reviews.timetable import is_by_hand
from scrutiny.rules.queries import calendars_in_force, method_of
from scrutiny.transaction import run
from workflows.methods import PhaseDates, timetable_of
from workflows.phase_reasons import Earlier, Lengthened
from workflows.roles import TIMETABLE_ACTOR
from workflows.workdays import Calendar

log = logging.getLogger(__name__)


def retime_reviews(*, at: datetime) -> int:
    """Count the phases of every review planned or under way again, each review in its own transaction; how many moved."""
    moved = 0
    running = select(Review.id).where(Review.state.in_(("planned", "opened"))).order_by(Review.id)
    for review_id in list(db.session.scalars(running)):
        try:
            moved += len(run(partial(_retime, review_id, at)))
        except Exception:
            log.exception("counting the phases of review %s again failed; the others go on", review_id)
    return moved


def _retime(review_id: int, at: datetime) -> list[Phase]:
    """One review: its phases by the calendar in force; those that moved."""
    review = db.session.get_one(Review, review_id)
    calendar = calendars_in_force().of(review.lead.nation)
    if all(phase.why.calendar == calendar.digest for phase in review.phases):
        return []
    method = method_of(review.edition)
    standing = {
        one.key: PhaseDates(one.key, one.title, one.starts_on, one.ends_on, one.statutory)
        for one in review.phases
        if is_by_hand(one)
    }
    counted = timetable_of(method, review.starts_on, calendars_in_force(), review.lead.nation, standing)
    dated = {dates.key: dates for dates in counted}
    today = london_day(at)
    moved = [phase for phase in review.phases if phase.key in dated and _move(phase, dated[phase.key], calendar, today)]
    db.session.flush()
    if moved:
        letters.timetable_moved(review, moved, at=at)
    for phase in moved:
        note(
            "phase_moved",
            about=review.plain,
            within=review.plain,
            by=TIMETABLE_ACTOR,
            at=at,
            phase=phase.key,
            was=phase.why.before.ends_on.isoformat() if phase.why.before else "",
            now=phase.ends_on.isoformat(),
            calendar=calendar.digest,
        )
    return moved


def _move(phase: Phase, dates: PhaseDates, calendar: Calendar, today: date) -> bool:
    """Give a phase its newly counted days, if they are later and it is neither over nor moved by hand; whether it moved."""
    drawn_with, phase.why = phase.why.calendar, replace(phase.why, calendar=calendar.digest)
    if drawn_with == calendar.digest or is_by_hand(phase) or phase.ends_on < today:
        return False
    starts_on = max(phase.starts_on, dates.starts_on) if phase.starts_on > today else phase.starts_on
    ends_on = max(phase.ends_on, dates.ends_on)
    if (starts_on, ends_on) == (phase.starts_on, phase.ends_on):
        return False
    before = Earlier(phase.starts_on, phase.ends_on, phase.why.reasons)
    phase.why = replace(phase.why, reasons=(*dates.why, Lengthened(phase.ends_on)), before=before)
    phase.starts_on, phase.ends_on = starts_on, ends_on
    return True
