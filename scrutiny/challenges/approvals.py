"""What an agency answers to a challenge goes by its approver where it has one: nobody binds an agency alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask import Flask
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from scrutiny.approving import queries
from scrutiny.approving import service as approving
from scrutiny.approving.deeds import Deed, register
from scrutiny.approving.models import Approval
from scrutiny.approving.service import Draft
from scrutiny.challenges import answering, words
from scrutiny.challenges.models import Challenge
from scrutiny.extensions import db
from workflows.refusals import Refused
from workflows.roles import Actor

ANSWER = "challenge_answer"
LABELS = {
    "outcome": lazy_gettext("Answer"),
    "words": lazy_gettext("Its words"),
    "wrong": lazy_gettext("What is wrong"),
    "should_be": lazy_gettext("What it should be"),
}


def send_answer(challenge: Challenge, outcome: str, text: str, *, by: Actor, at: datetime) -> bool:
    """Publish an answer, or pass it to the agency's approver where it takes one. True if it was published."""
    if by.agency is None or not approving.needs_approver(by.agency, by=by, at=at):
        if by.agency is not None:
            approving.make_way(ANSWER, challenge.id, by.agency, by=by, at=at)
        answering.answer(challenge, outcome, text, by=by, at=at)
        return True
    answering.check(challenge, outcome, text)
    agency = challenge.agency
    if agency is None:
        raise Refused(gettext("Your agency is not asked to answer this"))
    approving.pass_on(
        Draft(
            kind=ANSWER,
            subject_id=challenge.id,
            agency=agency,
            about=challenge.plain,
            within=challenge.plain,
            facts={"title": challenge.reference or "", "review": challenge.reference or "", "lead": agency.name},
            before=_before(challenge.id),
            content={"outcome": outcome, "words": text.strip()},
        ),
        by=by,
        at=at,
    )
    return False


def open_one(challenge: Challenge, by: Actor) -> Approval | None:
    """What the actor's agency has before it and has not published."""
    return queries.open_one(ANSWER, challenge.id, by.agency)


def forget_words(challenge: Challenge, gone: Collection[str]) -> None:
    """What an approver approved, or had before them, no longer holds words that were erased; its digest stays."""
    rows = select(Approval).where(Approval.kind == ANSWER, Approval.subject_id == challenge.id).order_by(Approval.id)
    for row in db.session.scalars(rows):
        row.content = {key: "" if value in gone else value for key, value in row.content.items()}
        row.before = {key: "" if value in gone else value for key, value in row.before.items()}
    db.session.flush()


def _before(challenge_id: int) -> dict[str, str]:
    """What an answer is to, and the last one given."""
    challenge = db.session.get_one(Challenge, challenge_id)
    last = challenge.answers[-1] if challenge.answers else None
    given = {"outcome": last.outcome, "words": last.words} if last is not None and last.agency_id else {}
    return given | {"wrong": challenge.wrong, "should_be": challenge.should_be}


def _worded(key: str, value: str) -> str:
    """A value that is a key, in words."""
    return words.outcome_of(value) if key == "outcome" else value


def _what(approval: Approval) -> str:
    """What an answer is called within a sentence."""
    return str(
        gettext("the answer of %(agency)s to challenge %(number)s", agency=approval.agency.name, number=approval.facts["review"])
    )


def _told(_approval: Approval) -> str:
    """Who will see it and who is told."""
    return gettext("Everybody can read it, and we email whoever sent the challenge and those who follow it.")


def _carry_out(approval: Approval, by: Actor, at: datetime) -> str:
    """Publish an answer that was approved."""
    challenge = db.session.get_one(Challenge, approval.subject_id)
    if challenge.agency_id != approval.agency_id:
        raise Refused(gettext("Your agency is not asked to answer this"))
    row = answering.answer(challenge, approval.content["outcome"], approval.content["words"], by=by, at=at)
    row.by = approval.written_by
    db.session.flush()
    return gettext("The answer is published.")


def init_app(app: Flask) -> None:
    """Let answers go by the approver."""
    register(
        Deed(
            kind=ANSWER,
            what=_what,
            before=_before,
            labels=LABELS,
            worded=_worded,
            told=_told,
            page=lambda approval: f"/challenges/desk/{approval.subject_id}/answer",
            carry_out=_carry_out,
        )
    )
