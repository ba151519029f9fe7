"""The one place that is told when guarded words or files are given out, whatever page gives them: each reading has its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from scrutiny.audit.service import note
from scrutiny.evidence.markings import GUARDED
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.transaction import run
from workflows.roles import Actor


class Part(NamedTuple):
    """What words stand in: what was sent, or a file of it, or a page of that."""

    lodging: Lodging
    file: EvidenceFile | None = None
    page: int | None = None


def is_guarded(lodging: Lodging, by: Actor, file: EvidenceFile | None = None) -> bool:
    """Whether a reading by this actor is noted: of what is personal or confidential, by others than its own agency."""
    guarded = lodging.marking in GUARDED or (file is not None and file.marking in GUARDED)
    return guarded and not lodging.evidence.is_of(by.agency)


def give_out(
    lodgings: Sequence[Lodging], by: Actor, *, at: datetime, file: EvidenceFile | None = None, page: int | None = None
) -> bool:
    """Note that the words of these lodgings, or a file of one, are about to be shown; whether any was noted."""
    return give_out_parts([Part(lodging, file, page) for lodging in lodgings], by, at=at)


def give_out_parts(parts: Iterable[Part], by: Actor, *, at: datetime) -> bool:
    """Note that words of these parts are about to be shown, each part once; whether any was noted.

    A page that only looks has no other transaction, so that noting is one: whatever is shown is read again after it.
    """
    found = [part for part in dict.fromkeys(parts) if is_guarded(part.lodging, by, part.file)]
    if not found:
        return False

    def note_all() -> None:
        for part in found:
            where: Any = ({"file": part.file.id} if part.file is not None else {}) | ({"page": part.page} if part.page else {})
            about, within = f"lodging:{part.lodging.id}", f"review:{part.lodging.review_id}"
            note("evidence_read", about=about, within=within, by=by, at=at, **where)

    run(note_all)
    return True
