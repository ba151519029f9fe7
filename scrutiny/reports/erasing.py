"""Where reports repeat words of evidence: what was signed loses those that are erased, what is sealed keeps them and is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import gettext
from sqlalchemy import Select, Text, select, type_coerce

from scrutiny.audit.service import note
from scrutiny.evidence.erasing import Erased, Sealed, erases_quotations, seals_quotations
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.findings.models import Citation, Finding
from scrutiny.reports import snapshot
from scrutiny.reports.models import Edition, Report, Signature
from workflows.roles import Actor


def init_app(app: Flask) -> None:
    """Words of evidence that are erased go from what was signed; what was sealed with them is named to whoever erases them."""
    erases_quotations(app, erase_signed)
    seals_quotations(app, editions_that_quote)


def editions_that_quote(gone: Erased) -> list[Sealed]:
    """The sealed editions that quote a piece of evidence: it stays in each until that is withdrawn and what it says erased."""
    sha256 = _digest(gone)
    rows = select(Edition).join(Report, Report.id == Edition.report_id).where(Report.review_id.in_(_reviews(gone)))
    rows = rows.where(Edition.digest != "", type_coerce(Edition.snapshot, Text).contains(sha256))
    lodgings = _lodgings(gone)
    sealed = [edition for edition in db.session.scalars(rows.order_by(Edition.id)) if _quotes(edition, sha256, lodgings)]
    return [
        Sealed(
            gettext("Edition %(number)s of report %(reference)s", number=edition.number, reference=edition.report.reference),
            edition.state == "released",
        )
        for edition in sealed
    ]


def _quotes(edition: Edition, sha256: str, lodgings: Collection[int]) -> bool:
    """Whether an edition holds words of what has this digest, and does not only name it; nor another lodging's."""
    said = snapshot.read(edition.snapshot or {})
    own = (None, *lodgings)
    numbers = {row.number for row in said.evidence if row.sha256 == sha256 and row.lodging in own}
    return any(row.quotation and row.evidence in numbers for finding in said.findings for row in finding.citations)


def erase_signed(gone: Erased, by: Actor, at: datetime) -> None:
    """Erase what is quoted of it in the words kept of each signature; the digest of what was signed stays.

    What was signed names the bytes and not who sent them: words still quoted from another's copy of the same bytes stay.
    """
    sha256 = _digest(gone)
    rows = select(Signature).where(Signature.review_id.in_(_reviews(gone)), type_coerce(Signature.signed, Text).contains(sha256))
    for signature in db.session.scalars(rows.order_by(Signature.id)):
        findings = signature.signed.get("findings", {})
        kept = _quoted_elsewhere(gone, signature.review_id)
        without = {number: _without(finding, sha256, kept.get(number, ())) for number, finding in findings.items()}
        if without != findings:
            signature.signed = {**signature.signed, "findings": without}
            about = f"review:{signature.review_id}"
            note(
                "signed_quotation_erased", about=about, within=about, by=by, at=at, sha256=sha256, digest_signed=signature.digest
            )
    db.session.flush()


def _without(finding: Any, sha256: str, kept: Collection[list[Any]]) -> Any:
    """A finding as it was signed, without the words quoted of what has this digest, but for the citations that are kept."""
    rows = [[*row[:3], ""] if row[0] == sha256 and list(row) not in kept else row for row in finding.get("citations", [])]
    return {**finding, "citations": rows}


def _quoted_elsewhere(gone: Erased, review_id: int) -> dict[str, list[list[Any]]]:
    """What findings of a review quote of another's copy of the same bytes, as it is signed: number of the finding → rows."""
    rows = select(Citation).join(Finding).where(Finding.review_id == review_id, Citation.sha256 == _digest(gone))
    kept: dict[str, list[list[Any]]] = defaultdict(list)
    for row in db.session.scalars(rows.order_by(Citation.id)):
        if row.lodging.evidence_id != gone.evidence.id or row.file_id != (gone.file.id if gone.file else None):
            kept[str(row.finding.number)].append([row.sha256, row.page, row.cell, row.quotation])
    return kept


def _digest(gone: Erased) -> str:
    """What citations of it are pinned to."""
    return gone.file.sha256 if gone.file else gone.evidence.digest


def _reviews(gone: Erased) -> Select[int]:
    """The reviews it is before."""
    return select(Lodging.review_id).where(Lodging.evidence_id == gone.evidence.id)


def _lodgings(gone: Erased) -> set[int]:
    """Where it was sent."""
    return set(db.session.scalars(select(Lodging.id).where(Lodging.evidence_id == gone.evidence.id)))
