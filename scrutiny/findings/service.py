"""Deeds of this room: draft, revise, cite, propose, settle; accuracy checks and corrections; private notes."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from scrutiny import transaction
from scrutiny.audit.service import digest, note
from scrutiny.extensions import db
from scrutiny.findings import letters, queries, right_of_reply
from scrutiny.findings.accuracy import decide_correction, finish_accuracy_check, offer_correction, start_accuracy_check
from scrutiny.findings.citing import NotFoundThere, cite, uncite
from scrutiny.findings.guards import guard
from scrutiny.findings.models import Finding
from scrutiny.findings.notes import drop_note, keep_note
from scrutiny.findings.readiness import OPEN, lacks, may_be_overall, takes_judgement
from scrutiny.formats import sentences
from scrutiny.requests import interests
from scrutiny.reviews.models import Line, Review
from scrutiny.reviews.queries import CURRENT
from scrutiny.rules.queries import method_of
from scrutiny.transaction import hold
from workflows.lifecycles.finding import FINDING
from workflows.lifecycles.lifecycle import Move
from workflows.refusals import Refused
from workflows.roles import Actor

__all__ = [
    "NotFoundThere",
    "cite",
    "decide_correction",
    "draft_finding",
    "drop_note",
    "finish_accuracy_check",
    "keep_note",
    "lacking",
    "move_finding",
    "offer_correction",
    "propose_finding",
    "reopen_finding",
    "revise_finding",
    "settle_finding",
    "start_accuracy_check",
    "take_back_finding",
    "uncite",
    "withdraw_finding",
]


#: Moves that undo what others may have read, agreed or signed.
ASKED_WHY = ("reopen", "withdraw")


def draft_finding(
    review: Review,
    *,
    title: str,
    text: str = "",
    lines: list[Line],
    judgement: str = "",
    overall: bool = False,
    by: Actor,
    at: datetime,
) -> Finding:
    """Draft a finding of a review; what it still lacks is asked for when it is proposed."""
    if review.state not in CURRENT:
        raise Refused(gettext("This review is over: no finding can be added to it"))
    finding = Finding(review=review, number=queries.next_number(review.id), written_by=by.reference, written_at=at)
    finding.body_id = by.body
    _write(finding, review, title, text, lines, judgement, overall)
    db.session.add(finding)
    db.session.flush()
    _noted("finding_drafted", finding, by, at, text=digest(finding.text), judgement=finding.judgement)
    return finding


def revise_finding(
    finding: Finding,
    *,
    title: str,
    text: str,
    lines: list[Line],
    judgement: str = "",
    overall: bool = False,
    seen: int | None,
    by: Actor,
    at: datetime,
) -> None:
    """Change the words of a finding that is not settled; somebody else's change meanwhile is refused (Stale)."""
    transaction.check_version(finding, seen)
    if finding.state not in OPEN:
        raise Refused(
            gettext(
                "This finding is %(states)s: reopen it before changing its words", states=FINDING.states[finding.state].lower()
            )
        )
    before = digest(finding.text)
    _write(finding, finding.review, title, text, lines, judgement, overall)
    if finding.state == "proposed":
        _check_complete(finding)
    db.session.flush()
    _noted("finding_revised", finding, by, at, text=digest(finding.text), text_before=before, judgement=finding.judgement)
    guard().heed_words(finding, by=by, at=at)


def move_finding(finding: Finding, move: str, *, why: str = "", by: Actor, at: datetime) -> Move:
    """Propose, take back, settle, reopen or withdraw; Refused says what is lacking.

    To reopen a finding, or to withdraw one that is before the bodies or was written by somebody else, takes a reason:
    those who work on it and those who run the review are told.
    """
    if move == "settle":
        hold(finding, "citations")  # no body says meanwhile that it does not agree
    if move == "propose":
        _check_complete(finding)
    if FINDING.permits("settle", finding.state, by) and move == "settle":
        _check_settled(finding, by, at)
    if FINDING.permits(move, finding.state, by):
        guard().check_move(finding, move, by=by)
    concerns_others = move in ASKED_WHY and (finding.state != "drafted" or finding.written_by != by.reference)
    before = finding.state
    made = FINDING.make(move, finding, by=by)
    if concerns_others and not why.strip():
        finding.state = before
        raise Refused(gettext("Say why: everybody who works on this finding is told"))
    if move in ASKED_WHY:
        finding.moved_why = why.strip()
    db.session.flush()
    _noted(made.event, finding, by, at, before=before, after=finding.state, **({"why": digest(why.strip())} if why else {}))
    if concerns_others:
        letters.finding_moved(finding, move, by=by, at=at)
    guard().heed_words(finding, by=by, at=at)
    return made


def propose_finding(finding: Finding, *, by: Actor, at: datetime) -> None:
    """Put a finding before the bodies of the review; one without a citation is refused."""
    move_finding(finding, "propose", by=by, at=at)


def take_back_finding(finding: Finding, *, by: Actor, at: datetime) -> None:
    """Take a proposed finding back to draft."""
    move_finding(finding, "take_back", by=by, at=at)


def settle_finding(finding: Finding, *, by: Actor, at: datetime) -> None:
    """Settle a finding as it will be signed and reported."""
    move_finding(finding, "settle", by=by, at=at)


def reopen_finding(finding: Finding, why: str, *, by: Actor, at: datetime) -> None:
    """Open a settled finding again; signatures over it no longer hold."""
    move_finding(finding, "reopen", why=why, by=by, at=at)


def withdraw_finding(finding: Finding, why: str, *, by: Actor, at: datetime) -> None:
    """Withdraw a finding; its number is not used again."""
    move_finding(finding, "withdraw", why=why, by=by, at=at)


def _check_settled(finding: Finding, by: Actor, at: datetime) -> None:
    """Nothing is settled over a correction not decided, a right of reply not given or an interest not declared."""
    interests.check_declared(finding.review, queries.agencies_cited([finding.id]), by=by, at=at)
    if queries.undecided_of(finding.id):
        raise Refused(
            gettext("A correction offered to this finding has not been decided: decide it before you finalise the finding")
        )
    right_of_reply.check_settled(finding, at=at)


def lacking(finding: Finding) -> list[str]:
    """What a finding lacks before it may be proposed, each as a sentence."""
    return lacks(finding, method_of(finding.review.edition).judgement)


def _check_complete(finding: Finding) -> None:
    """Nothing incomplete stands before the bodies."""
    missing = lacking(finding)
    if missing:
        raise Refused(gettext("This finding cannot be proposed. %(missing)s", missing=sentences(missing)))


def _write(finding: Finding, review: Review, title: str, text: str, lines: list[Line], judgement: str, overall: bool) -> None:
    """Put words, lines and judgement into a finding."""
    if not title.strip():
        raise Refused(gettext("Give the finding a title"))
    if any(line.review_id != review.id for line in lines):
        raise Refused(gettext("Choose lines of enquiry of this review"))
    _check_judgement(finding, review, judgement, overall)
    finding.title, finding.text, finding.lines = title.strip()[:200], text.strip(), lines
    finding.judgement, finding.overall = judgement, overall
    finding.edition_id = review.editions[-1].edition_id if judgement else None


def _check_judgement(finding: Finding, review: Review, judgement: str, overall: bool) -> None:
    """A judgement only on the method's scale, and only where it is given."""
    scale = method_of(review.edition).judgement
    if overall and not may_be_overall(scale):
        raise Refused(gettext("This method gives no judgement of the whole area"))
    if overall and any(one.overall and one.id != finding.id for one in queries.of_review(review.id)):
        raise Refused(gettext("This review has a finding that judges the whole area already: change that one instead"))
    if not judgement:
        return
    if not takes_judgement(scale, overall):
        if may_be_overall(scale):
            raise Refused(
                gettext("This method judges the whole area once: give the judgement in the finding about the whole area")
            )
        raise Refused(gettext("This method has no scale of judgement: say in words what you found"))
    if judgement not in {option.key for option in scale.options}:
        raise Refused(gettext("Choose a judgement on the method’s scale"))


def _noted(event: str, finding: Finding, by: Actor, at: datetime, *, before: str = "", after: str = "", **fields: str) -> None:
    """Into the audit trail, within its review."""
    note(event, about=finding.reference, within=f"review:{finding.review_id}", by=by, at=at, before=before, after=after, **fields)
