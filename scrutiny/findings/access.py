"""The doors of findings: who reads which, who writes, whose extracts; what may not be seen is not there (404).

Drafts are for those who write findings in the lead and partner bodies, and their chairs; councillors of those bodies see
what is proposed or settled. An agency sees its own extracts in an accuracy check, and nothing else. A private note is
its writer's alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import abort
from sqlalchemy import select

from scrutiny.agencies.letter_readers import as_reader_of
from scrutiny.evidence import access as evidence
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.findings import queries
from scrutiny.findings.guards import guard
from scrutiny.findings.models import AccuracyCheck, Citation, Correction, Extract, Finding, PrivateNote
from scrutiny.findings.right_of_reply import Reply, replies
from scrutiny.reviews import access as reviews
from scrutiny.reviews.models import Review
from workflows.lifecycles.finding import FINDING, LEADERS, WRITERS
from workflows.roles import AGENCY_ROLES, Actor

DRAFT_READERS = WRITERS | LEADERS


def states_open_to(by: Actor) -> tuple[str, ...]:
    """The states of findings somebody of the lead or a partner body reads: all but the withdrawn, or what is proposed."""
    return ("drafted", *queries.STANDING) if by.has(*DRAFT_READERS) else queries.STANDING


def review_with_findings(reference: str, by: Actor) -> Review:
    """The review, for members of its lead and partner bodies."""
    return reviews.review_to_inspect(reference, by)


def review_to_find_in(reference: str, by: Actor) -> Review:
    """The review, for those of its lead and partner bodies who write findings; its other readers are told they may not."""
    review = reviews.review_to_inspect(reference, by)
    if not by.has(*WRITERS):
        abort(403)
    return review


def finding_to_read(reference: str, number: int, by: Actor) -> Finding:
    """One finding, in a state this reader may see; a withdrawn one stays readable to those who write."""
    review = review_with_findings(reference, by)
    found = queries.finding_by_number(review.id, number)
    states = (*states_open_to(by), "withdrawn") if by.has(*DRAFT_READERS) else states_open_to(by)
    if found is None or found.state not in states:
        abort(404)
    return found


def finding_to_move(reference: str, number: int, move: str, by: Actor) -> Finding:
    """One finding that the actor may reopen or withdraw as it stands; other readers are told that they may not."""
    finding = finding_to_read(reference, number, by)
    if not FINDING.permits(move, finding.state, by) or not guard().permits(finding, move, by):
        abort(403)
    return finding


def lodging_to_read(reference: str, lodging_id: int, by: Actor, today: date) -> Lodging:
    """What was lodged with this review, for members of its bodies who may read it."""
    review = reviews.review_to_read(reference, by, today)
    return _lodging_of(review, lodging_id, by, today)


def _lodging_of(review: Review, lodging_id: int, by: Actor, today: date) -> Lodging:
    """What was lodged with this review, and not with another."""
    found = evidence.lodging_to_read(lodging_id, by, today)
    if found.review_id != review.id or found.lodged_at is None:
        abort(404)
    return found


@dataclass(frozen=True, slots=True)
class Readable:
    """The lodgings and files of a review somebody may read."""

    lodgings: frozenset[int]
    files: frozenset[tuple[int, int]]  # (lodging id, file id)

    def may_quote(self, citation: Citation) -> bool:
        """Whether the words of a citation may be shown to this reader."""
        if citation.file_id is None:
            return citation.lodging_id in self.lodgings
        return (citation.lodging_id, citation.file_id) in self.files


def readable_in(review: Review, by: Actor, today: date) -> Readable:
    """What somebody may read of the evidence of a review: two statements, however much there is."""
    lodgings = select(Lodging.id).where(evidence.readable(review, by, today)).order_by(Lodging.id)
    files = (
        select(Lodging.id, EvidenceFile.id)
        .join(EvidenceFile, EvidenceFile.evidence_id == Lodging.evidence_id)
        .where(Lodging.review_id == review.id, evidence.readable_files(by, today))
        .order_by(Lodging.id, EvidenceFile.id)
    )
    pairs = frozenset((lodging, file) for lodging, file in db.session.execute(files))
    return Readable(frozenset(db.session.scalars(lodgings)), pairs)


def note_of_own(note_id: int, by: Actor) -> PrivateNote:
    """A private note, for whoever wrote it while they work on its review; to all others, administrators too, it is not there."""
    found = db.session.get(PrivateNote, note_id)
    if found is None or by.person is None or found.person_id != by.person or not reviews.may_inspect(found.review, by):
        abort(404)
    return found


def review_to_check(reference: str, by: Actor) -> Review:
    """The review, for those who start its accuracy check."""
    return reviews.review_to_run(reference, by)


def check_to_deliver(reference: str, check_id: int, by: Actor) -> AccuracyCheck:
    """An accuracy check of this review, for those who run it."""
    review, found = reviews.review_to_run(reference, by), queries.check(check_id)
    if found is None or found.review_id != review.id:
        abort(404)
    return found


def reply_to_waive(reference: str, agency_id: int, by: Actor, today: date) -> tuple[Review, Reply]:
    """An agency's right of reply that the findings wait for, for those who run the review."""
    review = reviews.review_to_run(reference, by)
    reply = next((row for row in replies(review, today) if row.agency.id == agency_id and row.holds), None)
    return review, reply or abort(404)


def as_checker(check_id: int, by: Actor) -> Actor:
    """The actor at the door of an accuracy check: for its agency, where a letter about it led them there."""
    return as_reader_of(by, f"accuracy:{check_id}")


def check_to_answer(check_id: int, by: Actor) -> AccuracyCheck:
    """An agency's own accuracy check; another's is not there."""
    found = queries.check(check_id)
    if found is None or by.agency is None or by.agency != found.answerer.id or not by.has(*AGENCY_ROLES):
        abort(404)
    return found


def extract_to_correct(check_id: int, extract_id: int, by: Actor) -> Extract:
    """One extract of an agency's own accuracy check."""
    found = next((one for one in check_to_answer(check_id, by).extracts if one.id == extract_id), None)
    return found or abort(404)


def review_with_checks(reference: str, by: Actor) -> Review:
    """The review, for those of its lead and partner bodies who read drafts, and so the corrections offered to them."""
    review = review_with_findings(reference, by)
    if not by.has(*DRAFT_READERS):
        abort(404)
    return review


def correction_to_decide(reference: str, correction_id: int, by: Actor) -> Correction:
    """A correction offered in this review, for those who read its drafts."""
    review = review_with_checks(reference, by)
    found = queries.correction(correction_id)
    if found is None or found.extract.check.review_id != review.id or found.state == "drafted":
        abort(404)
    return found
