"""One email at a time: made from waiting letters, claimed, posted outside the write, and what came of it kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from itertools import groupby
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import update

from scrutiny.adapters import fitted
from scrutiny.adapters.files import STORE_FAULTS, FileDamaged, FileMissing
from scrutiny.adapters.mail import Enclosure, MailNotAccepted, compose, enclose
from scrutiny.addresses import read_sender
from scrutiny.audit.service import note
from scrutiny.correspondence import outcomes, queries
from scrutiny.correspondence.edited_models import MOST_ATTACHED
from scrutiny.correspondence.edited_queries import files_of, sizes_waiting
from scrutiny.correspondence.mail_reading import tagged
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.sealing import PLACEHOLDER, Unreadable, unseal
from scrutiny.correspondence.service import new_message_id
from scrutiny.correspondence.wording import joined
from scrutiny.extensions import db
from scrutiny.languages import tag_of
from scrutiny.transaction import run, take_turn, writes_now
from scrutiny.work import claims
from scrutiny.work.clock import Clock
from scrutiny.work.heartbeat import kept_alive
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR

log = logging.getLogger(__name__)
#: Renewed while the mail server is spoken to, however long that takes; short enough that a stopped process delays nobody.
LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
#: With waits that double to four hours, the last attempt is about two days after the first.
ATTEMPTS = 19
#: An email during which the process stopped so often may have gone out each time: it fails, and somebody decides.
MOST_LOST = 3
LOST = "Sending this email was cut short %d times, so it may have gone out. Ask whether it came before you send it again."

#: What the trail says of each letter of an email that came to an end here.
NOTED = {"posted": "letter_posted", "failed": "letter_failed"}


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with an email: how it is called there, and the digest of its bytes."""

    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of posting one email: 'posted', 'failed', 'later', or 'lost' where another process took it over."""

    state: str
    fault: str = ""


def put_in_envelopes(at: datetime, only: Sequence[str] = ()) -> int:
    """Give each waiting letter (of some kinds) its email; those of one bundle, person and day share one, as long as their
    files fit one. How many were made."""
    return run(lambda: _put_in_envelopes(at, only))


def _put_in_envelopes(at: datetime, only: Sequence[str]) -> int:
    """The same, within one transaction; two processes at it at once would give a letter two emails."""
    take_turn("envelopes")
    made, sizes = 0, sizes_waiting()
    for _, group in groupby(queries.unposted(at, only), key=_envelope):
        for letters in _by_email(list(group), sizes):
            posting = Posting(message_id=new_message_id(), address=letters[0].address, made_at=at)
            db.session.add(posting)
            for letter in letters:
                letter.posting = posting
            made += 1
    return made


def _by_email(letters: Sequence[Letter], sizes: Mapping[int, Mapping[str, int]]) -> Iterator[list[Letter]]:
    """Letters that go together, as many in one email as their files fit into; the same bytes count once, for they go once."""
    together: list[Letter] = []
    carried: dict[str, int] = {}
    for letter in letters:
        more = carried | dict(sizes.get(letter.id, {}))
        if together and sum(more.values()) > MOST_ATTACHED:
            yield together
            together, more = [], dict(sizes.get(letter.id, {}))
        together.append(letter)
        carried = more
    yield together


def _envelope(letter: Letter) -> tuple[str, ...]:
    """What letters of one email have in common; a letter outside any bundle goes alone."""
    alone = "" if letter.bundle else str(letter.id)
    return letter.person, letter.address, letter.bundle, str(letter.bundle_on), letter.sender_name, letter.reply_to, alone


def post(posting_id: int, clock: Clock) -> Outcome:
    """Claim one email, read its files and post it while no transaction is open, and publish what came of it behind the fence.

    Each attempt counts as lost until something came of it: nothing that happens to the process leaves one uncounted.
    """
    with writes_now():
        at = clock()
        tried = {"attempts": Posting.attempts + 1, "lost": Posting.lost + 1}
        token = claims.claim(Posting, posting_id, at=at, lease=LEASE, also=tried, state="waiting")
        if token is None:
            return Outcome("lost")
        posting, letters = queries.envelope(posting_id)
        if posting.not_before is not None and posting.not_before > at:
            return _given_back(posting, token)
        attempt, sealed = posting.attempts, any(letter.sealed for letter in letters)
        written_at = max(letter.written_at for letter in letters)
        too_often = posting.lost > MOST_LOST
        message = Outcome("failed", LOST % MOST_LOST) if too_often else _composed(posting, letters, at)
        files = _files(letters)
    if isinstance(message, Outcome):
        outcome = message
    else:
        with kept_alive(Posting, posting_id, token, clock=clock, lease=LEASE):
            outcome = _enclosed(message, files) or _offered(message)
    if outcome.state == "later" and attempt >= ATTEMPTS:
        outcome = Outcome("failed", outcome.fault)
    # The run began before a letter that was written while it ran: it was not posted before it was written.
    offered, at = outcome, max(clock(), written_at)
    outcome = run(lambda: _kept(posting_id, token, offered, attempt, at, sealed=sealed))
    outcomes.tell(posting_id, outcome.state, at)
    return outcome


def _given_back(posting: Posting, token: str) -> Outcome:
    """An email that must still wait is given up again, as if it had not been tried."""
    claims.publish(Posting, posting.id, token, attempts=posting.attempts - 1, lost=posting.lost - 1)
    return Outcome("later")


def _composed(posting: Posting, letters: Sequence[Letter], at: datetime) -> EmailMessage | Outcome:
    """The email with its secrets filled in, or why it cannot be made."""
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
            languages=", ".join(dict.fromkeys(tag_of(letter.language) for letter in letters)),
            at=at,
        )
        if settings.reply_address:
            message["Return-Path"] = f"<{tagged(settings.reply_address, posting.id, settings.secret_key, bounces=True)}>"
        return message
    except Unreadable:
        return Outcome("failed", "The secret link in this letter cannot be opened: SECRET_KEY has changed. Ask for a new one.")
    except Refused as refusal:
        return Outcome("failed", refusal.sentence)


def _files(letters: Sequence[Letter]) -> list[File]:
    """The files sent with the letters of one email; the same bytes go once."""
    found = {one.sha256: one for one in reversed(files_of([letter.id for letter in letters]))}
    return [File(one.name, one.media_type, one.sha256) for one in reversed(list(found.values()))]


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


def _enclosed(message: EmailMessage, files: Sequence[File]) -> Outcome | None:
    """Put its files into an email; they are read only now, so that nobody's writing waits for a slow store."""
    for file in files:
        try:
            enclose(message, Enclosure(file.name, file.media_type, fitted.files().read(file.sha256)))
        except (FileMissing, FileDamaged) as refusal:
            return Outcome("failed", f"The attachment “{file.name}” could not be read. {refusal.sentence}")
        except STORE_FAULTS:
            log.exception("the attachment %s could not be read; its email is tried again", file.sha256[:16])
            return Outcome("later", f"The attachment “{file.name}” could not be read. The file store did not answer.")
    return None


def _offered(message: EmailMessage) -> Outcome:
    """Hand the email to the mail server."""
    try:
        fitted.mailer().post(message)
    except MailNotAccepted as refusal:
        return Outcome("failed" if refusal.permanent else "later", refusal.why)
    return Outcome("posted")


def _kept(posting_id: int, token: str, outcome: Outcome, attempt: int, at: datetime, *, sealed: bool) -> Outcome:
    """Enter what came of it, unless another process holds the email by now; a secret that has gone out is wiped."""
    values: dict[str, object] = {"fault": outcome.fault, "lost": Posting.lost - 1}
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
    if outcome.state in NOTED:
        for letter in queries.envelope(posting_id)[1]:
            note(NOTED[outcome.state], about=f"letter:{letter.id}", by=TIMETABLE_ACTOR, at=at, within=letter.within)
    return outcome
