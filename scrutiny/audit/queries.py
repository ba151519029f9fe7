"""Reading the trail: of one record, of one review, from the start; and whether it is whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from scrutiny.audit import held
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


def doers_of(reference: str, events: Collection[str]) -> list[tuple[str, str]]:
    """Who did any of these to one record, and in which capacity: ('person:4', 'agency:7'), the first to do so first."""
    rows = select(AuditEntry.by, AuditEntry.capacity).where(AuditEntry.about == reference, AuditEntry.event.in_(events))
    return list(dict.fromkeys((by, capacity) for by, capacity in db.session.execute(rows.order_by(AuditEntry.number))))


def done_within(reference: str, by: str, events: Collection[str]) -> list[tuple[str, str]]:
    """To which records of a review a person did any of these, and in which capacity: ('item:7', 'agency:7')."""
    rows = select(AuditEntry.about, AuditEntry.capacity).where(
        AuditEntry.within == reference, AuditEntry.by == by, AuditEntry.event.in_(events)
    )
    return list(dict.fromkeys((about, capacity) for about, capacity in db.session.execute(rows.order_by(AuditEntry.number))))


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
    """What is wrong with the trail, also against every number and digest held here, and one kept in a file elsewhere."""
    number, digest = head()
    found = faults(links(), head_number=number, head_digest=digest)
    anchors = [*held.all_anchors()]
    if anchor:
        anchors.append(held.Anchor("The file", *anchor, None))
    return found + [fault for one in anchors if one.number and (fault := _contradicted(one))]


def _contradicted(anchor: held.Anchor) -> str:
    """In what the trail contradicts an anchor; '' where it does not."""
    row, what = db.session.get(AuditEntry, anchor.number), anchor.what[0].lower() + anchor.what[1:]
    if row is None:
        return f"The trail was at row {anchor.number} when {what} was made; that row is gone: the tail was cut"
    if row.digest != anchor.digest:
        return f"Row {anchor.number} is not the row it was when {what} was made"
    return ""
