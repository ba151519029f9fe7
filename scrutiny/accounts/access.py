"""The doors of this room: one's own account and keys, nobody else's."""

from __future__ import annotations

from flask import abort

from scrutiny.accounts import queries
from scrutiny.accounts.models import AccessKey, Person
from workflows.roles import Actor


def oneself(by: Actor) -> Person:
    """The person who acts, else 404."""
    person = queries.person(by.person) if by.person is not None else None
    if person is None:
        abort(404)
    return person


def key_of_mine(key_id: int, by: Actor) -> AccessKey:
    """One of the actor's own keys that still opens something, else 404."""
    mine = queries.keys_of(by.person) if by.person is not None else []
    key = next((key for key in mine if key.id == key_id), None)
    if key is None:
        abort(404)
    return key
