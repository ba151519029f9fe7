"""The doors of this room: one's own account and keys, nobody else's."""

from __future__ import annotations

from datetime import datetime

from flask import abort

from scrutiny.accounts import queries, sessions
from scrutiny.accounts.models import AccessKey, Person, SignInSession
from workflows.roles import Actor


def oneself(by: Actor) -> Person:
    """The person who acts, else 404."""
    person = queries.person(by.person) if by.person is not None else None
    if person is None:
        abort(404)
    return person


def session_of_mine(session_id: int, by: Actor, at: datetime) -> SignInSession:
    """One of the actor's own sessions that still lives, else 404."""
    mine = sessions.sessions_of(by.person, at=at) if by.person is not None else []
    session = next((one for one in mine if one.id == session_id), None)
    if session is None:
        abort(404)
    return session


def key_of_mine(key_id: int, by: Actor) -> AccessKey:
    """One of the actor's own keys that still opens something, else 404."""
    mine = queries.keys_of(by.person) if by.person is not None else []
    key = next((key for key in mine if key.id == key_id), None)
    if key is None:
        abort(404)
    return key
