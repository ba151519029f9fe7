"""Is the trail whole, and is everything as its deeds left it? The command and the job of the night ask the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from scrutiny.audit import held, queries, row_check, signed
from scrutiny.extensions import Base, db


@dataclass(slots=True)
class Verified:
    """What was found: faults, gaps that a deed explains, and notes, each in a sentence; and how much was looked at."""

    number: int
    digest: str
    anchors: int
    seals: int
    faults: list[str]
    gaps: list[str]
    notes: list[str] = field(default_factory=list)


def verify(anchor: tuple[int, str] | None = None) -> Verified:
    """Look at every row of the trail, every anchor held here and one kept elsewhere, every seal and every sealed row.

    Read within `transaction.at_one_moment`: else a deed that ends meanwhile looks like the work of other hands.
    """
    for table in Base.metadata.sorted_tables:
        db.session.execute(select(table).limit(0))  # one that is gone, or lacks a column, is no row that other hands wrote
    number, digest = queries.head_held([]) or (0, "")
    faults, anchors = queries.checked(anchor)
    seals = held.all_seals(faults)
    rows = row_check.check()
    faults += [seal.fault for seal in seals if seal.fault] + rows.faults + signed.faults_found()
    gaps = [seal.gap for seal in seals if seal.gap]
    return Verified(number, digest, anchors, len(seals) + rows.rows, list(dict.fromkeys(faults)), gaps, rows.notes)
