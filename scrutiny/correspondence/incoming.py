"""Taking in email: each read once, matched to the letter it is about, and what it says of that letter entered."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from scrutiny.audit.service import note
from scrutiny.correspondence import outcomes, queries
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.mail_reading import Incoming, read_mail, token_of
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one email: its kind, the record it was matched to ('' where there is none), and whether it was known."""

    kind: str
    about: str
    known: bool = False


def take_in(raw: bytes, *, at: datetime) -> TakenIn:
    """Take in one email, in a transaction of its own; the same one again changes nothing. Nothing is ever answered."""
    incoming = read_mail(raw)
    with writes_now():
        found = db.session.scalar(select(IncomingMail).where(IncomingMail.digest == incoming.digest))
        if found is not None:
            return TakenIn(found.kind, found.about, known=True)
        if _is_our_own(incoming):
            return TakenIn("own", "", known=True)
        posting = _posting_of(incoming)
        row = _enter(incoming, posting, at)
        came_back = posting is not None and incoming.kind == "bounce" and posting.state == "posted"
        if posting is not None and came_back:
            posting.state, posting.fault = "bounced", incoming.fault
            for letter in queries.envelope(posting.id)[1]:
                note("letter_came_back", about=f"letter:{letter.id}", by=TIMETABLE_ACTOR, at=at, within=letter.within)
        posting_id, about = (posting.id if posting is not None else 0), row.about
    if came_back:
        outcomes.tell(posting_id, "bounced", at)
    return TakenIn(incoming.kind, about)


def deal_with(mail: IncomingMail, *, by: Actor, at: datetime) -> None:
    """Say that somebody has looked at an email that came in: it is not listed as waiting any more."""
    if mail.dealt_at is not None:
        raise Refused("Somebody has dealt with this email already")
    mail.dealt_at, mail.dealt_by = at, by.reference
    db.session.flush()
    note("mail_dealt_with", about=f"mail:{mail.id}", by=by, at=at, within=mail.within)


def _enter(incoming: Incoming, posting: Posting | None, at: datetime) -> IncomingMail:
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


def _posting_of(incoming: Incoming) -> Posting | None:
    """The email of ours it is about: by the sealed token in the address it came to, else by the Message-ID it names."""
    secret = current_app.config["SETTINGS"].secret_key
    for posting_id, seal in incoming.tokens:
        posting = db.session.get(Posting, posting_id)
        if posting is not None and hmac.compare_digest(token_of(posting_id, secret), f"{posting_id}-{seal}"):
            return posting
    rows = {row.message_id: row for row in db.session.scalars(select(Posting).where(Posting.message_id.in_(incoming.about)))}
    return next((rows[named] for named in incoming.about if named in rows), None)
