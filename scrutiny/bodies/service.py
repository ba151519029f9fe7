"""Deeds done to bodies and to people's places in them: added, edited, invited, ended; each noted in the trail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.accounts import queries as accounts
from scrutiny.accounts import service as accounts_service
from scrutiny.accounts.models import Person
from scrutiny.agencies import service as agencies_service
from scrutiny.agencies.dated import check_days
from scrutiny.agencies.models import Agency, AgencyGuest
from scrutiny.audit.service import note
from scrutiny.bodies import queries
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.bodies.queries import Membership
from scrutiny.extensions import db
from scrutiny.formats import day
from scrutiny.transaction import check_version
from scrutiny.typed_text import folded
from workflows.kinds import BODY_KINDS
from workflows.refusals import Refused
from workflows.roles import BODY_ROLES, LABELS, Actor, Appointment
from workflows.workdays import NATIONS

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FIELDS = (
    "slug",
    "name",
    "name_cy",
    "kind",
    "nation",
    "host_agency_id",
    "from_on",
    "to_on",
    "legal_from",
    "legal_to",
    "elected_from",
    "seats",
    "quorum",
)


@dataclass(frozen=True, slots=True)
class BodyDetails:
    """What may be said of a body on its own page."""

    slug: str
    name: str
    kind: str
    name_cy: str = ""
    nation: str = "england"
    host_agency_id: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    legal_from: date | None = None
    legal_to: date | None = None
    elected_from: date | None = None
    seats: int | None = None
    quorum: int | None = None


def add_body(details: BodyDetails, *, by: Actor, at: datetime) -> Body:
    """Add a body; Refused where its slug or name is taken, or its kind unknown."""
    check_details(details)
    body = Body(**{field: getattr(details, field) for field in FIELDS})
    db.session.add(body)
    db.session.flush()
    note("body_added", about=body.reference, by=by, at=at, kind=body.kind, slug=body.slug)
    return body


def edit_body(body: Body, details: BodyDetails, *, by: Actor, at: datetime, seen: int | None = None) -> list[str]:
    """Change what is said of a body; the names of what changed. Stale where somebody else changed it since `seen`."""
    check_version(body, seen)
    check_details(details, body.id)
    changed = [field for field in FIELDS if getattr(body, field) != getattr(details, field)]
    for field in changed:
        setattr(body, field, getattr(details, field))
    db.session.flush()
    if changed:
        note("body_changed", about=body.reference, by=by, at=at, changed=changed)
    return changed


def check_details(details: BodyDetails, own_id: int | None = None) -> None:
    """Refuse an unknown kind or nation, a slug that is none, a slug or name that is taken, dates that cross."""
    if not SLUG.fullmatch(details.slug):
        raise Refused(
            gettext(
                "“%(slug)s” cannot be used in an address: use small letters, figures and hyphens, like avon-scrutiny",
                slug=details.slug,
            )
        )
    if not details.name:
        raise Refused(gettext("A body must have a name"))
    if details.kind not in BODY_KINDS:
        raise Refused(
            gettext(
                "There is no kind of body called “%(kind)s”: use one of %(body_kinds)s",
                kind=details.kind,
                body_kinds=", ".join(BODY_KINDS),
            )
        )
    if details.nation not in NATIONS:
        raise Refused(
            gettext(
                "There is no nation called “%(nation)s”: use one of %(nations)s",
                nation=details.nation,
                nations=", ".join(NATIONS),
            )
        )
    check_days(details)
    if details.seats is not None and details.quorum is not None and details.quorum > details.seats:
        raise Refused(
            gettext(
                "A quorum of %(quorum)s cannot be reached by a body of %(seats)s: enter one not above its seats",
                quorum=details.quorum,
                seats=details.seats,
            )
        )
    for taken in db.session.scalars(select(Body).where(Body.id != (own_id or 0)).order_by(Body.id)):
        if taken.slug == details.slug:
            raise Refused(
                gettext("There is a body with the slug %(slug)s already: open that one, or tell them apart", slug=taken.slug)
            )
        if folded(taken.name) == folded(details.name) or taken.name == details.name:
            raise Refused(
                gettext("There is a body with the name %(taken)s already: open that one, or tell them apart", taken=taken.name)
            )


def add_member(body: Body, person: Person, to: Appointment, *, by: Actor, at: datetime) -> BodyMembership:
    """Give a person a role in a body from a day; Refused where they hold it already."""
    role, from_on = to.role, to.from_on
    if role not in BODY_ROLES:
        raise Refused(
            gettext(
                "A body has no role called %(labels)s: choose one of %(body_roles)s",
                labels=LABELS[role],
                body_roles=", ".join(LABELS[key] for key in BODY_ROLES),
            )
        )
    held = select(BodyMembership).where(
        BodyMembership.body_id == body.id, BodyMembership.person_id == person.id, BodyMembership.role == role
    )
    if any(row.to_on is None or row.to_on >= from_on for row in db.session.scalars(held.order_by(BodyMembership.id))):
        raise Refused(
            gettext(
                "%(person)s has the role of %(labels)s in %(body)s already",
                person=person.name,
                labels=LABELS[role].lower(),
                body=body.name,
            )
        )
    membership = BodyMembership(body=body, person=person, role=role, from_on=from_on)
    db.session.add(membership)
    db.session.flush()
    note("body_member_added", about=person.reference, within=body.reference, by=by, at=at, role=role, on=str(from_on))
    return membership


def end_membership(membership: Membership, *, on: date, by: Actor, at: datetime) -> None:
    """End a membership of a body or agency; `on` is its last day."""
    if membership.to_on is not None and membership.to_on < on:
        raise Refused(gettext("It ended on %(to_on)s already", to_on=day(membership.to_on)))
    if not isinstance(membership, BodyMembership):
        agencies_service.end_membership(membership, on=on, by=by, at=at)
        return
    membership.to_on = on
    db.session.flush()
    note(
        "body_member_ended",
        about=membership.person.reference,
        within=membership.body.reference,
        by=by,
        at=at,
        role=membership.role,
        on=str(on),
    )


def join(person: Person, owner: Body | Agency, to: Appointment, *, by: Actor, at: datetime) -> Membership:
    """Give a person a role in a body or an agency from a day."""
    if isinstance(owner, Body):
        return add_member(owner, person, to, by=by, at=at)
    return agencies_service.add_member(owner, person, to, by=by, at=at)


@dataclass(frozen=True, slots=True)
class InvitedAs:
    """What somebody is invited for: to run the instance, or to a role in a body or an agency."""

    owner: Body | Agency | None
    to: Appointment
    administrator: bool = False


def invite(email: str, name: str, invited: InvitedAs, *, by: Actor, at: datetime) -> Person:
    """Let a person sign in as an administrator, or as somebody of a body or agency from a day; the letter is written."""
    if not invited.administrator and invited.owner is None:
        raise Refused(gettext("Say what the person is for: an administrator, or a role in a body or an agency"))
    person = accounts_service.invite_person(email, name, by=by, at=at, administrator=invited.administrator)
    if invited.owner is not None:
        join(person, invited.owner, invited.to, by=by, at=at)
    return person


def end_person(person: Person, *, on: date, by: Actor, at: datetime) -> None:
    """End an account, every membership still open and every request a letter let in to; never that of the last administrator."""
    accounts_service.end_person(person, by=by, at=at)
    for membership in queries.memberships_of([person.id])[person.id]:
        if membership.to_on is None or membership.to_on > on:
            end_membership(membership, on=on, by=by, at=at)
    opened = select(AgencyGuest).where(AgencyGuest.person_id == person.id, AgencyGuest.ended_at.is_(None))
    for guest in db.session.scalars(opened.order_by(AgencyGuest.id)):
        guest.ended_at, guest.ended_by = at, by.reference
    db.session.flush()


def unmake_administrator(person: Person, *, by: Actor, at: datetime) -> None:
    """Take the running of the instance from a person; Refused where nobody else would be left to do it."""
    if not person.administrator:
        raise Refused(gettext("%(person)s is not an administrator", person=person.name))
    if [one.id for one in accounts.administrators()] == [person.id]:
        raise Refused(
            gettext("%(person)s is the only administrator. Make somebody else an administrator first", person=person.name)
        )
    person.administrator = False
    db.session.flush()
    note("administrator_unmade", about=person.reference, by=by, at=at)
