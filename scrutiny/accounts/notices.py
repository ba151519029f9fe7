"""What a person and the trail are told of the ways into an account: what changed, and what was tried."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import current_app

from scrutiny.accounts.models import Person
from scrutiny.adapters.keyed_hash import keyed_hash
from scrutiny.audit.service import note
from scrutiny.correspondence.service import Recipient, write_letter
from workflows.roles import ANYONE, Actor


def recipient(person: Person) -> Recipient:
    """The person as somebody a letter is written to."""
    return Recipient(person.reference, person.email, person.name, person.language)


def note_change(event: str, person: Person, *, by: Actor, at: datetime, what: str = "") -> None:
    """A change to how somebody signs in, or a new key: the trail keeps it, and they are written to, though they did it."""
    note(event, about=person.reference, by=by, at=at)
    write_to_about(event, person, at=at, what=what)


def write_to_about(event: str, person: Person, *, at: datetime, what: str = "") -> None:
    """Tell a person that something which opens their account has changed, so that what they did not do is noticed."""
    write_letter(
        "account_changed",
        to=recipient(person),
        reference=person.reference,
        at=at,
        occasion=f"{event}:{at.isoformat()}:{secrets.token_hex(4)}",
        change=event,
        what=what,
        changed_at=at,
    )


def note_failed_sign_in(person: Person | None, typed: str, *, how: str, at: datetime) -> None:
    """Keep a try to sign in that failed: whose account it was for, or the digest of an address nobody here has."""
    about = person.reference if person is not None else ""
    if not about:
        about = f"address:{keyed_hash(current_app.config['SECRET_KEY'], 'failed', typed).hex()[:16]}"
    note("sign_in_failed", about=about, by=ANYONE, at=at, how=how)
