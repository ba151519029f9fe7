"""What agencies sent, held against the digests taken when it was: words, figures and files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext
from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from scrutiny.audit import held, queries
from scrutiny.audit.sealed_words import digest_of
from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.formats import moment


class Noted(NamedTuple):
    """The digests that the trail has of a piece of evidence when it was sent."""

    words: str
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the trail has of evidence: the digests when it was sent, by evidence; and what was erased."""

    sent: dict[int, list[Noted]]
    words_erased: frozenset[str]
    files_erased: frozenset[int]


@held.seals
def seals() -> Iterator[held.Seal]:
    """Everything sent: whole, changed, or erased with its reason."""
    deeds = _deeds()
    sent = select(Evidence.id).where(exists().where(Lodging.evidence_id == Evidence.id, Lodging.lodged_at.is_not(None)))
    yield from held.each(
        list(db.session.scalars(sent.order_by(Evidence.id))), lambda ids: _seals_of(ids, deeds), lambda one: f"evidence:{one}"
    )
    there = {f"lodging:{one}" for one in db.session.scalars(select(Lodging.id))}
    for about in sorted({about for about, _ in queries.noted("evidence_lodged")} - there):
        yield held.Seal(about, gettext("%(about)s was sent, and is gone though no deed removed it", about=about), "")


def _seals_of(ids: list[int], deeds: Deeds) -> list[held.Seal]:
    """The seals of some pieces of evidence and of their files."""
    rows = select(Evidence).where(Evidence.id.in_(ids))
    rows = rows.options(selectinload(Evidence.files).joinedload(EvidenceFile.stored)).order_by(Evidence.id)
    found = []
    for evidence in db.session.scalars(rows):
        found.append(_seal_of_words(evidence, deeds))
        found += [_seal_of_file(file, deeds) for file in evidence.files]
    return found


def _deeds() -> Deeds:
    """What the trail noted whenever evidence was sent or erased."""
    rows = select(Lodging.id, Lodging.evidence_id).order_by(Lodging.id)
    evidence_of = {f"lodging:{lodging}": evidence for lodging, evidence in db.session.execute(rows)}
    sent: dict[int, list[Noted]] = {}
    for about, fields in queries.noted("evidence_lodged"):
        if about in evidence_of and "content" in fields:
            sent.setdefault(evidence_of[about], []).append(Noted(fields["content"], frozenset(fields.get("files", []))))
    return Deeds(
        sent,
        frozenset(str(fields.get("content")) for _, fields in queries.noted("evidence_erased")),
        frozenset(fields.get("file", 0) for _, fields in queries.noted("file_erased")),
    )


def _seal_of_words(evidence: Evidence, deeds: Deeds) -> held.Seal:
    """The seal of the text and figures."""
    noted = deeds.sent.get(evidence.id, [])
    what = gettext("What was written in %(reference)s", reference=evidence.reference)
    if evidence.erased_at is not None and evidence.digest not in deeds.words_erased:
        return held.Seal(what, gettext("%(what)s is marked as erased, and no deed erased it", what=what), "")
    gap = (
        gettext(
            "%(what)s was erased %(erased_at)s: %(erased_why)s",
            what=what,
            erased_at=moment(evidence.erased_at),
            erased_why=evidence.erased_why,
        )
        if evidence.are_erased
        else ""
    )
    changed = not evidence.are_erased and digest_of(evidence.text_kept, evidence.figures_kept) != evidence.digest
    changed = changed or any(one.words != evidence.digest for one in noted)
    return held.Seal(
        what, gettext("%(what)s has changed since it was sent", what=what) if changed else "", "" if changed else gap
    )


def _seal_of_file(file: EvidenceFile, deeds: Deeds) -> held.Seal:
    """The seal of a file: the one that was sent, and its bytes as they were found when they were last looked at."""
    what = gettext("File %(id)s of %(reference)s", id=file.id, reference=file.evidence.reference)
    if file.erased_at is not None and file.id not in deeds.files_erased:
        return held.Seal(what, gettext("%(what)s is marked as erased, and no deed erased it", what=what), "")
    if file.erased_at is not None:
        return held.Seal(
            what,
            "",
            gettext(
                "%(what)s was erased %(erased_at)s: %(erased_why)s",
                what=what,
                erased_at=moment(file.erased_at),
                erased_why=file.erased_why,
            ),
        )
    if file.stored.fault:
        return held.Seal(what, f"{what} is {file.stored.fault}", "")
    noted = deeds.sent.get(file.evidence_id, [])
    # A redacted copy or a translation may come after it was sent.
    changed = file.role == "original" and bool(noted) and not any(file.sha256 in one.files for one in noted)
    return held.Seal(what, gettext("%(what)s is not a file that was sent", what=what) if changed else "", "")
