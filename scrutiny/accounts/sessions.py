"""Sessions, kept on the server: a row for each device somebody is signed in on. The cookie only names the row.

A session ends with its row: when its owner signs out or ends it elsewhere, when nothing was done in it for some hours,
and at the end of its day whatever is done. A copy of the cookie then opens nothing.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import contains_eager

from scrutiny.accounts import queries
from scrutiny.accounts.models import Person, SignInSession
from scrutiny.accounts.settings import IDLE_HOURS, SESSION_HOURS
from scrutiny.audit.service import note
from scrutiny.extensions import db
from workflows.roles import Actor

LASTS, IDLE = timedelta(hours=SESSION_HOURS), timedelta(hours=IDLE_HOURS)
#: A use is written down this often: a write for each page would queue them all.
SEEN_EVERY = timedelta(minutes=5)


def begin(person: Person, *, how: str, device: str, at: datetime) -> str:
    """A session of this person from now; gives the secret that its cookie carries, of which only the hash is kept."""
    secret = secrets.token_urlsafe(32)
    session = SignInSession(
        person_id=person.id,
        secret_hash=queries.hash_of(secret),
        how=how[:40],
        device=device[:60],
        began_at=at,
        seen_at=at,
        ends_at=at + LASTS,
    )
    db.session.add(session)
    db.session.flush()
    return secret


def _living(at: datetime) -> ColumnElement[bool]:
    """Not at its end, and used not too long ago."""
    return and_(SignInSession.ends_at > at, SignInSession.seen_at > at - IDLE)


def find(secret: str, *, at: datetime) -> SignInSession | None:
    """The session a cookie names, while it lives and its person may sign in."""
    if not secret:
        return None
    rows = select(SignInSession).join(SignInSession.person).where(SignInSession.secret_hash == queries.hash_of(secret))
    rows = rows.where(_living(at), Person.active.is_(True)).options(contains_eager(SignInSession.person))
    return db.session.scalar(rows)


def sessions_of(person_id: int, *, at: datetime) -> list[SignInSession]:
    """Where this person is signed in, the latest used first."""
    rows = select(SignInSession).where(SignInSession.person_id == person_id, _living(at))
    return list(db.session.scalars(rows.order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())))


def is_use_worth_keeping(session: SignInSession, *, at: datetime) -> bool:
    """Whether the last use kept is old enough to be written again."""
    return at - session.seen_at > SEEN_EVERY


def keep_use(session_id: int, *, at: datetime) -> None:
    """Keep that a session was used; one that was ended meanwhile stays ended."""
    session = db.session.get(SignInSession, session_id)
    if session is not None:
        session.seen_at = at
        db.session.flush()


def forget(secret: str) -> None:
    """End the session a cookie names: its owner signs out of it, or signs in anew."""
    db.session.execute(delete(SignInSession).where(SignInSession.secret_hash == queries.hash_of(secret)))


def forget_all_of(person: Person) -> None:
    """End every session of a person, without a word."""
    db.session.execute(delete(SignInSession).where(SignInSession.person_id == person.id))


def end(session: SignInSession, *, by: Actor, at: datetime) -> None:
    """End one of one's own sessions from another device."""
    note("session_ended", about=f"person:{session.person_id}", by=by, at=at)
    db.session.delete(session)
    db.session.flush()


def sweep(*, at: datetime) -> int:
    """Drop the rows of sessions that have ended by themselves; how many."""
    result = db.session.execute(delete(SignInSession).where(~_living(at)))
    return int(result.rowcount)  # type: ignore[attr-defined]  # a delete gives a CursorResult, which has it
