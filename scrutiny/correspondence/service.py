"""Writing letters: once each, kept with the deed, posted after it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext
from sqlalchemy import select, update

from scrutiny.addresses import read_address
from scrutiny.audit.service import note
from scrutiny.correspondence.edited_models import LetterAttachment, LetterEdit, LetterFile
from scrutiny.correspondence.editing import Composed, merged
from scrutiny.correspondence.lanes import FIRST
from scrutiny.correspondence.models import LONGEST_OCCASION, Letter, Posting
from scrutiny.correspondence.queued import remember
from scrutiny.correspondence.sealing import PLACEHOLDER, seal
from scrutiny.correspondence.wording import salutation, worded
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.transaction import enter_once, soon
from workflows.refusals import Refused
from workflows.roles import Actor

NO_ADDRESS = "No email address is known"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter is for: a plain reference ('person:4', 'agency:7', 'alert:9'), an address, a name and a language.

    `office` is who is addressed where no person is known: Chief Constable.
    """

    reference: str
    address: str
    name: str
    language: str = "en"
    office: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """The body a letter speaks for, as its reader sees it in the From line, and where replies go."""

    name: str
    reply_to: str


def write_letter(
    kind: str,
    *,
    to: Recipient,
    reference: str,
    at: datetime,
    occasion: str = "",
    within: str = "",
    bundle: str = "",
    secret: str | None = None,
    not_before: datetime | None = None,
    sender: Sender | None = None,
    edit: LetterEdit | None = None,
    files: Sequence[LetterAttachment] = (),
    **values: Any,
) -> Letter:
    """Write a letter, to be posted once this transaction is kept; the same one again gives back the first.

    The same: of one kind, about one reference, to one person, on one occasion. Letters of one `bundle`, person and day
    are joined in one email; a letter held until `not_before` goes with those of that day.
    A `secret` stands in the template as {{ secret }} and is never stored in the text. `edit` is the letter as somebody
    edited it, and `files` are sent with it.
    """
    occasion = _short(occasion)
    found = written(kind, reference, to.reference, occasion)
    if found is not None:
        return found
    settings = current_app.config["SETTINGS"]
    subject, text = worded(
        kind,
        to.language,
        name=to.name,
        office=to.office,
        public_url=settings.public_url,
        secret=PLACEHOLDER if secret else "",
        **values,
    )
    if edit is not None:
        subject, text = _edited(edit, Composed(subject, text, salutation(to.name, to.office)))
    letter = Letter(
        kind=kind,
        reference=reference,
        person=to.reference,
        occasion=occasion,
        address=to.address.strip(),
        subject=subject,
        text=text,
        sealed=seal(secret, settings.secret_key) if secret else None,
        bundle=bundle,
        bundle_on=london_day(not_before or at) if bundle else None,
        not_before=not_before,
        language=edit.language if edit is not None else to.language,
        within=within,
        sender_name=sender.name if sender else "",
        reply_to=sender.reply_to if sender else "",
        edit_id=edit.id if edit is not None else None,
        written_at=at,
    )
    entered = _enter(letter)
    if entered is not letter:
        return entered
    db.session.add_all(LetterFile(letter=letter, attachment=one) for one in files)
    if not letter.address:
        letter.posting = Posting(message_id=new_message_id(), address="", state="failed", fault=NO_ADDRESS, made_at=at)
        db.session.flush()
    remember(letter, to.name)
    soon("post_sign_in_letters" if kind in FIRST else "post_letters")
    return letter


def _edited(edit: LetterEdit, composed: Composed) -> tuple[str, str]:
    """The letter with the words of whoever edited it; refused where it says something else by now."""
    found = merged(edit, composed)
    if found is None:
        raise Refused(
            gettext(
                "The letter “%(subject)s” was edited, and what it says has changed since. Look at the letter again",
                subject=edit.subject,
            )
        )
    return found


def _short(occasion: str) -> str:
    """An occasion as its column holds it: one that is longer keeps its beginning, and the digest of the whole."""
    if len(occasion) <= LONGEST_OCCASION:
        return occasion
    mark = hashlib.sha256(occasion.encode()).hexdigest()[:32]
    return f"{occasion[: LONGEST_OCCASION - len(mark) - 1]}~{mark}"


def _enter(letter: Letter) -> Letter:
    """Enter a letter; the one found instead, where another process wrote the same in this moment."""
    return enter_once(letter, lambda: written(letter.kind, letter.reference, letter.person, letter.occasion))[0]


def let_go(*, before: datetime) -> None:
    """Hold back no longer what was to wait until some moment before this one: the rest of its bundle is written too."""
    held = update(Letter).where(Letter.posting_id.is_(None), Letter.not_before <= before)
    db.session.execute(held.values(not_before=None).execution_options(synchronize_session=False))
    soon("post_letters")


def hold_longer(letter: Letter, until: datetime) -> None:
    """Hold a letter that has not gone yet until a later moment: its day was found to be a quiet one."""
    letter.not_before = until
    if letter.bundle:
        letter.bundle_on = london_day(until)
    db.session.flush()


def written(kind: str, reference: str, person: str, occasion: str = "") -> Letter | None:
    """The letter of that kind about that reference to that person on that occasion, if it was written."""
    wanted = select(Letter).where(
        Letter.kind == kind, Letter.reference == reference, Letter.person == person, Letter.occasion == occasion
    )
    return db.session.scalar(wanted)


def new_message_id() -> str:
    """A Message-ID of this instance; fixed when the email is first made, so that a repeat is recognisable."""
    return f"{uuid.uuid4().hex}@{urlsplit(current_app.config['SETTINGS'].public_url).hostname or 'localhost'}"


def try_again(posting: Posting, *, address: str, by: Actor, at: datetime) -> Posting:
    """Post a failed email again, to a corrected address if it was wrong; one with a secret only to the same address."""
    if posting.state not in ("failed", "bounced"):
        raise Refused(gettext("Only a letter that failed or came back can be sent again"))
    address = read_address(address) if address.strip() else ""
    letters = list(db.session.scalars(select(Letter).where(Letter.posting_id == posting.id).order_by(Letter.id)))
    changed = address != posting.address
    if changed and any(letter.sealed for letter in letters):
        raise Refused(gettext("This letter holds a secret link, so it can be sent only to the address it was written to"))
    if not address:
        raise Refused(gettext("Enter the email address this letter should go to"))
    # Its old Message-ID is kept: whoever already has this email can tell that it is the same one.
    posting.state, posting.address, posting.attempts, posting.not_before = "waiting", address, 0, None
    posting.claim = posting.claimed_until = None
    posting.lost = 0
    for letter in letters:
        letter.address = posting.address
        note("letter_tried_again", about=f"letter:{letter.id}", by=by, at=at, within=letter.within, address_changed=changed)
    db.session.flush()
    soon("post_letters")
    return posting


def replace_failed(letter: Letter, state: str) -> None:
    """Let one letter that was not delivered rest: another took its place (replaced), or it went on paper (by_post)."""
    email = letter.posting
    if email is None or email.state not in ("failed", "bounced"):
        return
    others = select(Letter.id).where(Letter.posting_id == email.id, Letter.id != letter.id).limit(1)
    if db.session.scalar(others) is not None:  # letters about other requests went in the same email: theirs is still lost
        email = letter.posting = Posting(
            message_id=new_message_id(),
            address=email.address,
            attempts=email.attempts,
            fault=email.fault,
            made_at=email.made_at,
            posted_at=email.posted_at,
        )
    email.state = state
    db.session.flush()


def hash_of(secret: str) -> str:
    """What is stored of a link: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()
