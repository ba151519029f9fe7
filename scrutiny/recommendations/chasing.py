"""Chasing what is late of a recommendation: a reminder by the clock before the day; after it, letters by hand and the chair's.

What went is read from the letters themselves, so that nothing can say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.audit.service import note
from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import letters_about
from scrutiny.extensions import db
from scrutiny.formats import LONDON, day, london_day
from scrutiny.recommendations import chasing_letters as letters
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.recommendations.queries import AWAITED, is_response_late
from scrutiny.requests.ladder import HOUR, days_of, not_before
from scrutiny.requests.letter_values import NOTHING_ADDED, OwnWords
from scrutiny.reviews.conflicts import check_not_own
from scrutiny.transaction import run
from workflows.lifecycles.escalation import SIGNERS
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor

#: How long before its day a response is reminded of by the clock.
AHEAD: Final = timedelta(days=7)
#: How long after one letter by hand the next of its kind may go about the same recommendation.
APART: Final = {letters.CHASED: timedelta(days=7), letters.CHAIRS: timedelta(days=28), letters.TO_ESCALATE: timedelta(days=7)}
#: What is entered in the trail for each.
EVENTS: Final = {
    letters.CHASED: "response_chased",
    letters.CHAIRS: "response_escalated",
    letters.TO_ESCALATE: "response_escalation_asked",
}
PROMISED: Final = ("accepted", "partly_accepted")


@dataclass(frozen=True, slots=True)
class Late:
    """What is late of a recommendation: its response, or that what was accepted is done; and the day that has passed."""

    progress: bool
    since: date


def late_of(addressee: Addressee, today: date) -> Late | None:
    """What an agency is late with; None where nothing is, or where the next step is the body's."""
    if addressee.recommendation.state != "made":
        return None
    if is_response_late(addressee, today) and addressee.due_on is not None:
        return Late(progress=False, since=addressee.due_on)
    promised = addressee.expected_on or addressee.recommendation.done_by
    if addressee.state in PROMISED and promised is not None and promised < today:
        return Late(progress=True, since=promised)
    return None


def written(addressee: Addressee, *kinds: str) -> list[Letter]:
    """The letters of these kinds about what one agency is late with, oldest first."""
    key = f"addressee-{addressee.id}:"
    found = letters_about(addressee.recommendation.reference)
    return sorted((one for one in found if one.kind in kinds and one.occasion.startswith(key)), key=lambda one: one.id)


def why_not(addressee: Addressee, kind: str, today: date) -> str:
    """Why a letter of a kind may not go today, in a sentence without a full stop; '' if it may."""
    if late_of(addressee, today) is None:
        return gettext("Nothing is overdue here")
    sent = [london_day(one.written_at) for one in written(addressee, kind)]
    if sent and today < sent[-1] + APART[kind]:
        return gettext(
            "A letter like this was written on %(day)s. You can send the next from %(next)s",
            day=day(sent[-1]),
            next=day(sent[-1] + APART[kind]),
        )
    if kind != letters.CHASED and not written(addressee, letters.CHASED):
        return gettext("Send a reminder first")
    return ""


def chase(addressee: Addressee, kind: str, *, by: Actor, at: datetime, words: OwnWords = NOTHING_ADDED) -> list[Letter]:
    """Write to an agency about what is late: a reminder, or the chair's letter in the name of whoever sends it."""
    review, today = addressee.recommendation.review, london_day(at)
    check_not_own(review, {addressee.agency_id, addressee.answerer.id}, by=by, at=at)
    if kind == letters.CHAIRS and not by.has(*SIGNERS):
        raise Refused(gettext("Only the chair or a lead inspector can send this letter"))
    late = _allowed(addressee, kind, today)
    later = not_before(addressee.answerer.nation, at)
    sent = letters.write_late(kind, letters.LateLetter(addressee, late.progress, late.since, words, by), at=at, not_before=later)
    _noted(EVENTS[kind], addressee, by, at)
    return sent


def ask_chair(addressee: Addressee, *, by: Actor, at: datetime) -> list[Letter]:
    """Ask those who may sign it to write to an agency that was reminded and has not answered."""
    today, lead = london_day(at), addressee.recommendation.review.lead
    late = _allowed(addressee, letters.TO_ESCALATE, today)
    to = bodies.recipients(lead, today, sorted(SIGNERS))
    if not to:
        raise Refused(gettext("%(body)s has no chair or lead inspector here who could send this letter", body=lead.name))
    asked = letters.to_escalate(letters.LateLetter(addressee, late.progress, late.since, NOTHING_ADDED, by), to, at=at)
    _noted(EVENTS[letters.TO_ESCALATE], addressee, by, at)
    return asked


def remind_of_responses(*, at: datetime) -> int:
    """Remind each agency once, a week before the day of its response, on an open day; how many were reminded."""
    if at.astimezone(LONDON).time() < HOUR:
        return 0
    today = london_day(at)
    rows = (
        select(Addressee.id)
        .join(Recommendation)
        .where(Recommendation.state == "made", Addressee.state.in_(AWAITED))
        .where(Addressee.due_on.between(today, today + AHEAD), Addressee.received_on < today - AHEAD)
        .order_by(Addressee.id)
    )
    return sum(run(partial(_remind, one, at)) for one in list(db.session.scalars(rows)))


def _remind(addressee_id: int, at: datetime) -> bool:
    """One agency; whether it was reminded now."""
    addressee = db.session.get_one(Addressee, addressee_id)
    if addressee.due_on is None or days_of(addressee.answerer.nation).why_not(london_day(at)):
        return False
    occasion = letters.occasion_of(addressee, addressee.due_on)
    if any(one.occasion == occasion for one in written(addressee, letters.REMINDER)):
        return False
    letters.reminder(addressee, at=at)
    _noted("response_reminded", addressee, TIMETABLE_ACTOR, at)
    return True


def _allowed(addressee: Addressee, kind: str, today: date) -> Late:
    """What is late, where a letter of a kind may go about it; else refused with the reason."""
    late, barred = late_of(addressee, today), why_not(addressee, kind, today)
    if barred or late is None:
        raise Refused(barred)
    return late


def _noted(event: str, addressee: Addressee, by: Actor, at: datetime) -> None:
    """Into the audit trail, within the review."""
    recommendation = addressee.recommendation
    within, agency = f"review:{recommendation.review_id}", addressee.answerer.reference
    note(event, about=recommendation.reference, within=within, by=by, at=at, agency=agency)
