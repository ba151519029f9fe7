"""Note what happened; the links are joined to the chain just before the commit, under the chain's lock."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scrutiny import transaction
from scrutiny.audit.chain import START, Link, digest_of
from scrutiny.audit.models import AuditEntry, AuditHead
from scrutiny.extensions import db
from workflows.roles import Actor

GATHERED = "audit_gathered"


def note(
    event: str, *, about: str, by: Actor, at: datetime, within: str = "", before: str = "", after: str = "", **fields: Any
) -> None:
    """Note a deed, to be chained at the commit. Fields hold plain facts (numbers, dates, keys); free text as a digest."""
    link = Link(0, at, by.reference, by.capacity.reference, event, about, within, before, after, fields, "", "")
    db.session.info.setdefault(GATHERED, []).append(link)


def digest(text: str) -> str:
    """What the trail keeps of free text: enough to prove it later, nothing to read."""
    return hashlib.sha256(text.encode()).hexdigest()


def chain(session: Session) -> None:
    """Join what was gathered to the chain; the head row is locked, so that two writers cannot fork it."""
    gathered: list[Link] = session.info.pop(GATHERED, [])
    if not gathered:
        return
    # Read anew under the lock: what this transaction read of it before may be older.
    locked = select(AuditHead).where(AuditHead.id == 1).with_for_update().execution_options(populate_existing=True)
    head = session.scalar(locked)
    if head is None:
        transaction.enter_once(AuditHead(id=1, number=0, digest=""), lambda: session.get(AuditHead, 1))
        head = session.scalars(locked).one()
    for link in gathered:
        head.number += 1
        joined = replace(link, number=head.number, previous=head.digest or START)
        head.digest = digest_of(joined)
        session.add(
            AuditEntry(
                number=joined.number,
                at=joined.at,
                by=joined.by,
                capacity=joined.capacity,
                event=joined.event,
                about=joined.about,
                within=joined.within,
                before=joined.before,
                after=joined.after,
                fields=joined.fields,
                previous=joined.previous,
                digest=head.digest,
            )
        )


def forget(session: Session) -> None:
    """After a rollback: what was gathered did not happen."""
    session.info.pop(GATHERED, None)
