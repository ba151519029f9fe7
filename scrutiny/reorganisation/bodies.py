"""What becomes of the bodies that ending agencies host, and where people go: read from memberships, nothing written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import AgencyMembership
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.extensions import db
from scrutiny.reorganisation.plan import Heir, Worked
from workflows.roles import CHAIR, COUNCILLOR, LABELS

#: what a council's body of a kind is called, after the council
CALLED = {
    "council-committee": "Overview and Scrutiny Committee",
    "health-committee": "Health Scrutiny Committee",
    "crime-committee": "Crime and Disorder Committee",
    "joint-committee": "Joint Scrutiny Committee",
    "combined-authority-committee": "Scrutiny Committee",
    "panel": "Police, Fire and Crime Panel",
}
#: those who are elected or appointed anew: their places do not pass
ELECTED = (CHAIR, COUNCILLOR)


@dataclass(frozen=True, slots=True)
class BodyEnding:
    """A body whose host ends, and by new code the body that follows it (its name; its row where it is here already)."""

    body: Body
    heirs: tuple[Heir, ...]
    names: Mapping[str, str]
    there: Mapping[str, Body]


@dataclass(frozen=True, slots=True)
class Moving:
    """Somebody of an ending agency or body: in which role, and the new codes they go to; none where nothing passes."""

    person: Person
    owner: str  # body:3 or agency:7
    owner_name: str
    role: str
    to: tuple[str, ...]
    why: str = ""

    @property
    def label(self) -> str:
        """The role in words."""
        return LABELS[self.role]


def bodies_ending(worked: Worked) -> list[BodyEnding]:
    """The bodies that end with their hosts, by name, each with the bodies that follow it."""
    heirs = worked.heirs
    rows = (
        select(Body)
        .where(Body.host_agency_id.in_(heirs), or_(Body.to_on.is_(None), Body.to_on >= worked.plan.on))
        .order_by(Body.name, Body.id)
    )
    found = []
    for body in db.session.scalars(rows):
        of_host = heirs[body.host_agency_id or 0]
        names, there = {}, {}
        for heir in of_host:
            held = _held(worked, heir.code, body.kind)
            if held is not None:
                there[heir.code] = held
            names[heir.code] = held.name if held else f"{worked.council_of(heir.code)} {CALLED.get(body.kind, body.kind)}"
        found.append(BodyEnding(body, of_host, names, there))
    return found


def _held(worked: Worked, code: str, kind: str) -> Body | None:
    """A body of that kind which the council of a new area hosts already."""
    councils = [one.agency for one in worked.beginnings if one.new.code == code and one.agency]
    councils += [one.agency for one in worked.continuing if one.new.code == code]
    rows = select(Body).where(Body.host_agency_id.in_([one.id for one in councils]), Body.kind == kind).order_by(Body.id)
    return db.session.scalars(rows).first()


def slug_of(name: str, taken: Sequence[str]) -> str:
    """A short name for addresses, told apart by a number where it is taken."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:70] or "body"
    number = 2
    free = slug
    while free in taken:
        free, number = f"{slug}-{number}", number + 1
    return free


def moving(worked: Worked, bodies: Sequence[BodyEnding]) -> list[Moving]:
    """Everybody who belongs to what ends, by name, and where they go: where most people go, unless the plan says otherwise."""
    return sorted(
        [*_of_agencies(worked), *_of_bodies(worked, bodies)], key=lambda one: (one.person.name, one.owner_name, one.role)
    )


def _of_agencies(worked: Worked) -> Iterator[Moving]:
    """Responders and certifiers."""
    rows = (
        select(AgencyMembership)
        .where(AgencyMembership.agency_id.in_(worked.heirs), _open(AgencyMembership.to_on, worked.plan.on))
        .options(joinedload(AgencyMembership.person), joinedload(AgencyMembership.agency))
        .order_by(AgencyMembership.id)
    )
    for row in db.session.scalars(rows):
        if row.person.active:
            to = _where(worked, row.person, worked.heirs[row.agency_id])
            yield Moving(row.person, row.agency.reference, row.agency.name, row.role, to)


def _of_bodies(worked: Worked, bodies: Sequence[BodyEnding]) -> Iterator[Moving]:
    """Officers and inspectors go on; councillors and chairs are elected and appointed anew."""
    heirs = {one.body.id: one.heirs for one in bodies}
    rows = (
        select(BodyMembership)
        .where(BodyMembership.body_id.in_(heirs), _open(BodyMembership.to_on, worked.plan.on))
        .options(joinedload(BodyMembership.person), joinedload(BodyMembership.body))
        .order_by(BodyMembership.id)
    )
    for row in db.session.scalars(rows):
        if row.person.active:
            anew = row.role in ELECTED
            to = () if anew else _where(worked, row.person, heirs[row.body_id])
            why = gettext("elected or appointed anew: invite them once they are") if anew else ""
            yield Moving(row.person, row.body.reference, row.body.name, row.role, to, why)


def _where(worked: Worked, person: Person, heirs: Sequence[Heir]) -> tuple[str, ...]:
    """The new codes somebody goes to."""
    said = worked.plan.people.get(person.email.lower())
    if said is not None:
        return tuple(heir.code for heir in heirs if heir.code in said)
    return tuple(heir.code for heir in heirs[:1])


def _open(to_on: Any, on: date) -> Any:
    """That a membership goes on to the day."""
    return or_(to_on.is_(None), to_on >= on)
