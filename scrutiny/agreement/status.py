"""How far the bodies of a joint review are with agreeing on a finding: which agree with its words as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scrutiny.agreement import queries
from scrutiny.agreement.models import FindingAgreement
from scrutiny.bodies.models import Body
from scrutiny.findings.models import Finding
from scrutiny.reports.signing import bodies_that_sign
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import bodies_taking_part
from scrutiny.rules.queries import damage_of
from scrutiny.snapshots.changes import Change, changes_between
from scrutiny.snapshots.signed_content import digest_of_plain, words_of


@dataclass(frozen=True, slots=True)
class OfBody:
    """Where one body stands: what it says of the words as they stand, or what it last said of other words."""

    body: Body
    said: FindingAgreement | None
    before: FindingAgreement | None = None

    @property
    def agrees(self) -> bool:
        """Whether it agrees with the words as they stand."""
        return self.said is not None and self.said.agrees


@dataclass(frozen=True, slots=True)
class Status:
    """Where every body that signs stands on a finding."""

    finding: Finding
    digest: str
    bodies: tuple[OfBody, ...]
    rows: tuple[FindingAgreement, ...]  # all that was ever said of it, the newest first

    @property
    def is_agreed(self) -> bool:
        """Whether every body agrees with the words as they stand."""
        return all(row.agrees for row in self.bodies)

    @property
    def missing(self) -> list[Body]:
        """The bodies that do not agree with the words as they stand, whatever they said before."""
        return [row.body for row in self.bodies if not row.agrees]

    def of(self, body_id: int | None) -> OfBody | None:
        """Where one body stands, if it is one that signs."""
        return next((row for row in self.bodies if row.body.id == body_id), None)


def is_joint(review: Review) -> bool:
    """Whether two or more bodies sign the report of a review, and so agree with each of its findings."""
    return len(bodies_taking_part(review)) > 1 and not damage_of(review.edition) and len(bodies_that_sign(review)) > 1


def digest_of(finding: Finding) -> str:
    """The digest of the words of a finding as they stand: title, text, judgement, lines of enquiry and citations."""
    return digest_of_plain(words_of(finding, finding.review))


def status_of(finding: Finding) -> Status:
    """Where the bodies stand on one finding of a joint review."""
    return statuses([finding])[finding.id]


def statuses(findings: Sequence[Finding]) -> dict[int, Status]:
    """Where the bodies stand on findings of joint reviews, by the id of each; one statement more than the findings took."""
    said = queries.said_of([finding.id for finding in findings])
    return {finding.id: _status(finding, said.get(finding.id, [])) for finding in findings}


def _status(finding: Finding, rows: Sequence[FindingAgreement]) -> Status:
    """Where the bodies stand on a finding, of which this was said."""
    current = digest_of(finding)
    found = []
    for body in sorted(bodies_that_sign(finding.review), key=lambda body: (body.id != finding.review.lead.id, body.name)):
        newest = next((row for row in rows if row.body_id == body.id), None)
        holds = newest is not None and newest.voided_at is None and newest.digest == current
        found.append(OfBody(body, newest) if holds else OfBody(body, None, newest))
    return Status(finding, current, tuple(found), tuple(rows))


def changes_since(row: FindingAgreement, finding: Finding) -> list[Change]:
    """What has changed in the words of a finding since a body said something of it, part by part and word by word."""
    number = str(finding.number)
    before, after = row.words, words_of(finding, finding.review)
    return changes_between(
        {"findings": {number: before}, "recommendations": {}}, {"findings": {number: after}, "recommendations": {}}
    )


def owner_of(finding: Finding) -> Body:
    """The body whose finding it is: that of whoever drafted it, while it takes part; otherwise that in the lead."""
    taking = bodies_taking_part(finding.review)
    return next((body for body in taking if body.id == finding.body_id), finding.review.lead)
