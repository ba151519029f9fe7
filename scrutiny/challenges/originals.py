"""What was sent, word for word, where a challenge was published without some of it: sealed, for administrators alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app
from flask_babel import gettext
from sqlalchemy import select

from scrutiny.adapters.keyed_hash import keyed_hash
from scrutiny.audit.service import note
from scrutiny.challenges.models import Challenge, ChallengeOriginal
from scrutiny.extensions import canonical, db
from workflows.refusals import Refused
from workflows.roles import Actor

#: The words of a challenge that may be changed before it is published.
WORDS = ("wrong", "should_be", "link", "name")


def keep(challenge: Challenge, before: Mapping[str, str], after: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """Keep what was sent, if it is published otherwise."""
    if dict(before) == dict(after):
        return
    row = ChallengeOriginal(
        challenge_id=challenge.id, sealed=_lock().encrypt(canonical(dict(before)).encode()), kept_by=by.reference, kept_at=at
    )
    db.session.add(row)
    db.session.flush()
    note("challenge_edited", about=challenge.plain, by=by, at=at)


def opened(original: ChallengeOriginal, challenge: Challenge, *, by: Actor, at: datetime) -> dict[str, str]:
    """What was sent; that it was read, and by whom, is noted."""
    try:
        words: dict[str, str] = json.loads(_lock().decrypt(bytes(original.sealed)))
    except InvalidToken:
        raise Refused(gettext("What was sent was sealed under another SECRET_KEY, so it cannot be opened here")) from None
    note("challenge_original_read", about=challenge.plain, by=by, at=at)
    return words


def is_kept(challenge: Challenge) -> bool:
    """Whether something was taken out of it, and what was sent is still kept."""
    found = select(ChallengeOriginal.id).where(ChallengeOriginal.challenge_id == challenge.id)
    return db.session.scalar(found) is not None


def forget(challenge: Challenge) -> None:
    """Erase what was sent."""
    row = db.session.scalar(select(ChallengeOriginal).where(ChallengeOriginal.challenge_id == challenge.id))
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def _lock() -> Fernet:
    """The lock made from SECRET_KEY for this use alone."""
    return Fernet(base64.urlsafe_b64encode(keyed_hash(current_app.config["SECRET_KEY"], "challenge originals")))
