"""Taking in email: each read once, matched to the letter it is about, and what it says of that letter entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext
from sqlalchemy import select

from scrutiny.audit.service import note
from scrutiny.correspondence import outcomes, queries
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.mail_reading import Incoming, read_apart
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.extensions import db
from scrutiny.transaction import run
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one email: its kind, the record it was matched to ('' where there is none), and whether it was known."""

    kind: str
    about: str
    known: bool = False


def take_in(raw: bytes, *, at: datetime) -> TakenIn:
    """Take in one email, in a transaction of its own; the same one again changes nothing. Nothing is ever answered.

    It raises where the email could not be kept: whoever brought it keeps it and tries again.
    """
    incoming = read_apart(raw)
    taken, came_back = run(lambda: _take_in(incoming, at))
    if came_back:
        outcomes.tell(came_back, "bounced", at)
    return taken


def _take_in(incoming: Incoming, at: datetime) -> tuple[TakenIn, int]:
    """The same within a transaction, and the email of ours that it proves to have come back; 0 where it proves none."""
    found = db.session.scalar(select(IncomingMail).where(IncomingMail.digest == incoming.digest))
    if found is not None:
        return TakenIn(found.kind, found.about, known=True), 0
    if _is_our_own(incoming):
        return TakenIn("own", "", known=True), 0
    posting = _posting_of(incoming)
    proven = posting is not None and incoming.kind == "bounce" and _is_proven(incoming, posting)
    row = _enter(incoming, posting, at, proven=proven)
    came_back = posting is not None and proven and _come_back(posting, incoming.fault, by=TIMETABLE_ACTOR, at=at)
    return TakenIn(incoming.kind, row.about), posting.id if posting is not None and came_back else 0


def confirm_bounce(mail: IncomingMail, *, by: Actor, at: datetime) -> int:
    """Take an email at its word that a letter came back, though nothing proves it; the email of ours to tell of, or 0."""
    if not may_be_confirmed(mail):
        raise Refused(gettext("Only an email that says a letter came back, and does not prove it, can be confirmed"))
    assert mail.posting is not None
    mail.proven = True
    came_back = _come_back(mail.posting, mail.fault, by=by, at=at)
    deal_with(mail, by=by, at=at)
    return mail.posting.id if came_back else 0


def may_be_confirmed(mail: IncomingMail) -> bool:
    """Whether an email says of a letter of ours that it came back, without proof, and nobody has dealt with it."""
    return mail.kind == "bounce" and mail.posting is not None and not mail.proven and mail.dealt_at is None


def _come_back(posting: Posting, fault: str, *, by: Actor, at: datetime) -> bool:
    """Enter that an email of ours came back; False where it did not leave, or came back before."""
    if posting.state != "posted":
        return False
    posting.state, posting.fault = "bounced", fault
    for letter in queries.envelope(posting.id)[1]:
        note("letter_came_back", about=f"letter:{letter.id}", by=by, at=at, within=letter.within)
    return True


def deal_with(mail: IncomingMail, *, by: Actor, at: datetime) -> None:
    """Say that somebody has looked at an email that came in: it is not listed as waiting any more."""
    if mail.dealt_at is not None:
        raise Refused(gettext("Somebody has dealt with this email already"))
    mail.dealt_at, mail.dealt_by = at, by.reference
    db.session.flush()
    note("mail_dealt_with", about=f"mail:{mail.id}", by=by, at=at, within=mail.within)


def _enter(incoming: Incoming, posting: Posting | None, at: datetime, *, proven: bool) -> IncomingMail:
    """Its row; what it is about is what the first letter of the email was about."""
    letters = queries.envelope(posting.id)[1] if posting is not None else []
    first: Letter | None = letters[0] if letters else None
    row = IncomingMail(
        digest=incoming.digest,
        kind=incoming.kind,
        message_id=incoming.message_id,
        sender=incoming.sender,
        subject=incoming.subject,
        text=incoming.text,
        attachments=list(incoming.attachments),
        fault=incoming.fault,
        proven=proven,
        posting_id=posting.id if posting is not None else None,
        about=first.reference if first else "",
        within=first.within if first else "",
        came_at=at,
    )
    db.session.add(row)
    db.session.flush()
    note("mail_came_in", about=f"mail:{row.id}", by=TIMETABLE_ACTOR, at=at, within=row.within, kind=row.kind)
    return row


def _is_our_own(incoming: Incoming) -> bool:
    """Whether it is a letter of ours that came round to our own mailbox."""
    return (
        bool(incoming.message_id)
        and db.session.scalar(select(Posting.id).where(Posting.message_id == incoming.message_id)) is not None
    )


def _is_proven(incoming: Incoming, posting: Posting) -> bool:
    """Whether a bounce is to be believed: it came to the return path of this email, and names it.

    The address for replies stands in every letter, and whoever was sent one may pass it on; it proves nothing.
    """
    secret = current_app.config["SETTINGS"].secret_key
    ours = any(one.bounces and one.posting_id == posting.id and one.is_ours(secret) for one in incoming.tokens)
    return ours and posting.message_id in incoming.about


def _posting_of(incoming: Incoming) -> Posting | None:
    """The email of ours it is about: by a sealed token in the address it came to, else by the Message-ID it names."""
    secret = current_app.config["SETTINGS"].secret_key
    for token in incoming.tokens:
        # Its seal first: a number of anybody's making may be larger than the database can be asked for.
        posting = db.session.get(Posting, token.posting_id) if token.is_ours(secret) else None
        if posting is not None:
            return posting
    rows = {row.message_id: row for row in db.session.scalars(select(Posting).where(Posting.message_id.in_(incoming.about)))}
    return next((rows[named] for named in incoming.about if named in rows), None)
