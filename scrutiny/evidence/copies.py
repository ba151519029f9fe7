"""Which rows are copies of the same: bytes or words of an agency that stand in another of its answers too.

An answer that was returned is begun again as a copy, an earlier one is used again below a draft, and the same file is sent
for two questions: each has rows of its own. Whoever closes or erases one of them means what stands in it, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select

from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging
from scrutiny.evidence.queries import whole
from scrutiny.extensions import db


def of_file(file: EvidenceFile, *, everywhere: bool = False) -> list[EvidenceFile]:
    """Every use of the bytes of a file that is not erased, itself among them: of its agency, or `everywhere` of any."""
    rows = select(EvidenceFile).join(EvidenceFile.evidence)
    rows = rows.where(EvidenceFile.sha256 == file.sha256, EvidenceFile.erased_at.is_(None))
    return list(db.session.scalars((rows if everywhere else rows.where(_same_agency(file.evidence))).order_by(EvidenceFile.id)))


def of_words(evidence: Evidence, *, everywhere: bool = False) -> list[Evidence]:
    """Every piece of evidence with the same words and figures that is not erased, itself first; alone if nothing is written."""
    if not (evidence.text_kept.strip() or evidence.figures_kept.strip()):
        return [evidence]
    rows = select(Evidence).where(Evidence.digest == evidence.digest, Evidence.erased_at.is_(None), Evidence.id != evidence.id)
    found = db.session.scalars((rows if everywhere else rows.where(_same_agency(evidence))).order_by(Evidence.id))
    return [evidence, *found]


def lodgings_with_words(evidence: Evidence, *, everywhere: bool = False) -> list[Lodging]:
    """Wherever these words and figures are before a review, or are meant for one, oldest first."""
    return lodgings_of(of_words(evidence, everywhere=everywhere))


def lodgings_with_any(evidence: Evidence) -> list[Lodging]:
    """Wherever these words, or any of its files, are before a review or are meant for one, oldest first."""
    files = [copy.evidence for file in evidence.files if file.erased_at is None for copy in of_file(file)]
    return lodgings_of([*of_words(evidence), *files])


def lodgings_of(evidences: Iterable[Evidence]) -> list[Lodging]:
    """Every lodging of several pieces of evidence, oldest first."""
    ids = {evidence.id for evidence in evidences}
    return list(db.session.scalars(whole().where(Lodging.evidence_id.in_(ids)).order_by(Lodging.id)))


def _same_agency(evidence: Evidence) -> ColumnElement[bool]:
    """That something is of the agency that gave this evidence, or of the one that keeps it since."""
    return or_(Evidence.agency_id.in_(evidence.owners), Evidence.keeper_id.in_(evidence.owners))
