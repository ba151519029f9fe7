"""Counting accuracy checks again when a holiday is learnt of late: a day only ever moves later, and the one before is kept."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import select

from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.findings import letters
from scrutiny.findings.delivering import due_for, working_of
from scrutiny.findings.models import AccuracyCheck
from scrutiny.formats import london_day
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import CURRENT
from scrutiny.rules.queries import calendars_in_force
from scrutiny.transaction import run
from workflows.roles import TIMETABLE_ACTOR

log = logging.getLogger(__name__)


def count_checks_again(*, at: datetime) -> int:
    """The checks not answered, of reviews under way, each in its own transaction; how many of their days moved."""
    calendars, moved = calendars_in_force(), 0
    editions = {calendars.uk_any.digest, *(calendar.digest for calendar in calendars)}
    waiting = (
        select(AccuracyCheck.id, AccuracyCheck.due_working)
        .join(Review, Review.id == AccuracyCheck.review_id)
        .where(AccuracyCheck.answered_at.is_(None), AccuracyCheck.received_on.is_not(None), Review.state.in_(CURRENT))
        .order_by(AccuracyCheck.id)
    )
    for check_id in [row.id for row in db.session.execute(waiting) if row.due_working.calendar not in editions]:
        try:
            moved += run(partial(_count_again, check_id, at))
        except Exception:
            log.exception("counting the day of accuracy check %s again failed; the others go on", check_id)
    return moved


def redate(check: AccuracyCheck) -> date:
    """Count a check again with the calendars in force, by its method's own clock; the day it had."""
    before, worked = check.due_on, due_for(check.review, check.agency, check.received_on or london_day(check.sent_at))
    check.due_working = replace(check.due_working, calendar=worked.edition)
    if worked.due is not None and worked.due > before:
        check.due_on = worked.due
        check.due_working = replace(working_of(worked), before=before)
    db.session.flush()
    return before


def _count_again(check_id: int, at: datetime) -> bool:
    """One check; whether its day moved."""
    check = db.session.get_one(AccuracyCheck, check_id)
    before = redate(check)
    if check.due_on == before:
        return False
    letters.accuracy_day_moved(check, before, at=at)
    note(
        "due_date_moved",
        about=check.reference,
        within=f"review:{check.review_id}",
        by=TIMETABLE_ACTOR,
        at=at,
        was=before.isoformat(),
        now=check.due_on.isoformat(),
        agency=check.agency.reference,
    )
    return True
