"""The doors of challenges: anybody reads what is published; who checks, answers and brings one before a committee."""

from __future__ import annotations

from flask import abort
from sqlalchemy import select

from scrutiny.agencies.letter_readers import as_reader_of
from scrutiny.challenges.models import Challenge, ChallengeOriginal, ChallengeReferral
from scrutiny.challenges.queries import called
from scrutiny.extensions import db
from workflows.lifecycles.challenge import BODY, PUBLIC
from workflows.roles import AGENCY_ROLES, CHAIR, COUNCILLOR, OPERATOR, Actor


def challenge_to_read(reference: str) -> Challenge:
    """A published challenge, for anyone; one joined with another is found there; else 404."""
    found = called(reference)
    while found is not None and found.state == "merged":
        found = found.merged_into
    if found is None or found.state not in PUBLIC:
        abort(404)
    return found


def may_moderate(challenge: Challenge, by: Actor) -> bool:
    """Whether the actor checks it: the body that published what it is about; an administrator where no body did."""
    if by.has(OPERATOR):
        return True
    if challenge.body_id is None:
        return by.administrator
    return by.body == challenge.body_id and by.has(*BODY)


def may_answer(challenge: Challenge, by: Actor) -> bool:
    """Whether the actor answers it: the agency; of a finding the body, and of a figure also the body that loaded it."""
    if by.has(OPERATOR):
        return True
    if by.agency is not None:
        return by.agency == challenge.agency_id and by.has(*AGENCY_ROLES)
    by_body = challenge.agency_id is None or challenge.source_id is not None
    return by_body and by.body is not None and by.body == challenge.body_id and by.has(*BODY)


def challenge_to_work_on(challenge_id: int, by: Actor) -> Challenge:
    """A challenge: in any state but unconfirmed for whoever checks it; once out for who answers it and administrators."""
    found = db.session.get(Challenge, challenge_id)
    if found is None or found.state == "unconfirmed":
        abort(404)
    if not may_moderate(found, by) and not (found.state in PUBLIC and (may_answer(found, by) or by.administrator)):
        abort(404)
    return found


def challenge_to_moderate(challenge_id: int, by: Actor) -> Challenge:
    """A challenge, for whoever checks it; else 404."""
    found = challenge_to_work_on(challenge_id, by)
    if not may_moderate(found, by):
        abort(404)
    return found


def challenge_to_answer(challenge_id: int, by: Actor) -> Challenge:
    """A published challenge, for whoever answers it; else 404."""
    found = challenge_to_work_on(challenge_id, by)
    if found.state not in PUBLIC or not may_answer(found, by):
        abort(404)
    return found


def as_answerer(challenge_id: int, by: Actor) -> Actor:
    """The actor at the door of an answer: for an agency, where a letter about the challenge led them there."""
    return as_reader_of(by, f"challenge:{challenge_id}")


def challenge_to_bring(reference: str, by: Actor) -> Challenge:
    """A published challenge, for members of a body who may bring it before it; else 404."""
    if by.body is None or not by.has(COUNCILLOR, CHAIR, *BODY):
        abort(404)
    return challenge_to_read(reference)


def referral_to_decide(referral_id: int, by: Actor) -> ChallengeReferral:
    """What came before the actor's body, for those who run its work; else 404."""
    found = db.session.get(ChallengeReferral, referral_id)
    if found is None or found.body_id != by.body or not by.has(*BODY):
        abort(404)
    return found


def may_open_original(challenge: Challenge, by: Actor) -> bool:
    """Whether the actor may open what was sent, word for word: an administrator, and never whoever answers."""
    return by.administrator and not may_answer(challenge, by)


def challenge_with_original(challenge_id: int, by: Actor) -> tuple[Challenge, ChallengeOriginal]:
    """A challenge and what was sent, for whoever may open that; else 404."""
    found = db.session.get(Challenge, challenge_id)
    kept = db.session.scalar(select(ChallengeOriginal).where(ChallengeOriginal.challenge_id == challenge_id))
    if found is None or kept is None or not may_open_original(found, by):
        abort(404)
    return found, kept
