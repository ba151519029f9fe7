"""Reading people, their links and their keys; always in order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from scrutiny.accounts.models import AccessKey, Person, SignInAttempt, SignInLink
from scrutiny.extensions import db


def hash_of(secret: str) -> str:
    """What is stored of a link or a key: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person(person_id: int) -> Person | None:
    """The person with that id, ended or not."""
    return db.session.get(Person, person_id)


def person_by_email(address: str) -> Person | None:
    """The person with that e-mail address, in any case of letters, ended or not."""
    return db.session.scalar(select(Person).where(Person.email == address.strip().lower()))


def by_uniquifier(uniquifier: str) -> Person | None:
    """The person whose sessions hold this text."""
    return db.session.scalar(select(Person).where(Person.fs_uniquifier == uniquifier)) if uniquifier else None


def people(*, active: bool | None = None) -> list[Person]:
    """Everyone by name, or only those who may (or may no longer) sign in."""
    rows = select(Person).order_by(Person.name, Person.id)
    return list(db.session.scalars(rows if active is None else rows.where(Person.active.is_(active))))


def people_named(ids: Sequence[int]) -> dict[int, str]:
    """The names of several people by id, in one statement."""
    rows = select(Person.id, Person.name).where(Person.id.in_(ids)).order_by(Person.id)
    return {row[0]: row[1] for row in db.session.execute(rows)}


def administrators() -> list[Person]:
    """Everyone who runs this instance, by name."""
    rows = select(Person).where(Person.administrator.is_(True), Person.active.is_(True)).order_by(Person.name, Person.id)
    return list(db.session.scalars(rows))


def link_with(token: str) -> SignInLink | None:
    """The sign-in link with that token, used or not."""
    return db.session.scalar(select(SignInLink).where(SignInLink.token_hash == hash_of(token)))


def key_with(key: str, kind: str) -> AccessKey | None:
    """The key of that kind if it may still be used: not revoked, and its person not ended."""
    rows = (
        select(AccessKey)
        .join(AccessKey.person)
        .where(AccessKey.key_hash == hash_of(key), AccessKey.kind == kind, AccessKey.revoked_at.is_(None), Person.active)
    )
    return db.session.scalar(rows)


def keys_of(person_id: int) -> list[AccessKey]:
    """The keys a person may still use, newest first."""
    rows = select(AccessKey).where(AccessKey.person_id == person_id, AccessKey.revoked_at.is_(None))
    return list(db.session.scalars(rows.order_by(AccessKey.made_at.desc(), AccessKey.id.desc())))


def feeds_of(person_id: int) -> list[AccessKey]:
    """The feeds of a person that have an address of their own, newest first."""
    return [key for key in keys_of(person_id) if key.shows]


def tries(who: str, *, since: datetime) -> int:
    """How often this (hashed) address has been tried since a moment."""
    rows = select(func.count(SignInAttempt.id)).where(SignInAttempt.who == who, SignInAttempt.at > since)
    return db.session.scalar(rows) or 0
