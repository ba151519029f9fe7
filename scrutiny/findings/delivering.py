"""Whether an accuracy check reached its agency: it runs once a letter was accepted, it was opened or it was handed over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import String, and_, cast, literal, or_, select
from sqlalchemy.orm import aliased

from scrutiny.agencies.models import Agency
from scrutiny.audit.service import note
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.queries import letters_about
from scrutiny.correspondence.reception import BY_HAND, Entered, keep_on_paper, make_room, next_occasion, why_not_received
from scrutiny.extensions import db
from scrutiny.findings import letters
from scrutiny.findings.models import AccuracyCheck, Correction, Extract
from scrutiny.formats import london_day
from scrutiny.requests.letters import answering_in
from scrutiny.reviews.conflicts import check_not_own
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force, method_of
from workflows.deadlines import Due, due
from workflows.due_working import Working, worked
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor

#: The letter that asks an agency to check the facts.
ASKS = "accuracy_check"


def due_for(review: Review, agency: Agency, sent_on: date) -> Due:
    """When an agency's corrections are due if its extracts are sent on a day, by the method's own clock."""
    rule = method_of(review.edition).accuracy_check
    return due(rule.clock, sent_on, calendars_in_force(), nation=agency.nation, event=rule.event)


def working_of(found: Due) -> Working:
    """Why the day is what it is, as it is kept."""
    return worked(found, source=found.source, start=found.start, calendar=found.edition)


def receive(check: AccuracyCheck, came: Entered, *, by: Actor, at: datetime) -> None:
    """An agency has its extracts: the days to check them run from then; it is told of others than it read, unless on paper."""
    if check.received_on is not None:
        return
    check.received_on, check.received_how, check.received_words = came.on, came.how, came.words.strip()
    promised, found = check.due_on, due_for(check.review, check.agency, came.on)
    if found.due is not None and check.answered_at is None:
        check.due_on, check.due_working = found.due, working_of(found)
    db.session.flush()
    note(
        "accuracy_check_received",
        about=check.reference,
        within=f"review:{check.review_id}",
        by=by,
        at=at,
        agency=check.agency_id,
        how=came.how,
        on=came.on.isoformat(),
        due_on=check.due_on.isoformat(),
    )
    if came.how not in BY_HAND and check.due_on != promised:
        letters.accuracy_day_moved(check, promised, holiday=False, at=at)


def asking_letters(check: AccuracyCheck) -> list[Letter]:
    """The letters that ask an agency to check the facts, of every attempt."""
    return [letter for letter in letters_about(check.reference) if letter.kind == ASKS]


def why_not_reached(check: AccuracyCheck) -> str:
    """Why an agency has not been shown its extracts, without a full stop."""
    return why_not_received(asking_letters(check))


def note_accepted(letter: Letter, *, at: datetime) -> None:
    """The mail server accepted a letter that asks: its agency has its extracts from that day."""
    check = _of_letter(letter)
    if check is not None and letter.state == "posted":
        receive(check, Entered("email", london_day(at)), by=TIMETABLE_ACTOR, at=at)


def note_bounced(letter: Letter, *, at: datetime) -> None:
    """A letter that asks came back: where none arrived and nobody acted on it, the agency was shown nothing after all."""
    check = _of_letter(letter)
    if check is None or check.received_how != "email" or check.answered_at is not None:
        return
    if any(extract.corrections for extract in check.extracts) or any(row.state == "posted" for row in asking_letters(check)):
        return
    check.received_on, check.received_how = None, ""
    db.session.flush()
    within = f"review:{check.review_id}"
    note("accuracy_check_came_back", about=check.reference, within=within, by=TIMETABLE_ACTOR, at=at, agency=check.agency_id)


def enter_received(check: AccuracyCheck, entered: Entered, *, by: Actor, at: datetime) -> bool:
    """An officer enters that the letter with the extracts was posted or handed over."""
    _check_open(check, by, at)
    keep_on_paper(asking_letters(check), entered, since=london_day(check.sent_at), today=london_day(at))
    receive(check, entered, by=by, at=at)
    return True


def send_again(check: AccuracyCheck, *, by: Actor, at: datetime) -> list[Letter]:
    """Write the letter again, to the addresses known now and with a day counted from today."""
    _check_open(check, by, at)
    before = asking_letters(check)
    make_room(before, to=answering_in(check.review, check.answerer, at), name=check.answerer.name)
    found = due_for(check.review, check.agency, london_day(at))
    if found.due is not None:
        check.due_on, check.due_working = found.due, working_of(found)
    sent = letters.accuracy_check(check, at=at, occasion=next_occasion("again", before))
    note("accuracy_check_sent_again", about=check.reference, within=f"review:{check.review_id}", by=by, at=at)
    return sent


def sweepable() -> Collection[int]:
    """Letters that ask whose outcome could not be noted as it was learnt: accepted, or come back with nobody acting on it."""
    other, named = aliased(Letter), literal("accuracy:") + cast(AccuracyCheck.id, String)
    arrived = select(other.id).join(Posting, Posting.id == other.posting_id)
    arrived = arrived.where(other.kind == ASKS, other.reference == Letter.reference, Posting.state == "posted")
    corrected = select(Correction.id).join(Extract).where(Extract.check_id == AccuracyCheck.id)
    came_back = and_(
        Posting.state == "bounced",
        AccuracyCheck.received_how == "email",
        AccuracyCheck.answered_at.is_(None),
        ~arrived.exists(),
        ~corrected.exists(),
    )
    rows = (
        select(Letter.id)
        .join(Posting, Posting.id == Letter.posting_id)
        .join(AccuracyCheck, Letter.reference == named)
        .where(Letter.kind == ASKS, or_(and_(Posting.state == "posted", AccuracyCheck.received_on.is_(None)), came_back))
        .order_by(Letter.id)
    )
    return db.session.scalars(rows).all()


def _check_open(check: AccuracyCheck, by: Actor, at: datetime) -> None:
    """Only what has not arrived can be delivered, and nobody records it of an agency they act for too."""
    check_not_own(check.review, {check.agency_id, check.answerer.id}, by=by, at=at)
    if check.received_on is not None or check.answered_at is not None:
        raise Refused(gettext("%(agency)s has this accuracy check already", agency=check.agency.name))


def _of_letter(letter: Letter) -> AccuracyCheck | None:
    """The check a letter belongs to, where it is one that asks."""
    if letter.kind != ASKS or not letter.reference.startswith("accuracy:"):
        return None
    return db.session.get(AccuracyCheck, int(letter.reference.removeprefix("accuracy:")))
