"""Whether a notice reached its agency before something of it becomes public: no day is counted from a letter that never came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from flask_babel import gettext
from sqlalchemy import ColumnElement, String, cast, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from scrutiny.audit.service import note
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.queries import letters_about
from scrutiny.correspondence.reception import Entered, keep_on_paper, make_room, next_occasion, why_not_received
from scrutiny.evidence import service as evidence
from scrutiny.extensions import db
from scrutiny.formats import LONDON, day, london_day
from scrutiny.publication import letters
from scrutiny.publication.models import PublicationNotice, RegisterEntry
from scrutiny.requests.interests import check_request
from scrutiny.requests.letters import receivers
from scrutiny.requests.models import Answer, EvidenceRequest, Item
from scrutiny.rules.queries import calendars_in_force
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor

Notice = RegisterEntry | PublicationNotice
#: The letters that tell an agency of an entry in the register, and of answers that become public.
REGISTER: Final = "register_notice"
ANSWERS: Final = "answers_to_be_published"
#: Working days an agency has, from the notice, to act before anything is published. Policy, not law.
DAYS: Final = 5
#: What the letters about answers have before the number of their notice, in their occasion.
_ANSWERS_KEY: Final = "notice-"


def after_notice(request: EvidenceRequest, told_on: date) -> date:
    """The last of the days an agency has, told on a day, by the calendar of its nation."""
    return calendars_in_force().of(request.agency.nation).after(told_on, DAYS)


def key_of(row: Notice) -> str:
    """What the letters of a notice have in their occasion; a letter sent again adds its number."""
    return str(row.id) if isinstance(row, RegisterEntry) else f"{_ANSWERS_KEY}{row.id}"


def notice_letters(row: Notice) -> list[Letter]:
    """The letters by which an agency is told, of every attempt."""
    key, kind = key_of(row), REGISTER if isinstance(row, RegisterEntry) else ANSWERS
    found = [letter for letter in letters_about(row.request.plain) if letter.kind == kind]
    return [letter for letter in found if letter.occasion.split(":")[0] == key]


def why_not_reached(row: Notice) -> str:
    """Why an agency has not been told, without a full stop."""
    return why_not_received(notice_letters(row))


def notice(notice_id: int) -> PublicationNotice | None:
    """A notice about answers."""
    return db.session.get(PublicationNotice, notice_id)


def not_received(review_id: int) -> list[PublicationNotice]:
    """The notices about answers of a review that have not reached their agency, oldest first: of those still to be published."""
    rows = select(PublicationNotice).join(EvidenceRequest, EvidenceRequest.id == PublicationNotice.request_id)
    rows = rows.where(EvidenceRequest.review_id == review_id, PublicationNotice.received_on.is_(None))
    return [row for row in db.session.scalars(rows.order_by(PublicationNotice.id)) if answers_of(row)]


def tell_of_answers(agency_id: int, items: Sequence[Item], on: date, *, by: Actor, at: datetime) -> None:
    """Tell an agency which of its answers to one request become public, and from when if the letter arrives today."""
    row = PublicationNotice(
        request=items[0].request,
        agency_id=agency_id,
        lodgings=[item.answer_accepted.lodging_id for item in items if item.answer_accepted is not None],
        public_on=on,
        noticed_by=by.reference,
        noticed_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _noted("answers_noticed", row, by, at, on=on.isoformat(), items=[item.reference for item in items])
    letters.answers_to_be_published(row, items, occasion=key_of(row), at=at)


def receive(row: Notice, came: Entered, *, by: Actor, at: datetime) -> None:
    """An agency has been told: its days run from then, and never end before the day its letter names."""
    if row.received_on is not None:
        return
    row.received_on, row.received_how, row.received_words = came.on, came.how, came.words.strip()
    counted = after_notice(row.request, came.on)
    if isinstance(row, RegisterEntry):
        row.reply_until = max(row.reply_until, counted)
        until = row.reply_until
    else:
        row.public_on = max(row.public_on, counted)
        until = row.public_on
        evidence.publish_from([answer.lodging for answer in answers_of(row)], until, by=by, at=at)
    db.session.flush()
    _noted("publication_notice_received", row, by, at, how=came.how, on=came.on.isoformat(), until=until.isoformat())


def answers_of(row: PublicationNotice) -> list[Answer]:
    """The answers a notice is about that are still the ones accepted last, and that nobody has restricted or taken back since."""
    accepted = [item.answer_accepted for item in row.request.items if item.state != "withdrawn"]
    told = [answer for answer in accepted if answer is not None and answer.lodging_id in row.lodgings]
    return [answer for answer in told if answer.lodging.may_come_out and answer.lodging.withheld_at is None]


def note_accepted(letter: Letter, *, at: datetime) -> None:
    """The mail server accepted a letter that tells: its agency has been told on that day."""
    row = _of_letter(letter)
    if row is not None and letter.state == "posted":
        receive(row, Entered("email", london_day(at)), by=TIMETABLE_ACTOR, at=at)


def note_bounced(letter: Letter, *, at: datetime) -> None:
    """A letter that tells came back: where none arrived and nothing is public yet, its agency was not told after all."""
    row = _of_letter(letter)
    if row is None or row.received_how != "email" or any(one.state == "posted" for one in notice_letters(row)):
        return
    if isinstance(row, RegisterEntry):
        if row.state != "noticed" or row.reply:
            return
    elif row.public_on <= london_day(at):
        return
    else:
        begins = datetime.combine(row.public_on, time(), LONDON)
        for answer in answers_of(row):
            if answer.lodging.public_from == begins:
                evidence.take_back(answer.lodging, "The email that tells its agency came back", by=TIMETABLE_ACTOR, at=at)
    row.received_on, row.received_how = None, ""
    db.session.flush()
    _noted("publication_notice_came_back", row, TIMETABLE_ACTOR, at)


def enter_received(row: Notice, entered: Entered, *, by: Actor, at: datetime) -> bool:
    """An officer enters that the letter was posted or handed over."""
    _check_open(row, by, at)
    keep_on_paper(notice_letters(row), entered, since=london_day(row.noticed_at), today=london_day(at))
    receive(row, entered, by=by, at=at)
    return True


def send_again(row: Notice, *, by: Actor, at: datetime) -> None:
    """Write the letter again, to the addresses known now and with a day counted from today."""
    _check_open(row, by, at)
    before, until = notice_letters(row), after_notice(row.request, london_day(at))
    occasion = next_occasion(key_of(row), before)
    if isinstance(row, RegisterEntry):
        make_room(before, to=receivers(row.request, at), name=row.request.agency.name)
        row.reply_until = until
        letters.register_notice(row.request, at=at, entry=row, occasion=occasion)
    else:
        items = [answer.item for answer in answers_of(row)]
        if not items:
            raise Refused(gettext("None of these answers is the one accepted last any more: nothing of them will be published"))
        make_room(before, to=receivers(row.request, at, items), name=row.agency.name)
        row.public_on = until
        letters.answers_to_be_published(row, items, occasion=occasion, at=at)
    db.session.flush()
    _noted("publication_notice_sent_again", row, by, at)


def is_told(letter: type[Letter], row: type[Notice]) -> ColumnElement[bool]:
    """Whether a letter is one by which a row of this table tells its agency, in SQL."""
    row_id: InstrumentedAttribute[int] = row.id
    key = cast(row_id, String) if row is RegisterEntry else literal(_ANSWERS_KEY) + cast(row_id, String)
    kind = REGISTER if row is RegisterEntry else ANSWERS
    about = letter.reference == literal("request:") + cast(row.request_id, String)
    again = func.substr(letter.occasion, 1, func.length(key) + 1) == key + ":"
    return (letter.kind == kind) & about & or_(letter.occasion == key, again)


def sweepable(today: date) -> list[int]:
    """Letters that tell whose outcome could not be noted as it was learnt: accepted, or come back and nobody acted on them."""
    found: list[int] = []
    for table in (RegisterEntry, PublicationNotice):
        rows = select(Letter.id).join(Posting, Posting.id == Letter.posting_id).join(table, is_told(Letter, table))
        posted = (Posting.state == "posted") & table.received_on.is_(None)
        other = aliased(Letter)
        arrived = select(other.id).join(Posting, Posting.id == other.posting_id)
        arrived = arrived.where(is_told(other, table), Posting.state == "posted")
        came_back = (Posting.state == "bounced") & (table.received_how == "email") & _still_open(table, today) & ~arrived.exists()
        found += db.session.scalars(rows.where(posted | came_back).order_by(Letter.id))
    return found


def _still_open(table: type[Notice], today: date) -> ColumnElement[bool]:
    """Whether a notice that came back would still be undone, in SQL; `note_bounced` looks at the rest."""
    if table is RegisterEntry:
        return (RegisterEntry.state == "noticed") & (RegisterEntry.reply == "")
    return PublicationNotice.public_on > today


def _check_open(row: Notice, by: Actor, at: datetime) -> None:
    """Only what has not arrived can be delivered, and nobody records it of an agency they act for too."""
    check_request(row.request, by=by, at=at)
    if row.received_on is not None:
        raise Refused(gettext("This letter has arrived already, on %(received_on)s", received_on=day(row.received_on)))
    if isinstance(row, RegisterEntry) and row.state != "noticed":
        raise Refused(gettext("This entry has already been published or withdrawn"))


def _of_letter(letter: Letter) -> Notice | None:
    """The notice a letter belongs to, where it is one that tells."""
    key = letter.occasion.split(":")[0]
    if letter.kind == REGISTER and key.isdecimal():
        return db.session.get(RegisterEntry, int(key))
    number = key.removeprefix(_ANSWERS_KEY)
    if letter.kind == ANSWERS and key != number and number.isdecimal():
        return db.session.get(PublicationNotice, int(number))
    return None


def _noted(event: str, row: Notice, by: Actor, at: datetime, **fields: Any) -> None:
    """Into the audit trail, within the review."""
    request = row.request
    note(event, about=request.plain, within=request.review.plain, by=by, at=at, notice=row.plain, **fields)
