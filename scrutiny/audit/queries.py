"""Reading the trail: of one record, of one review, from the start; and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from flask_babel import gettext
from sqlalchemy import Select, Text, select, type_coerce

from scrutiny.audit import held, reading
from scrutiny.audit.chain import Link, Unreadable, faults
from scrutiny.audit.models import AuditEntry, AuditHead
from scrutiny.extensions import db


def head() -> tuple[int, str]:
    """Number and digest of the last link; (0, '') when nothing has happened yet."""
    found = db.session.get(AuditHead, 1)
    return (found.number, found.digest) if found else (0, "")


def head_held(faults: list[str]) -> tuple[int, str] | None:
    """The same for whoever checks it; None where it cannot be read. That, and heads that should not be, are among the faults."""
    found: tuple[int, str] | None = (0, "")
    for key, values in reading.rows(AuditHead.__table__):  # type: ignore[arg-type]  # SQLAlchemy types it as any FromClause
        named = f"{AuditHead.__tablename__}:{'-'.join(map(str, key))}"
        if isinstance(values, str):
            faults.append(reading.unreadable(named, values))
            found = None
        elif key == (1,):
            found = found and (values["number"], values["digest"])
        else:
            faults.append(gettext("%(about)s is there, and a trail has one head: audit_head:1", about=named))
    return found


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


def links() -> Iterator[Link | Unreadable]:
    """Every link in order, as the database holds it."""
    for (number,), values in reading.rows(AuditEntry.__table__):  # type: ignore[arg-type]  # SQLAlchemy types it as any FromClause
        if isinstance(values, str):
            yield Unreadable(number, values)
        else:
            yield Link(**{**values, "fields": json.loads(values["fields"])})


def noted(*events: str) -> Iterator[tuple[str, reading.Values]]:
    """What the trail has of some kinds of deed, in order: about what, and its fields. What cannot be read is left out."""
    entries = select(AuditEntry.about, type_coerce(AuditEntry.fields, Text)).where(AuditEntry.event.in_(events))
    for about, kept in db.session.execute(entries.order_by(AuditEntry.number)):
        try:
            fields = json.loads(kept)
        except (ValueError, TypeError, RecursionError):
            continue
        if isinstance(fields, dict):
            yield about, fields


def faults_found(anchor: tuple[int, str] | None = None) -> list[str]:
    """What is wrong with the trail, also against every number and digest held here, and one kept in a file elsewhere."""
    return checked(anchor)[0]


def checked(anchor: tuple[int, str] | None = None) -> tuple[list[str], int]:
    """That, and how many numbers and digests it was held against."""
    found: list[str] = []
    found += faults(links(), head_held(found))
    anchors = held.all_anchors(found)
    if anchor:
        anchors.append(held.Anchor("The file", *anchor, None))
    return found + [fault for one in anchors if one.number and (fault := _contradicted(one))], len(anchors)


def _contradicted(anchor: held.Anchor) -> str:
    """In what the trail contradicts an anchor; '' where it does not."""
    what = anchor.what[0].lower() + anchor.what[1:]
    try:
        digest = db.session.scalar(_digest_of(anchor.number))
    except held.BROKEN:  # a number that no row can have, or bytes that are no text
        return f"Row {anchor.number} of the trail cannot be held against what it was when {what} was made"
    if digest is None:
        return f"The trail was at row {anchor.number} when {what} was made; that row is gone: the tail was cut"
    if digest != anchor.digest:
        return f"Row {anchor.number} is not the row it was when {what} was made"
    return ""


def _digest_of(number: int) -> Select[str]:
    """The digest of a row, which can be read though the rest of it cannot."""
    return select(AuditEntry.digest).where(AuditEntry.number == number)
