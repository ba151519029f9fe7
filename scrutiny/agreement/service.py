"""Deeds of this room: a body says whether it agrees with a finding; what was said of other words is voided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from scrutiny.agreement import letters, status
from scrutiny.agreement.models import AGREED, ANSWERS, NOT_YET, FindingAgreement
from scrutiny.audit.service import digest, note
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.findings.queries import agencies_cited
from scrutiny.formats import london_day
from scrutiny.requests import interests
from scrutiny.snapshots.signed_content import words_of
from scrutiny.transaction import hold
from workflows.lifecycles.finding import FINDING, LEADERS
from workflows.refusals import Refused
from workflows.roles import Actor

EVENTS = {"agreed": "finding_agreed", "commented": "finding_agreed_with_comment", "not_yet": "finding_not_agreed"}


@dataclass(frozen=True, slots=True)
class Word:
    """What is said for a body: the answer, a comment or what would have to change, and the digest of the words that were read.

    `name` and `source`: who said it and where that is written, if the lead enters it for a body that has nobody here.
    """

    answer: str
    seen: str
    comment: str = ""
    name: str = ""
    source: str = ""


def speaks_for(finding: Finding, body: Body, by: Actor, on: date) -> bool:
    """Whether somebody may say for a body whether it agrees: its leaders; for one that has none here, those of the lead."""
    if not by.has(*LEADERS):
        return False
    return by.body == body.id or (by.body == finding.review.lead.id and not bodies.recipients(body, on, tuple(LEADERS)))


def say(finding: Finding, body: Body, word: Word, *, by: Actor, at: datetime) -> FindingAgreement:
    """Say for a body whether it agrees with a finding as it stands. What it said before is kept, and no longer counts."""
    hold(finding, "citations")
    _check(finding, body, word, by, at)
    own = by.body == body.id
    row = FindingAgreement(
        finding_id=finding.id,
        body_id=body.id,
        answer=word.answer,
        comment=word.comment.strip() if word.answer != AGREED else "",
        person=by.reference,
        capacity=by.capacity.reference,
        name=by.name if own else word.name.strip(),
        source="" if own else word.source.strip(),
        digest=word.seen,
        words=words_of(finding, finding.review),
        said_at=at,
    )
    db.session.add(row)
    db.session.flush()
    comment = digest(row.comment) if row.comment else ""
    _noted(EVENTS[word.answer], finding, by, at, body=body.reference, digest=row.digest, comment=comment)
    letters.answered(finding, row, body, by=by, at=at)
    return row


def heed_words(finding: Finding, *, by: Actor, at: datetime) -> None:
    """Void what bodies said of other words than those that stand, and ask those that have said nothing of a proposed finding.

    A final finding whose words have changed (a correction of fact was made) is proposed again: the bodies agree once more.
    """
    if not status.is_joint(finding.review):
        return
    found = status.status_of(finding)
    fallen = [row.before for row in found.bodies if row.before is not None and row.before.voided_at is None]
    for row in fallen:
        row.voided_at = at
        _noted("agreement_voided", finding, by, at, body=row.body.reference, digest=row.digest, digest_now=found.digest)
    if fallen and finding.state == "settled":
        finding.moved_why = ""
        made = FINDING.make("reopen", finding, by=by)
        _noted(made.event, finding, by, at)
    db.session.flush()
    if finding.state == "proposed":
        for stands in found.bodies:
            if stands.said is None:
                letters.wanted(finding, stands, by=by, at=at)


def _noted(event: str, finding: Finding, by: Actor, at: datetime, **fields: str) -> None:
    """Into the audit trail, within its review."""
    note(event, about=finding.reference, within=f"review:{finding.review_id}", by=by, at=at, **fields)


def _check(finding: Finding, body: Body, word: Word, by: Actor, at: datetime) -> None:
    """Only of what stands before the bodies, in the words that were read, by whoever speaks for the body."""
    review = finding.review
    if not status.is_joint(review):
        raise Refused(gettext("One body signs this review: it finalises the finding, and nobody else has to agree"))
    if finding.state != "proposed":
        said = FINDING.states[finding.state].lower()
        raise Refused(gettext("This finding is %(state)s. A body agrees with a finding while it is proposed", state=said))
    found = status.status_of(finding)
    stands = found.of(body.id)
    if stands is None:
        raise Refused(gettext("%(body)s does not sign this review, so it is not asked whether it agrees", body=body.name))
    if not speaks_for(finding, body, by, london_day(at)):
        raise Refused(
            gettext(
                "Only the chair, a lead inspector or a scrutiny officer of %(body)s can say whether it agrees", body=body.name
            )
        )
    interests.check_declared(review, agencies_cited([finding.id]), by=by, at=at)
    if word.answer not in ANSWERS:
        raise Refused(gettext("Choose whether your body agrees"))
    if word.answer == NOT_YET and not word.comment.strip():
        raise Refused(gettext("Say what would have to change"))
    if word.answer != AGREED and not word.comment.strip():
        raise Refused(gettext("Write your comment, or choose that your body agrees"))
    if by.body != body.id and not (word.name.strip() and word.source.strip()):
        raise Refused(gettext("Say who agreed for %(body)s, and where that is written", body=body.name))
    if word.seen != found.digest:
        raise Refused(gettext("The finding has changed since you opened it. Read it as it stands now, then answer again"))
    if stands.said is not None and (stands.said.answer, stands.said.comment) == (word.answer, word.comment.strip()):
        raise Refused(gettext("%(body)s has said this of these words already", body=body.name))
