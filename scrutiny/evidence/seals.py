"""What agencies sent, held against the digests taken when it was: words, figures and files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from scrutiny.audit import held
from scrutiny.audit.models import AuditEntry
from scrutiny.audit.sealed_words import digest_of
from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.formats import moment


class Noted(NamedTuple):
    """The digests that the trail has of a piece of evidence when it was sent."""

    words: str
    files: frozenset[str]


@held.seals
def seals() -> Iterator[held.Seal]:
    """Everything sent: whole, changed, or erased with its reason."""
    noted = _noted_when_sent()
    sent = select(Evidence).where(exists().where(Lodging.evidence_id == Evidence.id, Lodging.lodged_at.is_not(None)))
    rows = sent.options(selectinload(Evidence.files).joinedload(EvidenceFile.stored)).order_by(Evidence.id)
    for evidence in db.session.scalars(rows.execution_options(yield_per=50)):
        yield _seal_of_words(evidence, noted.get(evidence.id, []))
        for file in evidence.files:
            yield _seal_of_file(file, noted.get(evidence.id, []))


def _noted_when_sent() -> dict[int, list[Noted]]:
    """What the trail noted of each piece of evidence whenever it was sent."""
    rows = select(Lodging.id, Lodging.evidence_id).order_by(Lodging.id)
    evidence_of = {f"lodging:{lodging}": evidence for lodging, evidence in db.session.execute(rows)}
    found: dict[int, list[Noted]] = {}
    entries = select(AuditEntry.about, AuditEntry.fields).where(AuditEntry.event == "evidence_lodged")
    for about, fields in db.session.execute(entries.order_by(AuditEntry.number)):
        if about in evidence_of and "content" in fields:
            found.setdefault(evidence_of[about], []).append(Noted(fields["content"], frozenset(fields.get("files", []))))
    return found


def _seal_of_words(evidence: Evidence, noted: list[Noted]) -> held.Seal:
    """The seal of the text and figures."""
    what = f"What was written in {evidence.reference}"
    gap = f"{what} was erased {moment(evidence.erased_at)}: {evidence.erased_why}" if evidence.are_erased else ""
    changed = not evidence.are_erased and digest_of(evidence.text_kept, evidence.figures_kept) != evidence.digest
    changed = changed or any(one.words != evidence.digest for one in noted)
    return held.Seal(what, f"{what} has changed since it was sent" if changed else "", "" if changed else gap)


def _seal_of_file(file: EvidenceFile, noted: list[Noted]) -> held.Seal:
    """The seal of a file: the one that was sent, and its bytes as they were found when they were last looked at."""
    what = f"File {file.id} of {file.evidence.reference}"
    if file.erased_at is not None:
        return held.Seal(what, "", f"{what} was erased {moment(file.erased_at)}: {file.erased_why}")
    if file.stored.fault:
        return held.Seal(what, f"{what} is {file.stored.fault}", "")
    # A redacted copy or a translation may come after it was sent.
    changed = file.role == "original" and bool(noted) and not any(file.sha256 in one.files for one in noted)
    return held.Seal(what, f"{what} is not a file that was sent" if changed else "", "")
