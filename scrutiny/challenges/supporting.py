"""Supporting a challenge: once for each address, proved by a link; many enough bring it before a body."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.addresses import read_address
from scrutiny.audit.service import note
from scrutiny.challenges import letters, referring
from scrutiny.challenges.models import Challenge, ChallengeSupport
from scrutiny.challenges.service import digest_of
from scrutiny.correspondence import subscriptions
from scrutiny.correspondence.models import Alert
from scrutiny.correspondence.service import hash_of
from scrutiny.extensions import db
from scrutiny.rules.queries import rules
from workflows.lifecycles.challenge import PUBLIC
from workflows.refusals import Refused
from workflows.roles import ANYONE


def support(challenge: Challenge, address: str, *, tell: bool, language: str, at: datetime) -> None:
    """Write to an address to confirm that its reader supports a challenge; nobody learns whether they do already."""
    if challenge.state not in PUBLIC:
        raise Refused(gettext("This challenge is not open to support any more"))
    address = read_address(address).lower()
    mark = digest_of(challenge, address)
    found = db.session.scalar(
        select(ChallengeSupport).where(ChallengeSupport.challenge_id == challenge.id, ChallengeSupport.digest == mark)
    )
    if mark == challenge.digest or (found is not None and found.confirmed_at is not None):
        return
    secret = secrets.token_urlsafe(32)
    alert = subscriptions.reserve(address, challenge.plain, at, language=language)
    if found is None:
        found = ChallengeSupport(challenge=challenge, digest=mark, asked_at=at)
        db.session.add(found)
    found.tell, found.alert_id, found.confirm_hash, found.asked_at = tell, alert.id, hash_of(secret), at
    db.session.flush()
    note("challenge_support_asked", about=found.plain, within=challenge.plain, by=ANYONE, at=at)
    letters.support_to_confirm(found, alert, secret, at=at)


def by_confirmation(secret: str) -> ChallengeSupport | None:
    """The support that a link confirms."""
    return db.session.scalar(select(ChallengeSupport).where(ChallengeSupport.confirm_hash == hash_of(secret)))


def confirm(secret: str, *, at: datetime) -> ChallengeSupport:
    """Count a supporter whose address has been proved; the same link again changes nothing."""
    found = by_confirmation(secret)
    last = timedelta(days=rules().challenges.confirm_within)
    if found is None or (found.confirmed_at is None and found.asked_at + last < at):
        raise Refused(gettext("This link no longer works. Support the challenge again on its page"))
    challenge = found.challenge
    if found.confirmed_at is not None:
        return found
    if challenge.state not in PUBLIC:
        raise Refused(gettext("This challenge is not open to support any more"))
    found.confirmed_at = at
    if found.tell and found.alert_id is not None:
        subscriptions.begin(found.alert_id, challenge.reference or "", at)
    elif found.alert_id is not None:
        _forget(found)
    db.session.flush()
    note("challenge_supported", about=found.plain, within=challenge.plain, by=ANYONE, at=at)
    referring.bring_where_enough(challenge, at=at)
    return found


def _forget(support_given: ChallengeSupport) -> None:
    """Their address was needed to be proved, and for nothing else."""
    alert_id, support_given.alert_id = support_given.alert_id, None
    db.session.flush()
    alert = db.session.get(Alert, alert_id)
    if alert is not None and alert.confirmed_at is None:
        subscriptions.forget([alert.id])
