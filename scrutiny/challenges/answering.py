"""The public answer: by the agency, where it has an approver with their approval, or by the body."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from scrutiny.approving import service as approving
from scrutiny.audit.service import digest, note
from scrutiny.challenges import following, letters
from scrutiny.challenges.models import Challenge, ChallengeAnswer
from scrutiny.extensions import db
from workflows.challenges import OUTCOMES
from workflows.lifecycles.challenge import CHALLENGE
from workflows.refusals import Refused
from workflows.roles import Actor

#: What is said to be corrected must be: the correction is published first, and the answer links to it.
CORRECTED_WHERE = ("figure", "row", "finding")


def check(challenge: Challenge, outcome: str, words: str) -> None:
    """Refuse an answer that says nothing, or that something is corrected which is not."""
    if outcome not in OUTCOMES:
        raise Refused(gettext("Choose whether you agree"))
    if not words.strip():
        raise Refused(gettext("Give your reasons: everybody can read them"))
    if outcome != "corrected" or challenge.kind not in CORRECTED_WHERE:
        return
    if following.correcting_source(challenge) is None and following.corrected_edition(challenge) is None:
        raise Refused(
            gettext(
                "No correction has been published since. Publish the corrected source or edition first, "
                "or choose “Agreed, not corrected yet”"
            )
        )


def answer(challenge: Challenge, outcome: str, words: str, *, by: Actor, at: datetime) -> ChallengeAnswer:
    """Publish an answer in the name of the agency or body acted for, and tell those who follow the challenge."""
    check(challenge, outcome, words)
    if by.agency is not None:
        approving.check_approved(by.agency, by=by, at=at)
    return _publish(challenge, outcome, words, by=by, at=at)


def _publish(challenge: Challenge, outcome: str, words: str, *, by: Actor, at: datetime) -> ChallengeAnswer:
    """The answer itself."""
    before = challenge.state
    move = CHALLENGE.make("answer", challenge, by=by)
    source = following.correcting_source(challenge) if challenge.source is not None else None
    edition = following.corrected_edition(challenge) if challenge.kind == "finding" else None
    row = ChallengeAnswer(
        challenge=challenge,
        outcome=outcome,
        words=words.strip(),
        source=source,
        edition=edition,
        agency_id=by.agency or (challenge.agency_id if by.body is None else None),
        body_id=by.body or (challenge.body_id if by.agency is None and challenge.agency_id is None else None),
        by=by.reference,
        at=at,
    )
    db.session.add(row)
    challenge.answered_at = challenge.answered_at or at
    db.session.flush()
    note(
        move.event,
        about=challenge.plain,
        by=by,
        at=at,
        before=before,
        after=challenge.state,
        outcome=outcome,
        text=digest(words.strip()),
    )
    letters.answered(row, at=at)
    return row
