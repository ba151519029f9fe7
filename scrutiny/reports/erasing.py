"""What was signed loses the words of evidence that are erased."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import Text, select, type_coerce

from scrutiny.audit.service import note
from scrutiny.editions.erasing import digest_cited, reviews_before
from scrutiny.evidence.erasing import Erased, erases_quotations
from scrutiny.extensions import db
from scrutiny.findings.models import Citation, Finding
from scrutiny.reports.models import Signature
from workflows.roles import Actor


def init_app(app: Flask) -> None:
    """Words of evidence that are erased go from what was signed."""
    erases_quotations(app, erase_signed)


def erase_signed(gone: Erased, by: Actor, at: datetime) -> None:
    """Erase what is quoted of it in the words kept of each signature; the digest of what was signed stays.

    What was signed names the bytes and not who sent them: words still quoted from another's copy of the same bytes stay.
    """
    sha256 = digest_cited(gone)
    rows = select(Signature).where(
        Signature.review_id.in_(reviews_before(gone)), type_coerce(Signature.signed, Text).contains(sha256)
    )
    for signature in db.session.scalars(rows.order_by(Signature.id)):
        findings = signature.signed.get("findings", {})
        kept = quoted_elsewhere(gone, signature.review_id)
        without = {number: without_words(finding, sha256, kept.get(number, ())) for number, finding in findings.items()}
        if without != findings:
            signature.signed = {**signature.signed, "findings": without}
            about = f"review:{signature.review_id}"
            note(
                "signed_quotation_erased", about=about, within=about, by=by, at=at, sha256=sha256, digest_signed=signature.digest
            )
    db.session.flush()


def without_words(finding: Any, sha256: str, kept: Collection[list[Any]]) -> Any:
    """A finding as it was signed, without the words quoted of what has this digest, but for the citations that are kept."""
    rows = [[*row[:3], ""] if row[0] == sha256 and list(row) not in kept else row for row in finding.get("citations", [])]
    return {**finding, "citations": rows}


def quoted_elsewhere(gone: Erased, review_id: int) -> dict[str, list[list[Any]]]:
    """What findings of a review quote of another's copy of the same bytes, as it is signed: number of the finding → rows."""
    rows = select(Citation).join(Finding).where(Finding.review_id == review_id, Citation.sha256 == digest_cited(gone))
    kept: dict[str, list[list[Any]]] = defaultdict(list)
    for row in db.session.scalars(rows.order_by(Citation.id)):
        if row.lodging.evidence_id != gone.evidence.id or row.file_id != (gone.file.id if gone.file else None):
            kept[str(row.finding.number)].append([row.sha256, row.page, row.cell, row.quotation])
    return kept
