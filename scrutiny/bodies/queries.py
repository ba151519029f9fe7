"""Who an actor is, and the bodies that ask with their members; always in order."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import literal, select, union_all

from scrutiny.accounts.models import Person
from scrutiny.agencies.dated import holds_on
from scrutiny.agencies.models import Agency, AgencyMembership
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.extensions import db
from workflows.roles import ANYONE, NO_CAPACITY, Actor, Capacity


def actor_of(person: Person | None, acting_for: str | None = None, *, on: date | None = None) -> Actor:
    """Who acts: the person in one capacity of theirs ('body:3', 'agency:7'), else the first by name; nobody is ANYONE.

    `on` is the day in London; left out, the database's own day stands in.
    """
    if person is None or not person.active:
        return ANYONE
    capacities = capacities_of(person.id, on)
    chosen = next((one for one in capacities if one.reference == acting_for), None)
    capacity = chosen or next(iter(capacities), NO_CAPACITY)
    return Actor(person.id, person.name, capacity, capacities, person.administrator)


def capacities_of(person_id: int, on: date | None = None) -> tuple[Capacity, ...]:
    """One capacity for each body or agency the person belongs to on a day, its roles together, by name: one statement."""
    found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    statement = union_all(
        _memberships("body", Body, BodyMembership, BodyMembership.body_id, person_id, on),
        _memberships("agency", Agency, AgencyMembership, AgencyMembership.agency_id, person_id, on),
    )
    for kind, owner_id, name, role in db.session.execute(statement):
        found[name, kind, owner_id].add(role)
    return tuple(
        Capacity(kind, owner_id, name, frozenset(roles)) for (name, kind, owner_id), roles in sorted(found.items())
    )


def _memberships(kind: str, owner: Any, membership: Any, owner_id: Any, person_id: int, on: date | None) -> Any:
    """Memberships of a person in one kind of capacity that hold on a day."""
    return (
        select(literal(kind), owner.id, owner.name, membership.role)
        .join(owner, owner.id == owner_id)
        .where(membership.person_id == person_id, holds_on(membership, on))
    )
