"""Erasing for ever what an agency sent, and the quotations of it that other rooms keep: digests and reasons stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from flask_babel import gettext

from scrutiny.audit.service import digest, note
from scrutiny.correspondence.striking import strike_name_above
from scrutiny.evidence import queries, sweeping
from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging
from scrutiny.extensions import db
from workflows.refusals import Refused
from workflows.roles import Actor

#: What a file is called in place of its name.
ERASED_NAME = "Erased file"
#: What stands in place of the ground on which something was exempt.
ERASED_GROUND = "Erased"


@dataclass(frozen=True, slots=True)
class Erased:
    """What goes: the words and figures of a piece of evidence, or one of its files."""

    evidence: Evidence
    file: EvidenceFile | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """Something sealed that quotes evidence and is not changed by erasing it: what it is, and whether the public reads it."""

    name: str
    is_public: bool


def erases_quotations(app: Flask, erase: Callable[[Erased, Actor, datetime], None]) -> None:
    """Say how another room erases what it quotes of evidence. From its `init_app`, before anything is erased."""
    app.extensions.setdefault("evidence_quotations", []).append(erase)


def seals_quotations(app: Flask, find: Callable[[Erased], list[Sealed]]) -> None:
    """Say how another room finds what it has sealed that quotes evidence. From its `init_app`."""
    app.extensions.setdefault("evidence_sealed", []).append(find)


def still_quoted(gone: Erased) -> list[Sealed]:
    """What was sealed with a quotation of this: erasing does not reach it, it is withdrawn and erased by itself."""
    return [sealed for find in current_app.extensions["evidence_sealed"] for sealed in find(gone)]


def erase_words(lodging: Lodging, why: str, *, by: Actor, at: datetime) -> None:
    """Erase the text and figures of an answer for ever: their digest and the reason stay, its files are erased one by one."""
    _check_why(why)
    evidence = lodging.evidence
    if evidence.erased_at is not None:
        raise Refused(gettext("The words and figures are erased already"))
    gone = sweeping.words_of([evidence])
    evidence.text, evidence.figures, evidence.period = "", "", ""
    evidence.erased_at, evidence.erased_why = at, why.strip()
    for one in queries.lodgings_of(evidence):  # the ground was typed beside the words, and may name whom they named
        one.exempt_ground = ERASED_GROUND if one.exempt_ground else ""
    db.session.flush()
    about, within = f"lodging:{lodging.id}", f"review:{lodging.review_id}"
    note("evidence_erased", about=about, within=within, by=by, at=at, content=evidence.digest, why=digest(why.strip()))
    _erase_quotations(Erased(evidence), gone, by, at)


def erase_file(file: EvidenceFile, why: str, *, by: Actor, at: datetime) -> None:
    """Erase a file: its digest and the reason stay; the job drops the bytes with their last unerased use.

    Its name goes too, from receipts that are kept as well, and what it was found to hide: a name may be what had to go.
    """
    _check_why(why)
    if file.erased_at is not None:
        raise Refused(gettext("This file is erased already"))
    gone = sweeping.words_of([file.evidence], file)
    file.erased_at, file.erased_why = at, why.strip()
    file.name, file.warnings_kept = ERASED_NAME, ""
    db.session.flush()
    strike_name_above(file.sha256, ERASED_NAME)
    note("file_erased", about=file.evidence.reference, by=by, at=at, file=file.id, sha256=file.sha256)
    _erase_quotations(Erased(file.evidence, file), gone, by, at)


def _check_why(why: str) -> None:
    """Nothing goes without its reason."""
    if not why.strip():
        raise Refused(gettext("Say why this is erased: the reason stays when the words are gone"))


def _erase_quotations(gone: Erased, words: sweeping.Words, by: Actor, at: datetime) -> None:
    """What other rooms have copied goes in the same transaction, and what people quoted of it in letters and notes."""
    for erase in current_app.extensions["evidence_quotations"]:
        erase(gone, by, at)
    sweeping.strike(words, gettext("(erased)"))
