"""What is signed: every word that the bodies publish, as plain values, and its digest; pure but for the records handed in.

Title, scope, lines of enquiry, summary, judgements, findings and recommendations are one whole. Dissents, agencies'
replies and corrections are sealed beside it under digests of their own: they are not the signatories' words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from scrutiny.findings.models import Finding
from scrutiny.findings.presenters import judgement_of
from scrutiny.recommendations.models import Recommendation
from scrutiny.reviews.models import Review
from scrutiny.snapshots.snapshot import Snapshot

#: Form 1 held findings and recommendations only: a signature over it does not cover what is published now.
FORM = 2


class FindingWords(TypedDict):
    """A finding as it is signed, and as each body agrees with it."""

    title: str
    text: str
    judgement: str
    lines: list[str]
    citations: list[list[Any]]  # digest, page, cell, quotation


def plain_of(
    review: Review, summary: str, findings: Sequence[Finding], recommendations: Sequence[Recommendation]
) -> dict[str, Any]:
    """Every word that a signature covers: what the report of a review says in the name of its bodies."""
    return {
        "form": FORM,
        "title": review.title,
        "reason": review.reason,
        "in_scope": review.in_scope,
        "out_of_scope": review.out_of_scope,
        "summary": summary,
        "lines": [line.text for line in review.lines if not line.dropped_why],
        "findings": {str(row.number): words_of(row, review) for row in findings if row.state == "settled"},
        "recommendations": {
            str(row.number): _recommendation(row) for row in recommendations if row.state in ("proposed", "made")
        },
    }


def plain_of_snapshot(report: Snapshot) -> dict[str, Any]:
    """The same words as an edition published them, so that two editions can be compared."""
    digests = {row.number: row.sha256 for row in report.evidence}
    return {
        "title": report.title,
        "reason": report.scope.reason,
        "in_scope": report.scope.included,
        "out_of_scope": report.scope.excluded,
        "summary": report.summary,
        "lines": [line.text for line in report.lines],
        "findings": {
            str(row.number): {
                "title": row.title,
                "text": row.text,
                "judgement": row.judgement,
                "lines": list(row.lines),
                "citations": [[digests.get(c.evidence, ""), c.page, c.cell, c.quotation] for c in row.citations],
            }
            for row in report.findings
        },
        "recommendations": {
            str(row.number): {
                "text": row.text,
                "measure": row.measure,
                "done_by": row.done_by.isoformat(),
                "agencies": sorted(agency.name for agency in row.agencies),
                "findings": list(row.findings),
            }
            for row in report.recommendations
        },
    }


def comparable(signed: dict[str, Any]) -> dict[str, Any]:
    """Signed words that can be held against those of today; form 1 wrote judgements and agencies as keys."""
    if signed.get("form") == FORM:
        return signed
    findings = {n: {k: v for k, v in row.items() if k != "judgement"} for n, row in signed["findings"].items()}
    made = {n: {k: v for k, v in row.items() if k != "agencies"} for n, row in signed["recommendations"].items()}
    return {"findings": findings, "recommendations": made}


def digest_of_plain(plain: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of plain values."""
    return hashlib.sha256(canonical(plain)).hexdigest()


def canonical(values: Any) -> bytes:
    """One way to write the same values: sorted keys, no spaces, UTF-8."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def words_of(row: Finding, review: Review) -> FindingWords:
    """A finding as it is signed."""
    return {
        "title": row.title,
        "text": row.text,
        "judgement": judgement_of(row, review),
        "lines": sorted(line.key for line in row.lines),
        "citations": [[c.sha256, c.page, c.cell, c.quotation] for c in row.citations],
    }


def _recommendation(row: Recommendation) -> dict[str, Any]:
    """A recommendation as it is signed."""
    return {
        "text": row.text,
        "measure": row.measure,
        "done_by": row.done_by.isoformat(),
        "agencies": sorted(addressee.agency.name for addressee in row.addressees),
        "findings": [finding.number for finding in row.findings],
    }
