"""A report as plain values: gathered records in, a snapshot out. The snapshot is the report; pages and PDF only show it."""

from __future__ import annotations

import hashlib
from typing import Any

FORM = "area-scrutiny/report/1"


def compose(gathered: dict[str, Any], *, edition: dict[str, Any], audit: tuple[int, str], sealed_on: str) -> dict[str, Any]:
    """The snapshot of a review's report: evidence numbered once for the whole report, findings citing those numbers.

    `gathered` is what gather.review_values gives; `edition` holds reference, number and why. Equal values give an equal
    snapshot, whatever order the records came in.
    """
    index, numbers = _evidence_index(gathered["findings"])
    return {
        "form": FORM,
        "kind": "review",
        "edition": edition,
        **{key: gathered[key] for key in ("title", "place", "method", "bodies", "dates", "scope", "summary", "lines", "map")},
        "agencies": sorted(gathered["agencies"], key=lambda a: a["order"]),
        "findings": [_finding(finding, numbers) for finding in sorted(gathered["findings"], key=lambda f: f["number"])],
        "recommendations": sorted(gathered["recommendations"], key=lambda r: r["number"]),
        "accuracy": gathered["accuracy"],
        "corrections": gathered["corrections"],
        "evidence": index,
        "signatories": gathered["signatories"],
        "dissent": gathered["dissent"],
        "signed_digest": gathered["signed_digest"],
        "audit": {"number": audit[0], "digest": audit[1]},
        "sealed_on": sealed_on,
        "attribution": gathered["attribution"],
    }


def digest_of_bytes(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _evidence_index(findings: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[tuple[int, str], int]]:
    """Every piece of evidence cited, numbered in the order the findings first cite it."""
    index: list[dict[str, Any]] = []
    numbers: dict[tuple[int, str], int] = {}
    for finding in sorted(findings, key=lambda f: f["number"]):
        for citation in finding["citations"]:
            key = (citation["lodging"], citation["sha256"])
            if key not in numbers:
                numbers[key] = len(index) + 1
                index.append({"number": numbers[key], **citation["evidence"], "sha256": citation["sha256"]})
    return index, numbers


def _finding(finding: dict[str, Any], numbers: dict[tuple[int, str], int]) -> dict[str, Any]:
    """A finding whose citations point into the evidence index."""
    citations = [
        {
            "evidence": numbers[citation["lodging"], citation["sha256"]],
            "where": citation["where"],
            "quotation": citation["quotation"],
        }
        for citation in finding["citations"]
    ]
    return {**{key: value for key, value in finding.items() if key != "citations"}, "citations": citations}
