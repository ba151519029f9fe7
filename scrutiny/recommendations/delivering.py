"""Whether a recommendation reached an agency it is addressed to: the time to respond runs from that day, and not before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import ColumnElement, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from scrutiny.audit.service import note
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.queries import letters_about
from scrutiny.correspondence.reception import Entered, keep_on_paper, make_room, next_occasion, why_not_received
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.recommendations import letters
from scrutiny.recommendations.dating import count_response, date_response, hold_response
from scrutiny.recommendations.models import Addressee, Recommendation, ResponseStep
from scrutiny.requests.letters import answering_in
from scrutiny.reviews.conflicts import check_not_own
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor

#: The letter that brings a recommendation to an agency.
BRINGS = "recommendation_made"


def bring(addressee: Addressee, *, at: datetime) -> None:
    """Write the letter that brings a recommendation, with the days that run if it arrives today; none runs before it does."""
    date_response(addressee, received_on=london_day(at))
    letters.recommendation_made(addressee, at=at, occasion=_key(addressee))
    hold_response(addressee)


def receive(addressee: Addressee, came: Entered, *, by: Actor, at: datetime) -> None:
    """A recommendation has reached its agency: its response is counted from that day."""
    if addressee.received_on is not None or addressee.recommendation.state != "made":
        return
    written_on = max((london_day(row.written_at) for row in bringing_letters(addressee)), default=came.on)
    count_response(addressee, received_on=written_on)
    promised = addressee.due_on
    count_response(addressee, received_on=came.on)
    addressee.received_how, addressee.received_words = came.how, came.words.strip()
    db.session.flush()
    _noted("recommendation_received", addressee, by, at, how=came.how, on=came.on.isoformat())
    if came.how in ("email", "opened") and promised is not None and addressee.due_on != promised:
        letters.response_day_moved(addressee, promised, holiday=False, at=at)


def bringing_letters(addressee: Addressee) -> list[Letter]:
    """The letters that bring a recommendation to one addressee, of every attempt."""
    key = _key(addressee)
    rows = [row for row in letters_about(addressee.recommendation.reference) if row.kind == BRINGS]
    return [row for row in rows if row.occasion == key or row.occasion.startswith(f"{key}:")]


def why_not_reached(addressee: Addressee) -> str:
    """Why a recommendation has not reached its agency, without a full stop."""
    return why_not_received(bringing_letters(addressee))


def note_accepted(letter: Letter, *, at: datetime) -> None:
    """The mail server accepted a letter that brings a recommendation."""
    addressee = _of_letter(letter)
    if addressee is not None and letter.state == "posted":
        receive(addressee, Entered("email", london_day(at)), by=TIMETABLE_ACTOR, at=at)


def note_bounced(letter: Letter, *, at: datetime) -> None:
    """A letter that brings a recommendation came back: where none arrived and nobody answered, nothing runs after all."""
    addressee = _of_letter(letter)
    if addressee is None or addressee.received_how != "email" or addressee.steps:
        return
    if any(row.state == "posted" for row in bringing_letters(addressee)):
        return
    hold_response(addressee)
    _noted("recommendation_came_back", addressee, TIMETABLE_ACTOR, at)


def enter_received(addressee: Addressee, entered: Entered, *, by: Actor, at: datetime) -> bool:
    """An officer enters that the letter with a recommendation was posted or handed over."""
    _check_open(addressee, by, at)
    made_on = london_day(addressee.recommendation.made_at or at)
    keep_on_paper(bringing_letters(addressee), entered, since=made_on, today=london_day(at))
    receive(addressee, entered, by=by, at=at)
    return True


def send_again(addressee: Addressee, *, by: Actor, at: datetime) -> None:
    """Write the letter again, to the addresses known now, with the days that run if it arrives today."""
    _check_open(addressee, by, at)
    before = bringing_letters(addressee)
    review, answerer = addressee.recommendation.review, addressee.answerer
    make_room(before, to=answering_in(review, answerer, at), name=answerer.name)
    date_response(addressee, received_on=london_day(at))
    letters.recommendation_made(addressee, at=at, occasion=next_occasion(_key(addressee), before))
    hold_response(addressee)
    _noted("recommendation_sent_again", addressee, by, at)


def sweepable() -> Sequence[int]:
    """Letters that bring recommendations whose outcome could not be noted: accepted, or come back with nobody acting on it."""
    other = aliased(Letter)
    arrived = select(other.id).join(Posting, Posting.id == other.posting_id)
    arrived = arrived.where(other.kind == BRINGS, brings_it(other), Posting.state == "posted")
    acted = select(ResponseStep.id).where(ResponseStep.addressee_id == Addressee.id)
    came_back = and_(Posting.state == "bounced", Addressee.received_how == "email", ~arrived.exists(), ~acted.exists())
    rows = (
        select(Letter.id)
        .join(Posting, Posting.id == Letter.posting_id)
        .join(Addressee, brings_it(Letter))
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .where(Letter.kind == BRINGS, Recommendation.state == "made")
        .where(or_(and_(Posting.state == "posted", Addressee.received_on.is_(None)), came_back))
        .order_by(Letter.id)
    )
    return db.session.scalars(rows).all()


def brings_it(letter: type[Letter]) -> ColumnElement[bool]:
    """Whether a letter that brings a recommendation is for this addressee, in SQL."""
    key = literal("addressee-") + cast(Addressee.id, String)
    about = letter.reference == literal("recommendation:") + cast(Addressee.recommendation_id, String)
    return about & or_(letter.occasion == key, func.substr(letter.occasion, 1, func.length(key) + 1) == key + ":")


def _check_open(addressee: Addressee, by: Actor, at: datetime) -> None:
    """Only what has not arrived can be delivered, and nobody records it of an agency they act for too."""
    check_not_own(addressee.recommendation.review, {addressee.agency_id, addressee.answerer.id}, by=by, at=at)
    if addressee.received_on is not None:
        raise Refused(gettext("%(answerer)s has received this recommendation already", answerer=addressee.answerer.name))


def _key(addressee: Addressee) -> str:
    """What the letters to one addressee have in their occasion."""
    return f"addressee-{addressee.id}"


def _of_letter(letter: Letter) -> Addressee | None:
    """The addressee a letter was for, where it is one that brings a recommendation."""
    key = letter.occasion.split(":")[0].removeprefix("addressee-")
    return db.session.get(Addressee, int(key)) if letter.kind == BRINGS and key.isdecimal() else None


def _noted(event: str, addressee: Addressee, by: Actor, at: datetime, **fields: str) -> None:
    """Into the audit trail, within the review."""
    recommendation = addressee.recommendation
    note(
        event,
        about=recommendation.reference,
        within=f"review:{recommendation.review_id}",
        by=by,
        at=at,
        agency=addressee.agency.reference,
        **fields,
    )
