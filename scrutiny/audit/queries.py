"""Reading the trail: of one record, of one review, from the start; and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from scrutiny.audit.chain import Link, faults
from scrutiny.audit.models import AuditEntry, AuditHead
from scrutiny.extensions import db


def head() -> tuple[int, str]:
    """Number and digest of the last link; (0, '') when nothing has happened yet."""
    found = db.session.get(AuditHead, 1)
    return (found.number, found.digest) if found else (0, "")


def about(reference: str, limit: int = 200) -> list[AuditEntry]:
    """What happened to one record, newest first."""
    rows = select(AuditEntry).where(AuditEntry.about == reference).order_by(AuditEntry.number.desc()).limit(limit)
    return list(db.session.scalars(rows))


def within(reference: str, limit: int = 500) -> list[AuditEntry]:
    """What happened within a review, a place or an agency, newest first."""
    rows = select(AuditEntry).where(AuditEntry.within == reference).order_by(AuditEntry.number.desc()).limit(limit)
    return list(db.session.scalars(rows))


def latest(limit: int = 100, before: int | None = None) -> list[AuditEntry]:
    """The newest rows of the whole trail, or those before a number."""
    rows = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(limit)
    return list(db.session.scalars(rows.where(AuditEntry.number < before) if before else rows))


def links() -> Iterator[Link]:
    """Every link in order, a thousand at a time."""
    rows = select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=1000)
    for row in db.session.scalars(rows):
        yield Link(
            row.number,
            row.at,
            row.by,
            row.capacity,
            row.event,
            row.about,
            row.within,
            row.before,
            row.after,
            row.fields,
            row.previous,
            row.digest,
        )


def faults_found(anchor: tuple[int, str] | None = None) -> list[str]:
    """What is wrong with the trail, also against a number and digest kept elsewhere (a backup, a sealed report)."""
    number, digest = head()
    found = faults(links(), head_number=number, head_digest=digest)
    if anchor and anchor[0]:
        row = db.session.get(AuditEntry, anchor[0])
        if row is None:
            found.append(f"The trail was at row {anchor[0]} when the file was made; that row is gone: the tail was cut")
        elif row.digest != anchor[1]:
            found.append(f"Row {anchor[0]} is not the row it was when the file was made")
    return found
