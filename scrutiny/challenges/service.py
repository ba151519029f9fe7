"""A challenge from its form to its page: sent, confirmed by its writer, checked, published or refused."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext
from sqlalchemy import func, select

from scrutiny.adapters.keyed_hash import keyed_hash
from scrutiny.addresses import read_address
from scrutiny.audit.service import digest, note
from scrutiny.challenges import following, letters, originals, referring
from scrutiny.challenges.models import Challenge, ChallengeSupport
from scrutiny.challenges.subjects import Subject, subject_of
from scrutiny.correspondence import subscriptions
from scrutiny.correspondence.service import hash_of
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.rules.queries import calendars_in_force, rules
from scrutiny.transaction import take_turn
from workflows.challenges import GROUNDS
from workflows.deadlines import Due, due
from workflows.due_working import worked
from workflows.lifecycles.challenge import CHALLENGE, PUBLIC
from workflows.refusals import Refused
from workflows.roles import ANYONE, TIMETABLE_ACTOR, Actor


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says is wrong; `name` is shown only where they chose so."""

    wrong: str
    should_be: str = ""
    link: str = ""
    name: str = ""
    shows_name: bool = False


def ask(subject: Subject, said: Said, address: str, *, language: str, at: datetime) -> Challenge:
    """Keep a challenge, unseen by all, and write to its writer to confirm it."""
    address = read_address(address).lower()
    if not said.wrong.strip():
        raise Refused(gettext("Say what is wrong"))
    challenge = Challenge(
        kind=subject.kind,
        subject=subject.key,
        facts=subject.facts,
        agency=subject.agency,
        body=subject.body,
        source=subject.source,
        review=subject.review,
        addressee=subject.addressee,
        language=language,
        asked_at=at,
        **{one.name: getattr(said, one.name) for one in fields(Said)},
    )
    db.session.add(challenge)
    db.session.flush()
    secret = secrets.token_urlsafe(32)
    alert = subscriptions.reserve(address, challenge.plain, at, language=language)
    challenge.digest, challenge.alert_id, challenge.confirm_hash = digest_of(challenge, address), alert.id, hash_of(secret)
    db.session.flush()
    note("challenge_sent", about=challenge.plain, by=ANYONE, at=at, subject=subject.key, text=digest(said.wrong))
    letters.to_confirm(challenge, alert, secret, at=at)
    return challenge


def digest_of(challenge: Challenge, address: str) -> str:
    """What is kept of an address: a hash nobody can turn back without SECRET_KEY, another for each challenge."""
    return keyed_hash(current_app.config["SECRET_KEY"], "challenge address", f"{challenge.id}:{address.lower()}").hex()


def by_confirmation(secret: str) -> Challenge | None:
    """The challenge that a link confirms, while it does."""
    return db.session.scalar(select(Challenge).where(Challenge.confirm_hash == hash_of(secret)))


def confirm(secret: str, *, at: datetime) -> Challenge:
    """Let a challenge wait to be checked, for its writer has proved the address; the same link again changes nothing."""
    challenge = by_confirmation(secret)
    last = timedelta(days=rules().challenges.confirm_within)
    if challenge is None or (challenge.state == "unconfirmed" and challenge.asked_at + last < at):
        raise Refused(gettext("This link no longer works. Send your challenge again"))
    if challenge.state != "unconfirmed":
        return challenge
    _move("confirm", challenge, by=TIMETABLE_ACTOR, at=at)
    challenge.confirmed_at = at
    challenge.check_by = _counted(rules().challenges.check_within, challenge, at).due
    db.session.flush()
    letters.to_check(challenge, at=at)
    return challenge


def publish(challenge: Challenge, shown: Said, *, by: Actor, at: datetime) -> Challenge:
    """Publish a challenge, perhaps without what must not be public; what was sent is then kept sealed."""
    if not shown.wrong.strip():
        raise Refused(gettext("Leave words that say what is wrong, or choose not to publish it"))
    if subject_of(challenge.subject, london_day(at)) is None:
        raise Refused(gettext("What this challenges is not published any more: choose not to publish it, and say so"))
    # Before the move: nothing is published without its reference.
    challenge.reference = challenge.reference or _next_reference(london_day(at).year)
    _move("publish", challenge, by=by, at=at)
    originals.keep(challenge, _before(challenge), _plain(shown), by=by, at=at)
    challenge.wrong, challenge.should_be, challenge.link, challenge.name = shown.wrong, shown.should_be, shown.link, shown.name
    challenge.moderated_by, challenge.moderated_at, challenge.published_at = by.reference, at, at
    found = _counted(rules().challenges.answer_within, challenge, at)
    challenge.due_on, challenge.due_working = found.due, worked(found)
    challenge.standing = following.standing_of(challenge, london_day(at))
    _tell_from_now_on(challenge, at)
    db.session.flush()
    letters.published(challenge, at=at)
    return challenge


def refuse(challenge: Challenge, ground: str, why: str, *, by: Actor, at: datetime) -> Challenge:
    """Do not publish a challenge, or take a published one down, on a ground that its writer is told."""
    if ground not in rules().challenges.grounds or ground not in GROUNDS:
        raise Refused(gettext("Choose why it is not published"))
    was_public = challenge.state in PUBLIC
    _move("take_down" if was_public else "refuse", challenge, by=by, at=at, ground=ground)
    challenge.ground, challenge.why = ground, why.strip()
    challenge.moderated_by, challenge.moderated_at = by.reference, at
    db.session.flush()
    letters.refused(challenge, at=at, was_public=was_public)
    return challenge


def merge(challenge: Challenge, into: Challenge, *, by: Actor, at: datetime) -> Challenge:
    """Join a challenge with another that says the same: its writer and supporters support that one from now on."""
    if into.id == challenge.id or into.state not in PUBLIC:
        raise Refused(gettext("Choose another challenge that is published"))
    if into.body_id != challenge.body_id or into.agency_id != challenge.agency_id:
        raise Refused(gettext("Only challenges that the same organisation answers and checks can be joined"))
    _move("merge", challenge, by=by, at=at, into=into.plain)
    challenge.merged_into, challenge.moderated_by, challenge.moderated_at = into, by.reference, at
    letters.merged(challenge, into, at=at)
    # The digest of an address belongs to one challenge, so its writer and supporters are counted under what they are here.
    behind: list[Challenge | ChallengeSupport] = [challenge, *(one for one in challenge.supports if one.confirmed_at)]
    held = [(one.digest, one.confirmed_at, one.alert_id) for one in behind]
    for one in behind:
        one.alert_id = None
    db.session.flush()
    for old, confirmed_at, alert_id in held:
        _carry_over(into, old, confirmed_at, alert_id, at)
    db.session.flush()
    referring.bring_where_enough(into, at=at)
    return challenge


def _carry_over(into: Challenge, old: str, confirmed_at: datetime | None, alert_id: int | None, at: datetime) -> None:
    """Let somebody who stood behind a challenge stand behind the one it was joined with; nobody twice."""
    reader = subscriptions.reader_of(alert_id)
    mark = digest_of(into, reader.address) if reader is not None else old
    there = select(ChallengeSupport.id).where(ChallengeSupport.challenge_id == into.id, ChallengeSupport.digest == mark)
    if mark == into.digest or db.session.scalar(there) is not None:
        return
    moved = subscriptions.move(alert_id, into.plain, into.reference or "")
    if moved is not None:  # whoever waited to be published has been told of nothing yet
        subscriptions.begin(moved, into.reference or "", at)
    into.supports.append(
        ChallengeSupport(digest=mark, tell=moved is not None, alert_id=moved, asked_at=at, confirmed_at=confirmed_at or at)
    )


def _tell_from_now_on(challenge: Challenge, at: datetime) -> None:
    """Begin the alert of its writer, named by the reference it has now."""
    if challenge.alert_id is not None:
        subscriptions.begin(challenge.alert_id, challenge.reference or "", at)


def _counted(clock: str, challenge: Challenge, at: datetime) -> Due:
    """When a clock of ours runs out that starts on a day, in the nation of whoever answers."""
    owner = challenge.agency or challenge.body
    return due(clock, london_day(at), calendars_in_force(), nation=owner.nation if owner is not None else "england")


def _before(challenge: Challenge) -> dict[str, str]:
    """The words of a challenge as they stand."""
    return {name: getattr(challenge, name) for name in originals.WORDS}


def _plain(shown: Said) -> dict[str, str]:
    """The words a challenge is published with."""
    return {name: getattr(shown, name) for name in originals.WORDS}


def _next_reference(year: int) -> str:
    """The next free reference of a year: C-2026-014; others who take one wait."""
    take_turn(f"reference of a challenge in {year}")
    start = f"C-{year}-"
    last = select(Challenge.reference).where(Challenge.reference.startswith(start))
    found = db.session.scalar(last.order_by(func.length(Challenge.reference).desc(), Challenge.reference.desc()).limit(1))
    return f"{start}{int(found.removeprefix(start)) + 1 if found else 1:03d}"


def _move(name: str, challenge: Challenge, *, by: Actor, at: datetime, **values: str) -> None:
    """Make a move and note it; what its writer does is noted as anyone's."""
    before = challenge.state
    move = CHALLENGE.make(name, challenge, by=by)
    who = ANYONE if name == "confirm" else by
    note(move.event, about=challenge.plain, by=who, at=at, before=before, after=challenge.state, **values)
