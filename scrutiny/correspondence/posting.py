"""One e-mail at a time: made from waiting letters, claimed, posted outside the write, and what came of it kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import update

from scrutiny.adapters import fitted
from scrutiny.adapters.mail import MailNotAccepted, compose
from scrutiny.addresses import read_sender
from scrutiny.audit.service import note
from scrutiny.correspondence import outcomes, queries
from scrutiny.correspondence.mail_reading import tagged
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.sealing import PLACEHOLDER, Unreadable, unseal
from scrutiny.correspondence.service import new_message_id
from scrutiny.correspondence.wording import joined
from scrutiny.extensions import db
from scrutiny.transaction import run, take_turn, writes_now
from scrutiny.work import claims
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR

#: Longer than a mail server may keep us waiting, short enough that a stopped process delays nobody for long.
LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
#: With waits that double to four hours, the last attempt is about two days after the first.
ATTEMPTS = 19


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of posting one e-mail: 'posted', 'failed', 'later', or 'lost' where another process took it over."""

    state: str
    fault: str = ""


def put_in_envelopes(at: datetime) -> int:
    """Give each waiting letter its e-mail; those of one bundle, person and day share one. How many e-mails were made."""
    return run(lambda: _put_in_envelopes(at))


def _put_in_envelopes(at: datetime) -> int:
    """The same, within one transaction; two processes at it at once would give a letter two e-mails."""
    take_turn("envelopes")
    made = 0
    for _, group in groupby(queries.unposted(at), key=_envelope):
        letters = list(group)
        posting = Posting(message_id=new_message_id(), address=letters[0].address, made_at=at)
        db.session.add(posting)
        for letter in letters:
            letter.posting = posting
        made += 1
    return made


def _envelope(letter: Letter) -> tuple[str, ...]:
    """What letters of one e-mail have in common; a letter outside any bundle goes alone."""
    alone = "" if letter.bundle else str(letter.id)
    return letter.person, letter.address, letter.bundle, str(letter.bundle_on), letter.sender_name, letter.reply_to, alone


def post(posting_id: int, at: datetime) -> Outcome:
    """Claim one e-mail, post it while no transaction is open, and publish what came of it behind the fence."""
    with writes_now():
        tried = {"attempts": Posting.attempts + 1}
        token = claims.claim(Posting, posting_id, at=at, lease=LEASE, also=tried, state="waiting")
        if token is None:
            return Outcome("lost")
        posting, letters = queries.envelope(posting_id)
        if posting.not_before is not None and posting.not_before > at:
            return _given_back(posting, token)
        attempt, sealed = posting.attempts, any(letter.sealed for letter in letters)
        message = _composed(posting, letters, at)
    outcome = message if isinstance(message, Outcome) else _offered(message)
    if outcome.state == "later" and attempt >= ATTEMPTS:
        outcome = Outcome("failed", outcome.fault)
    offered = outcome
    outcome = run(lambda: _kept(posting_id, token, offered, attempt, at, sealed=sealed))
    outcomes.tell(posting_id, outcome.state, at)
    return outcome


def _given_back(posting: Posting, token: str) -> Outcome:
    """An e-mail that must still wait is given up again, as if it had not been tried."""
    claims.publish(Posting, posting.id, token, attempts=posting.attempts - 1)
    return Outcome("later")


def _composed(posting: Posting, letters: Sequence[Letter], at: datetime) -> EmailMessage | Outcome:
    """The e-mail with its secrets filled in, or why it cannot be made."""
    settings = current_app.config["SETTINGS"]
    try:
        subject, text = joined([(letter.subject, _filled_in(letter, settings.secret_key)) for letter in letters])
        message = compose(
            to=posting.address,
            subject=subject,
            text=text,
            message_id=posting.message_id,
            sender=_sender(letters[0]),
            reply_to=_reply_to(posting, letters[0]),
            at=at,
        )
        if settings.reply_address:
            message["Return-Path"] = f"<{tagged(settings.reply_address, posting.id, settings.secret_key)}>"
        return message
    except Unreadable:
        return Outcome("failed", "The secret link in this letter cannot be opened: SECRET_KEY has changed. Ask for a new one.")
    except Refused as refusal:
        return Outcome("failed", refusal.sentence)


def _reply_to(posting: Posting, letter: Letter) -> str:
    """Where an answer goes: the address of the request itself where there is one, else where the letter says."""
    settings = current_app.config["SETTINGS"]
    if settings.reply_address and letter.reference.startswith("request:"):
        return tagged(settings.reply_address, posting.id, settings.secret_key)
    return letter.reply_to


def _sender(letter: Letter) -> Address:
    """The address all letters come from, under the name of the body a letter speaks for."""
    settings = current_app.config["SETTINGS"]
    ours = read_sender(settings.mail_from, urlsplit(settings.public_url).hostname or "")
    return Address(display_name=letter.sender_name or ours.display_name, addr_spec=ours.addr_spec)


def _filled_in(letter: Letter, secret_key: str) -> str:
    """The text as it is posted."""
    return letter.text.replace(PLACEHOLDER, unseal(letter.sealed, secret_key)) if letter.sealed else letter.text


def _offered(message: EmailMessage) -> Outcome:
    """Hand the e-mail to the mail server."""
    try:
        fitted.mailer().post(message)
    except MailNotAccepted as refusal:
        return Outcome("failed" if refusal.permanent else "later", refusal.why)
    return Outcome("posted")


def _kept(posting_id: int, token: str, outcome: Outcome, attempt: int, at: datetime, *, sealed: bool) -> Outcome:
    """Enter what came of it, unless another process holds the e-mail by now; a secret that has gone out is wiped."""
    values: dict[str, Any] = {"fault": outcome.fault}
    if outcome.state == "later":
        values["not_before"] = at + min(FIRST_WAIT * 2 ** min(attempt - 1, 16), LONGEST_WAIT)
    else:
        values["state"] = outcome.state
    if outcome.state == "posted":
        values["posted_at"] = at
    if not claims.publish(Posting, posting_id, token, **values):
        return Outcome("lost")
    if outcome.state == "posted" and sealed:
        # The secret has left the house: nothing here can tell it again.
        db.session.execute(update(Letter).where(Letter.posting_id == posting_id, Letter.sealed.is_not(None)).values(sealed=None))
    if outcome.state == "failed":
        for letter in queries.envelope(posting_id)[1]:
            note("letter_failed", about=f"letter:{letter.id}", by=TIMETABLE_ACTOR, at=at, within=letter.within)
    return outcome
