"""The job of the calendars, here and in the rooms below; and what became of letters that bring recommendations."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from sqlalchemy import select

from scrutiny.audit.service import note
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.outcomes import sweep, when_letter
from scrutiny.due_dates.late_holidays import count_items_again
from scrutiny.extensions import db
from scrutiny.findings.recounting import count_checks_again
from scrutiny.formats import plural
from scrutiny.recommendations import chasing, dating, delivering, letters
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.recommendations.queries import AWAITED
from scrutiny.reviews.rescheduling import retime_reviews
from scrutiny.rules.queries import calendars_in_force
from scrutiny.transaction import run
from workflows.jobs import job
from workflows.roles import TIMETABLE_ACTOR

log = logging.getLogger(__name__)


@job("check_calendars")
def check_calendars(*, at: datetime) -> str:
    """Phases first, for items hang on them; then items, accuracy checks, responses. A day only moves later; people are told."""
    phases, items = retime_reviews(at=at), count_items_again(at=at)
    checks, responses = count_checks_again(at=at), count_responses_again(at=at)
    return f"{plural(items + checks + responses, 'due date')} and {plural(phases, 'phase')} moved"


@job("remind_of_responses")
def remind_of_responses(*, at: datetime) -> str:
    """Remind agencies a week before their response to a recommendation is due, each in its own transaction, once."""
    return f"{plural(chasing.remind_of_responses(at=at), 'reminder')} written"


def count_responses_again(*, at: datetime) -> int:
    """The responses still awaited, each in its own transaction; how many of their days moved."""
    calendars, moved = calendars_in_force(), 0
    editions = {calendars.uk_any.digest, *(calendar.digest for calendar in calendars)}
    waiting = (
        select(Addressee.id, Addressee.due_working)
        .join(Recommendation)
        .where(Recommendation.state == "made", Addressee.state.in_(AWAITED), Addressee.due_on.is_not(None))
        .order_by(Addressee.id)
    )
    for addressee_id in [row.id for row in db.session.execute(waiting) if row.due_working.calendar not in editions]:
        try:
            moved += run(partial(_count_again, addressee_id, at))
        except Exception:
            log.exception("counting the day of response %s again failed; the others go on", addressee_id)
    return moved


def _count_again(addressee_id: int, at: datetime) -> bool:
    """One response; whether its day moved."""
    addressee = db.session.get_one(Addressee, addressee_id)
    before = dating.recount(addressee)
    if before is None or before == addressee.due_on or addressee.due_on is None:
        return False
    letters.response_day_moved(addressee, before, at=at)
    note(
        "due_date_moved",
        about=addressee.recommendation.reference,
        within=f"review:{addressee.recommendation.review_id}",
        by=TIMETABLE_ACTOR,
        at=at,
        was=before.isoformat(),
        now=addressee.due_on.isoformat(),
        agency=addressee.agency.reference,
    )
    return True


@when_letter(delivering.BRINGS, "posted")
def note_accepted(letter: Letter, at: datetime) -> None:
    """An agency whose letter the mail server accepted has its recommendation."""
    delivering.note_accepted(letter, at=at)


@when_letter(delivering.BRINGS, "bounced")
def note_bounced(letter: Letter, at: datetime) -> None:
    """An agency whose only letter came back has not."""
    delivering.note_bounced(letter, at=at)


def sweep_recommendations(*, at: datetime) -> int:
    """Note letters accepted or come back where a process stopped before it was noted; how many. Part of the sweep."""
    return sweep(delivering.sweepable(), {"posted": note_accepted, "bounced": note_bounced}, at=at)
