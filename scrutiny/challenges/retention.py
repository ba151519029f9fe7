"""What is not kept: challenges nobody confirmed, addresses after a challenge has ended, and words erased on request."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import and_, or_, select

from scrutiny.audit.service import digest, note
from scrutiny.challenges import approvals, originals
from scrutiny.challenges.models import Challenge, ChallengeSupport
from scrutiny.correspondence import subscriptions
from scrutiny.correspondence.models import Alert
from scrutiny.extensions import db
from scrutiny.rules.queries import rules
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor


def forget_unconfirmed(*, at: datetime) -> int:
    """Delete challenges and supports whose address was not proved in time; how many."""
    before = at - timedelta(days=rules().challenges.confirm_within)
    old = select(Challenge).where(Challenge.state == "unconfirmed", Challenge.asked_at < before).order_by(Challenge.id)
    challenges = list(db.session.scalars(old))
    for challenge in challenges:
        _forget_addresses(challenge)
        note("challenge_forgotten", about=challenge.plain, by=TIMETABLE_ACTOR, at=at)
        db.session.delete(challenge)
    unproved = select(ChallengeSupport).where(ChallengeSupport.confirmed_at.is_(None), ChallengeSupport.asked_at < before)
    supports = list(db.session.scalars(unproved.order_by(ChallengeSupport.id)))
    for support in supports:
        alert_id, support.alert_id = support.alert_id, None
        db.session.flush()
        alert = db.session.get(Alert, alert_id) if alert_id else None
        if alert is not None and alert.confirmed_at is None:
            subscriptions.forget([alert.id])
        db.session.delete(support)
    db.session.flush()
    return len(challenges) + len(supports)


def forget_addresses(*, at: datetime) -> int:
    """Erase the addresses of challenges that ended long enough ago, the names nobody was shown, and what was sealed; how many."""
    before = at - timedelta(days=rules().challenges.keep_addresses)
    ended = or_(
        and_(Challenge.state == "answered", Challenge.answered_at < before),
        and_(Challenge.state.in_(("refused", "merged")), Challenge.moderated_at < before),
    )
    rows = select(Challenge).where(ended, Challenge.addresses_erased_at.is_(None)).order_by(Challenge.id)
    found = list(db.session.scalars(rows))
    for challenge in found:
        _forget_addresses(challenge)
        originals.forget(challenge)
        if not challenge.shows_name or challenge.state == "refused":
            challenge.name = ""
        if challenge.state == "refused" and challenge.published_at is None and challenge.erased_at is None:
            _erase_refused(challenge, at)
        challenge.addresses_erased_at = at
        db.session.flush()
        note("challenge_addresses_erased", about=challenge.plain, by=TIMETABLE_ACTOR, at=at)
    return len(found)


def erase_words(challenge: Challenge, why: str, *, by: Actor, at: datetime) -> None:
    """Erase for ever what was written in a challenge, with its name and what was sealed; its state and answers stay."""
    if not why.strip():
        raise Refused(gettext("Enter why these words are erased"))
    gone = {text for text in (challenge.wrong, challenge.should_be) if text}
    note("challenge_words_erased", about=challenge.plain, by=by, at=at, text=digest(challenge.wrong))
    approvals.forget_words(challenge, gone)
    originals.forget(challenge)
    challenge.wrong = challenge.should_be = challenge.link = challenge.name = ""
    challenge.shows_name = False
    challenge.erased_at, challenge.erased_why = at, why.strip()
    db.session.flush()


def _erase_refused(challenge: Challenge, at: datetime) -> None:
    """What was refused and never public is kept no longer than its writer can be reached: UK GDPR, Article 5(1)(e)."""
    why = gettext("It was not published, and is no longer needed")
    erase_words(challenge, why, by=TIMETABLE_ACTOR, at=at)


def erase_answers(challenge: Challenge, why: str, *, by: Actor, at: datetime) -> None:
    """Erase for ever the words of its answers; that it was answered, and how, stays."""
    if not why.strip():
        raise Refused(gettext("Enter why these words are erased"))
    gone = {row.words for row in challenge.answers if row.words}
    if not gone:
        raise Refused(gettext("It has no answer whose words could be erased"))
    approvals.forget_words(challenge, gone)
    for row in challenge.answers:
        note("challenge_answer_erased", about=challenge.plain, by=by, at=at, text=digest(row.words))
        row.words, row.erased_at, row.erased_why = "", at, why.strip()
    db.session.flush()


def _forget_addresses(challenge: Challenge) -> None:
    """Erase every address that follows a challenge."""
    challenge.alert_id = None
    for support in challenge.supports:
        support.alert_id = None
    db.session.flush()
    subscriptions.forget(list(db.session.scalars(select(Alert.id).where(Alert.about == challenge.plain))))
