"""What is signed: the digest of the findings and recommendations as they stand; pure but for the records it is handed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from scrutiny.findings.models import Finding
from scrutiny.recommendations.models import Recommendation


def plain_of(findings: Sequence[Finding], recommendations: Sequence[Recommendation]) -> dict[str, Any]:
    """Settled findings and standing recommendations as plain values: every word that a signature covers."""
    return {
        "findings": {
            str(f.number): {
                "title": f.title,
                "text": f.text,
                "judgement": f.judgement,
                "lines": sorted(line.key for line in f.lines),
                "citations": [[c.sha256, c.page, c.cell, c.quotation] for c in f.citations],
            }
            for f in findings
            if f.state == "settled"
        },
        "recommendations": {
            str(r.number): {
                "text": r.text,
                "measure": r.measure,
                "done_by": r.done_by.isoformat(),
                "agencies": sorted(a.agency_id for a in r.addressees),
                "findings": [f.number for f in r.findings],
            }
            for r in recommendations
            if r.state in ("proposed", "made")
        },
    }


def digest_of(findings: Sequence[Finding], recommendations: Sequence[Recommendation]) -> str:
    """SHA-256 of the canonical JSON of what is signed."""
    return digest_of_plain(plain_of(findings, recommendations))


def digest_of_plain(plain: dict[str, Any]) -> str:
    """The same, of the plain values themselves."""
    return hashlib.sha256(canonical(plain)).hexdigest()


def canonical(values: Any) -> bytes:
    """One way to write the same values: sorted keys, no spaces, UTF-8."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def difference(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What changed since, in one sentence: findings and recommendations added, changed or taken away."""
    said = []
    for kind, one in (("findings", "finding"), ("recommendations", "recommendation")):
        for number in sorted({*before[kind], *after[kind]}, key=int):
            old, new = before[kind].get(number), after[kind].get(number)
            if old == new:
                continue
            if old is None or new is None:
                said.append(f"{one} {number} was {'added' if old is None else 'taken away or reopened'}")
            else:
                fields = [name.replace("done_by", "date") for name in new if new[name] != old[name]]
                said.append(f"{one} {number} was changed ({', '.join(fields)})")
    return "; ".join(said) or "nothing"
