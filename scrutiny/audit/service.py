"""Note what happened; the links are joined to the chain just before the commit, under the chain's lock."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import g, has_request_context
from flask_babel import gettext
from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Session

from scrutiny import transaction
from scrutiny.audit import queries, row_check, sealed_rows, sealed_together
from scrutiny.audit.chain import START, Link, digest_of
from scrutiny.audit.models import AuditEntry, AuditHead, AuditSeal
from scrutiny.extensions import Moment, db
from workflows.refusals import Refused
from workflows.roles import TIMETABLE_ACTOR, Actor

GATHERED = "audit_gathered"
#: The deed that is noted where rows are written without another.
SAVED, ABOUT = "records_saved", "records"


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
    if not gathered and not session.info.get(sealed_rows.TOUCHED):
        return
    head = _locked_head(session)
    # Rows are read under the lock, where no other deed ends: one that ended between would leave here a seal of what was before.
    whole = sealed_rows.is_first(session)
    seals = sealed_rows.seals_now(session.info.pop(sealed_rows.TOUCHED, {}))
    # What is written without a deed of its own is sealed all the same.
    *others, last = gathered or [_saved(session)]
    gathered = [*others, replace(last, fields=last.fields | _sealed(seals, whole=whole))]
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

    for about, (salt, sealed) in seals.items():
        session.add(AuditSeal(entry=head.number, about=about, salt=salt, digest=sealed))


def _locked_head(session: Session) -> AuditHead:
    """The head of the trail, read anew and held to the end of this transaction: what was read of it before may be older."""
    locked = select(AuditHead).where(AuditHead.id == 1).with_for_update().execution_options(populate_existing=True)
    head = session.scalar(locked)
    if head is None:
        transaction.enter_once(AuditHead(id=1, number=0, digest=""), lambda: session.get(AuditHead, 1))
        head = session.scalars(locked).one()
    return head


def _saved(session: Session) -> Link:
    """That rows were written by whoever is asking, with nothing else to be said of it."""
    actor: Actor = g.actor if has_request_context() and "actor" in g else TIMETABLE_ACTOR
    at = session.scalars(select(type_coerce(func.current_timestamp(), Moment()))).one()
    return Link(0, at, actor.reference, actor.capacity.reference, SAVED, ABOUT, "", "", "", {}, "", "")


def _sealed(seals: sealed_rows.Seals, *, whole: bool) -> dict[str, str | bool]:
    """What a deed says of its seals."""
    said: dict[str, str | bool] = {sealed_rows.SEALED: sealed_rows.digest_of_seals(seals)} if seals else {}
    return said | {sealed_rows.COMPLETE: True} if whole else said


def seal_the_rest(*, by: Actor, at: datetime) -> int:
    """Seal the rows that no deed has sealed, as they are; how many. From then on a row without a seal is a fault.

    Refused once all are sealed: a row without a seal was then put there by other hands, and no command makes it good. Refused
    too where the trail is not whole, or not about what is here: rows that came by no deed, or their deeds were erased.
    """
    is_complete = row_check.is_complete()
    if is_complete and next(sealed_together.unsealed(), None) is None:
        raise Refused(gettext("Every row has its seal already: run flask audit verify, which names what has none"))
    if queries.faults_found() or row_check.unaccounted():
        raise Refused(
            gettext(
                "The trail does not account for all that is here, so nothing was sealed: run flask audit verify, which says what"
            )
        )
    rest = {} if is_complete else row_check.unsealed()
    count = sum(map(len, rest.values())) + sealed_together.seal_as_they_are()
    for table, keys in rest.items():
        sealed_rows.touch(db.session(), table, keys)
    note("records_sealed", about=ABOUT, by=by, at=at, rows=count, all_rows_sealed=True)
    return count


def forget(session: Session) -> None:
    """After a rollback: what was gathered did not happen."""
    session.info.pop(GATHERED, None)
    session.info.pop(sealed_rows.TOUCHED, None)
