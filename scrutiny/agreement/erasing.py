"""Words of evidence that are erased go from the words kept of what each body agreed with; the digest of these words stays."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import Text, select, type_coerce

from scrutiny.agreement.models import FindingAgreement
from scrutiny.agreement.service import heed_words
from scrutiny.audit.service import note
from scrutiny.editions.erasing import digest_cited, reviews_before
from scrutiny.evidence.erasing import Erased, erases_quotations
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.reports.erasing import quoted_elsewhere, without_words
from workflows.roles import Actor


def init_app(app: Flask) -> None:
    """From now on erasing reaches here."""
    erases_quotations(app, erase_agreed)


def erase_agreed(gone: Erased, by: Actor, at: datetime) -> None:
    """Erase what is quoted of it in the words of each agreement."""
    sha256 = digest_cited(gone)
    rows = select(FindingAgreement).join(Finding).where(Finding.review_id.in_(reviews_before(gone)))
    rows = rows.where(type_coerce(FindingAgreement.words, Text).contains(sha256))
    changed: dict[int, Finding] = {}
    for row in db.session.scalars(rows.order_by(FindingAgreement.id)):
        finding = row.finding
        kept = quoted_elsewhere(gone, finding.review_id).get(str(finding.number), ())
        without = without_words(row.words, sha256, kept)
        if without != row.words:
            row.words = without
            about = {"about": finding.reference, "within": f"review:{finding.review_id}"}
            note("agreed_quotation_erased", **about, by=by, at=at, sha256=sha256, digest_agreed=row.digest)
            changed.setdefault(finding.id, finding)
    db.session.flush()
    for finding in changed.values():
        if finding.state == "proposed":
            heed_words(finding, by=by, at=at)
