"""Bringing a challenge before a body: by its supporters, by a councillor's call for action, or by an officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import func, select

from scrutiny.audit.service import digest, note
from scrutiny.bodies.models import Body
from scrutiny.challenges.models import Challenge, ChallengeReferral, ChallengeSupport
from scrutiny.challenges.subjects import body_of
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import rules
from scrutiny.transaction import take_turn
from workflows.lifecycles.challenge import BODY, PUBLIC, REFERRAL
from workflows.refusals import Refused
from workflows.roles import TIMETABLE, TIMETABLE_ACTOR, Actor

#: The kinds of body that a councillor may refer a matter to by law.
CALLED_FOR_ACTION = ("council-committee", "crime-committee", "health-committee")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a body does with a matter: `move` of its lifecycle, with what that move needs."""

    move: str
    words: str = ""
    meeting_on: date | None = None
    review: str = ""
    exclusion: str = ""


def threshold_of(challenge: Challenge) -> tuple[Body, int] | None:
    """The body that many enough supporters bring a challenge before, and how many; None where there is none."""
    body = challenge.body or (body_of(challenge.agency) if challenge.agency is not None else None)
    most = rules().challenges.thresholds.get(body.kind) if body is not None else None
    return (body, most) if body is not None and most is not None else None


def bring_where_enough(challenge: Challenge, *, at: datetime) -> ChallengeReferral | None:
    """Bring a challenge before its body once as many support it as are needed; once only."""
    found = threshold_of(challenge)
    if found is None:
        return None
    body, most = found
    supports = select(func.count(ChallengeSupport.id)).where(
        ChallengeSupport.challenge_id == challenge.id, ChallengeSupport.confirmed_at.is_not(None)
    )
    if (db.session.scalar(supports) or 0) < most or _there(challenge, body) is not None:
        return None
    return _enter(challenge, body, "", by=TIMETABLE_ACTOR, at=at)


def bring(challenge: Challenge, body: Body, why: str, *, by: Actor, at: datetime) -> ChallengeReferral:
    """Bring a challenge before the body acted for: a councillor's call for action where the law has one, else a proposal."""
    if challenge.state not in PUBLIC:
        raise Refused(gettext("Only a published challenge can be brought before the committee"))
    if not why.strip():
        raise Refused(gettext("Say why the committee should consider it"))
    if _there(challenge, body) is not None:
        raise Refused(gettext("It has been brought before the committee already"))
    if not by.has(*BODY) and not is_call_for_action(body, by):
        raise Refused(gettext("The law on calls for action does not cover this body. Ask its chair or an officer to propose it"))
    return _enter(challenge, body, why.strip(), by=by, at=at)


def is_call_for_action(body: Body, by: Actor) -> bool:
    """Whether bringing a matter is a councillor's call for action by law: those who run the committee only propose it."""
    return not by.has(*BODY) and body.kind in CALLED_FOR_ACTION and body.nation == "england"


def decide(referral: ChallengeReferral, decision: Decision, *, by: Actor, at: datetime) -> ChallengeReferral:
    """Say what the body does with it; what its move needs must be given."""
    needs = {
        "put_on_agenda": decision.meeting_on is not None,
        "take_up": bool(decision.review),
        "exclude": decision.exclusion in rules().challenges.exclusions,
        "decline": bool(decision.words.strip()),
    }
    if not needs.get(decision.move, False):
        raise Refused(
            gettext(
                "Enter what this decision needs: the day of the meeting, the reference of the review, "
                "what the law excludes, or the reason"
            )
        )
    if decision.move == "exclude" and referral.way != "councillor":
        raise Refused(gettext("The law excludes matters from a councillor’s call for action only: give your reason instead"))
    if decision.meeting_on is not None and decision.move == "put_on_agenda" and decision.meeting_on < london_day(at):
        raise Refused(gettext("Enter a day of a meeting that is still to come"))
    review = _review(decision.review, referral) if decision.move == "take_up" else None
    before = referral.state
    move = REFERRAL.make(decision.move, referral, by=by)
    referral.decision, referral.decided_by, referral.decided_at = decision.words.strip(), by.reference, at
    referral.meeting_on = decision.meeting_on if decision.move == "put_on_agenda" else referral.meeting_on
    referral.exclusion = decision.exclusion if decision.move == "exclude" else ""
    referral.review = review
    db.session.flush()
    note(
        move.event,
        about=referral.challenge.plain,
        within=referral.body.reference,
        by=by,
        at=at,
        before=before,
        after=referral.state,
    )
    return referral


def _review(reference: str, referral: ChallengeReferral) -> Review:
    """A review the body leads."""
    review = db.session.scalar(select(Review).where(Review.reference == reference.strip().upper()))
    if review is None or review.lead.id != referral.body_id:
        raise Refused(gettext("Enter the reference of a review that your body leads, like R-2026-014"))
    return review


def _there(challenge: Challenge, body: Body) -> ChallengeReferral | None:
    """Whether it came before the body already, however that ended."""
    rows = select(ChallengeReferral).where(ChallengeReferral.challenge_id == challenge.id, ChallengeReferral.body_id == body.id)
    return db.session.scalar(rows)


def _enter(challenge: Challenge, body: Body, words: str, *, by: Actor, at: datetime) -> ChallengeReferral:
    """Enter it, once for a body: by its supporters where nobody acts, by an officer's proposal or a councillor's call."""
    way = "supporters" if by.has(TIMETABLE) else "officer" if by.has(*BODY) else "councillor"
    take_turn(f"referral of {challenge.plain} to {body.reference}")
    row = ChallengeReferral(challenge=challenge, body=body, way=way, words=words, by=by.reference, at=at)
    db.session.add(row)
    db.session.flush()
    note(
        "challenge_brought",
        about=challenge.plain,
        within=body.reference,
        by=by,
        at=at,
        way=way,
        **({"text": digest(words)} if words else {}),
    )
    return row
