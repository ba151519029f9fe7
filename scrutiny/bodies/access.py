"""Finding bodies, people and memberships for those who run the instance; a stranger finds nothing."""

from __future__ import annotations

from typing import TypeVar

from flask import abort

from scrutiny.accounts import queries as accounts
from scrutiny.accounts.models import Person
from scrutiny.agencies import queries as agencies
from scrutiny.agencies.models import Agency
from scrutiny.bodies import queries
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import Membership
from scrutiny.extensions import db
from scrutiny.whole_numbers import whole_or_none
from scrutiny.work.claims import Progress
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

T = TypeVar("T")
#: Who of a body says what its letters say of it.
WRITERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR)


def body_to_keep(body_id: int, by: Actor) -> Body:
    """The body, for an administrator; else 404."""
    return _found(db.session.get(Body, body_id), by)


def may_write_for(body_id: int, by: Actor) -> bool:
    """Whether the actor says what the letters of a body say of it: an administrator, or who runs its reviews."""
    return by.administrator or (by.body == body_id and by.has(*WRITERS))


def body_to_write_for(body_id: int, by: Actor) -> Body:
    """The body, for an administrator and for those who run its reviews; else 404."""
    found = db.session.get(Body, body_id)
    if found is None or not may_write_for(body_id, by):
        abort(404)
    return found


def person_to_keep(person_id: int, by: Actor) -> Person:
    """The person, for an administrator; else 404."""
    return _found(accounts.person(person_id), by)


def membership_to_keep(kind: str, membership_id: int, by: Actor) -> Membership:
    """The membership of a body or an agency, for an administrator; else 404."""
    found = queries.membership(kind, membership_id)
    if found is None or not by.administrator:
        abort(404)
    return found


def owner_to_keep(reference: str | None, by: Actor) -> Body | Agency | None:
    """The body or agency of a plain reference ('body:3', 'agency:7'), for an administrator; None where it names neither."""
    kind, _, number = (reference or "").partition(":")
    key = whole_or_none(number)
    if key is None or not by.administrator:
        return None
    return {"body": queries.body, "agency": agencies.agency}.get(kind, lambda _: None)(key)


#: What a list of people that was sent to be loaded is called among what is under way.
PEOPLE_LIST = "people_list"


def people_list_to_load(list_id: int, by: Actor) -> Progress:
    """A list of people that an administrator sent, for that administrator; else 404."""
    found = db.session.get(Progress, list_id)
    if found is None or found.kind != PEOPLE_LIST or not by.administrator or found.started_by != by.reference:
        abort(404)
    return found


def _found(record: T | None, by: Actor) -> T:
    """The record, if there is one and it may be seen."""
    if record is None or not by.administrator:
        abort(404)
    return record
