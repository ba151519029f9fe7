"""Who an actor is, and the bodies that ask with their members; always in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from scrutiny.accounts.models import Person
from scrutiny.agencies.dated import exists_on, holds_on
from scrutiny.agencies.models import Agency, AgencyGuest, AgencyMembership
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.correspondence.service import Recipient
from scrutiny.extensions import db
from scrutiny.spelling import holds
from workflows.kinds import BODY_KINDS
from workflows.roles import ANYONE, NO_CAPACITY, RESPONDER, Actor, Capacity

Membership = BodyMembership | AgencyMembership


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
    """One capacity for each body or agency a person belongs to on a day, and each request it may answer: one statement."""
    found: dict[tuple[str, str, int, int], set[str]] = defaultdict(set)
    for kind, owner_id, name, role, agency in db.session.execute(_capacities(on is not None), {"person": person_id, "day": on}):
        found[name, kind, owner_id, agency].add(role)
    return tuple(
        Capacity(kind, owner_id, name, frozenset(roles), agency or None)
        for (name, kind, owner_id, agency), roles in sorted(found.items())
    )


@cache
def _capacities(on_a_day: bool) -> Any:
    """The statement of `capacities_of`, on a given day or on the database's own, built once: every request asks it."""
    day: Any = bindparam("day", type_=Date()) if on_a_day else None
    return union_all(
        _capacity("body", Body, BodyMembership, BodyMembership.body_id, day),
        _capacity("agency", Agency, AgencyMembership, AgencyMembership.agency_id, day),
        select(literal("request"), func.coalesce(AgencyGuest.request, 0), Agency.name, literal(RESPONDER), Agency.id)
        .join(Agency, Agency.id == AgencyGuest.agency_id)
        .where(AgencyGuest.person_id == bindparam("person"), AgencyGuest.ended_at.is_(None)),
    )


def _capacity(kind: str, owner: Any, membership: Any, owner_id: Any, day: Any) -> Any:
    """Roles of a person in one kind of capacity that hold on a day on which the body or agency exists in law."""
    return (
        select(literal(kind), owner.id, owner.name, membership.role, literal(0))
        .join(owner, owner.id == owner_id)
        .where(membership.person_id == bindparam("person"), holds_on(membership, day), exists_on(owner, day))
    )


def body(key: int | str) -> Body | None:
    """The body with this id, or with this slug."""
    if isinstance(key, int):
        return db.session.get(Body, key)
    return db.session.scalar(select(Body).where(Body.slug == key))


def bodies_by_name(text: str = "", kind: str | None = None, on: date | None = None) -> list[Body]:
    """Bodies by name: those whose name or slug holds the text, of one kind, that exist in law on a day; all unless narrowed."""
    rows = select(Body).options(joinedload(Body.host_agency), joinedload(Body.letterhead)).order_by(Body.name, Body.id)
    if text.strip():
        held = [key for key, *names in db.session.execute(select(Body.id, Body.name, Body.name_cy)) if holds(names, text)]
        rows = rows.where(or_(Body.id.in_(held), Body.slug == text.strip().lower()))
    if kind:
        rows = rows.where(Body.kind == kind)
    return list(db.session.scalars(rows.where(exists_on(Body, on)) if on else rows))


def bodies_by_id(ids: Collection[int]) -> dict[int, Body]:
    """The bodies with these ids, by id: one statement."""
    rows = select(Body).where(Body.id.in_(ids)).order_by(Body.name, Body.id)
    return {row.id: row for row in db.session.scalars(rows)}


def belongs_since(person_id: int, body_id: int, on: date) -> date | None:
    """The day since when a person has belonged to a body without a day between, in whatever roles; None if not on this day."""
    rows = select(BodyMembership.from_on, BodyMembership.to_on)
    rows = rows.where(BodyMembership.body_id == body_id, BodyMembership.person_id == person_id, BodyMembership.from_on <= on)
    since = None
    for from_on, to_on in db.session.execute(rows.order_by(func.coalesce(BodyMembership.to_on, date.max).desc())):
        if to_on is None or to_on >= (on if since is None else since - timedelta(days=1)):
            since = min(from_on, since or from_on)
    return since


def members(body: Body | int, on: date, role: str | None = None) -> list[Person]:
    """The people of a body on a day, by name, in one role or in any; nobody twice."""
    return _people(body, on, [role] if role else [])


def _people(body: Body | int, on: date, roles: Sequence[str]) -> list[Person]:
    """The people of a body on a day in any of these roles, or in any at all."""
    return list(db.session.scalars(_members(bool(roles)), {"body": _id(body), "day": on, "roles": list(roles)}))


@cache
def _members(in_roles: bool) -> Select[Person]:
    """The statement of `_people`, built once: it is asked for every letter."""
    day: Any = bindparam("day", type_=Date())
    held = select(BodyMembership.person_id).where(BodyMembership.body_id == bindparam("body"), holds_on(BodyMembership, day))
    if in_roles:
        held = held.where(BodyMembership.role.in_(bindparam("roles", expanding=True)))
    return select(Person).where(Person.id.in_(held), Person.active.is_(True)).order_by(Person.name, Person.id)


def recipients(body: Body | int, on: date, roles: Sequence[str] = ()) -> list[Recipient]:
    """Whom to write to at a body on a day: its people in these roles, or all of them, by name."""
    return [Recipient(one.reference, one.email, one.name, one.language) for one in _people(body, on, roles)]


def with_members(on: date, roles: Sequence[str]) -> set[int]:
    """The ids of the bodies that have somebody in one of these roles on a day: one statement."""
    rows = select(BodyMembership.body_id).join(Person).where(holds_on(BodyMembership, on), Person.active.is_(True))
    return set(db.session.scalars(rows.where(BodyMembership.role.in_(roles)).distinct()))


def memberships(body: Body | int, on: date | None = None) -> list[BodyMembership]:
    """The memberships of a body that hold on a day, of people who may sign in; without a day every one, those open first."""
    rows = (
        select(BodyMembership)
        .join(Person)
        .where(BodyMembership.body_id == _id(body))
        .options(joinedload(BodyMembership.person))
        .order_by(BodyMembership.to_on.is_not(None), Person.name, BodyMembership.role, BodyMembership.id)
    )
    if on is not None:
        rows = rows.where(holds_on(BodyMembership, on), Person.active.is_(True))
    return list(db.session.scalars(rows))


def memberships_of(person_ids: Collection[int]) -> dict[int, list[Membership]]:
    """Every membership of these people, by person; open ones first, then by the name of body or agency: two statements."""
    found: dict[int, list[Membership]] = {person_id: [] for person_id in person_ids}
    for_bodies = select(BodyMembership).where(BodyMembership.person_id.in_(person_ids)).options(joinedload(BodyMembership.body))
    for_agencies = (
        select(AgencyMembership).where(AgencyMembership.person_id.in_(person_ids)).options(joinedload(AgencyMembership.agency))
    )
    rows: list[Membership] = [
        *db.session.scalars(for_bodies.order_by(BodyMembership.id)),
        *db.session.scalars(for_agencies.order_by(AgencyMembership.id)),
    ]
    for row in sorted(rows, key=lambda row: (row.to_on is not None, owner_of(row).name, row.role)):
        found[row.person_id].append(row)
    return found


def membership(kind: str, membership_id: int) -> Membership | None:
    """A membership of a body or of an agency ('body', 'agency')."""
    if kind == "body":
        return db.session.get(BodyMembership, membership_id)
    return db.session.get(AgencyMembership, membership_id)


def owner_of(membership: Membership) -> Body | Agency:
    """The body or agency a membership is of."""
    return membership.body if isinstance(membership, BodyMembership) else membership.agency


def people_found(text: str = "", *, ended: bool = False, page: int = 1, size: int = 50) -> tuple[list[Person], bool]:
    """One page of people whose name or address holds the text, by name; and whether there are more."""
    rows = select(Person).where(Person.active.is_(not ended)).order_by(Person.name, Person.id)
    if text.strip():
        rows = rows.where(
            or_(Person.name.icontains(text.strip(), autoescape=True), Person.email.icontains(text.strip(), autoescape=True))
        )
    found = list(db.session.scalars(rows.offset((page - 1) * size).limit(size + 1)))
    return found[:size], len(found) > size


def kind_label(kind: str) -> str:
    """What a kind of body is called."""
    return BODY_KINDS[kind]


def _id(body: Body | int) -> int:
    """The id, whichever was given."""
    return body if isinstance(body, int) else body.id


def bodies_named(ids: Collection[int]) -> dict[int, str]:
    """The names of several bodies by id, in one statement."""
    return dict(db.session.execute(select(Body.id, Body.name).where(Body.id.in_(ids)).order_by(Body.id)).all())
