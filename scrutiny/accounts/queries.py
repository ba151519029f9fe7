"""Reading people, their links and their keys; always in order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from flask import Flask
from flask_babel import gettext
from sqlalchemy import select

from scrutiny.accounts.models import AccessKey, Person, SignInLink
from scrutiny.extensions import db
from scrutiny.typed_text import clean_line


def hash_of(secret: str) -> str:
    """What is stored of a link or a key: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person(person_id: int) -> Person | None:
    """The person with that id, ended or not."""
    return db.session.get(Person, person_id)


def person_by_email(address: str) -> Person | None:
    """The person with that email address, in any case of letters, ended or not."""
    return db.session.scalar(select(Person).where(Person.email == clean_line(address).lower()))


def people_by_email(addresses: Iterable[str]) -> dict[str, Person]:
    """The people with these email addresses, ended or not, by the address in small letters: one statement."""
    wanted = {clean_line(address).lower() for address in addresses}
    return {found.email: found for found in db.session.scalars(select(Person).where(Person.email.in_(wanted)))}


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


def names_of(references: Iterable[str]) -> dict[str, str]:
    """Names of people by their plain references: {'person:4': 'Olwen Price'}."""
    ids = sorted({int(one.removeprefix("person:")) for one in references if one.startswith("person:")})
    return {f"person:{key}": name for key, name in people_named(ids).items()} if ids else {}


def init_app(app: Flask) -> None:
    """Give templates the one way to say who did something: `row.loaded_by | person_named`."""
    app.jinja_env.filters["person_named"] = name_of


def name_of(reference: str) -> str:
    """Who did something, by the plain reference a row keeps: a person's name, or the operator or the timetable in words."""
    others = {"operator": gettext("The operator, by command"), "timetable": gettext("Area Scrutiny (automatic)")}
    return names_of([reference]).get(reference) or others.get(reference, "")


def administrators() -> list[Person]:
    """Everyone who runs this instance, by name."""
    rows = select(Person).where(Person.administrator.is_(True), Person.active.is_(True)).order_by(Person.name, Person.id)
    return list(db.session.scalars(rows))


def link_with(token: str) -> SignInLink | None:
    """The sign-in link with that token, used or not."""
    return db.session.scalar(select(SignInLink).where(SignInLink.token_hash == hash_of(token)))


def key_with(key: str, kind: str) -> AccessKey | None:
    """The key of that kind that was not revoked, and whose person has not ended; its own end may have passed."""
    rows = (
        select(AccessKey)
        .join(AccessKey.person)
        .where(AccessKey.key_hash == hash_of(key), AccessKey.kind == kind, AccessKey.revoked_at.is_(None), Person.active)
    )
    return db.session.scalar(rows)


def keys_of(person_id: int) -> list[AccessKey]:
    """The keys a person has not revoked, newest first; those that have come to their end stand there to be seen."""
    rows = select(AccessKey).where(AccessKey.person_id == person_id, AccessKey.revoked_at.is_(None))
    return list(db.session.scalars(rows.order_by(AccessKey.made_at.desc(), AccessKey.id.desc())))


def feeds_of(person_id: int) -> list[AccessKey]:
    """The feeds of a person that have an address of their own, newest first."""
    return [key for key in keys_of(person_id) if key.shows]
