"""Reading agencies: by id, code and name, their members, whom to write to; always in order."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.accounts.models import Person
from scrutiny.agencies.answering import Answering, answering
from scrutiny.agencies.dated import holds_on, row_holds_on
from scrutiny.agencies.models import Agency, AgencyCode, AgencyMembership, Footprint, Succession
from scrutiny.areas.models import Area
from scrutiny.audit import queries as audit
from scrutiny.correspondence.service import Recipient
from scrutiny.extensions import db
from scrutiny.read_ahead import known
from scrutiny.rules.queries import rules
from scrutiny.spelling import holds
from scrutiny.typed_text import folded
from workflows.kinds import CHIEF, Service
from workflows.roles import AGENCY_ROLES, CERTIFIER, RESPONDER

__all__ = [
    "Answering",
    "agencies_by_id",
    "agencies_by_name",
    "agencies_called",
    "agency",
    "agency_by_code",
    "agency_codes",
    "answering",
    "count_serving",
    "footprint_areas",
    "has_certifier",
    "kind_label",
    "last_change",
    "members",
    "members_ahead",
    "memberships",
    "recipients",
    "services_of",
    "successors_of",
    "without_address",
]


def agency(agency_id: int) -> Agency | None:
    """The agency with this id."""
    return db.session.get(Agency, agency_id)


def agency_by_code(code: str, scheme: str | None = None) -> Agency | None:
    """The agency that has this code, in one scheme or in any; the oldest where several have it."""
    rows = select(Agency).join(AgencyCode).where(AgencyCode.code == code).order_by(Agency.id)
    return db.session.scalars(rows.where(AgencyCode.scheme == scheme) if scheme else rows).first()


def agencies_by_name(text: str = "", kind: str | None = None, on: date | None = None, limit: int = 2000) -> list[Agency]:
    """Agencies by name: those whose name or code holds the text, of one kind, there on a day; all unless narrowed."""
    rows = select(Agency).options(selectinload(Agency.codes)).order_by(Agency.name, Agency.id).limit(limit)
    if text.strip():
        coded = select(AgencyCode.agency_id).where(AgencyCode.code == text.strip().upper())
        held = [key for key, *names in db.session.execute(select(Agency.id, Agency.name, Agency.name_cy)) if holds(names, text)]
        rows = rows.where(or_(Agency.id.in_(held), Agency.id.in_(coded)))
    if kind:
        rows = rows.where(Agency.kind == kind)
    return list(db.session.scalars(rows.where(holds_on(Agency, on)) if on else rows))


def count_serving(on: date) -> int:
    """How many agencies serve an area on a day."""
    return db.session.scalar(select(func.count()).select_from(_serving(on).order_by(None).subquery())) or 0


def without_address(on: date) -> list[Agency]:
    """Those of them whom no letter reaches: neither an office's email nor anybody who may answer."""
    somebody = select(AgencyMembership.agency_id).join(Person).where(holds_on(AgencyMembership, on), Person.active.is_(True))
    return list(db.session.scalars(_serving(on).where(Agency.email == "", Agency.id.not_in(somebody))))


def _serving(on: date) -> Select[Agency]:
    """The statement of the two."""
    serving = select(Footprint.agency_id).where(holds_on(Footprint, on))
    return select(Agency).where(Agency.id.in_(serving), holds_on(Agency, on)).order_by(Agency.name, Agency.id)


def agencies_called(names: Collection[str]) -> dict[str, Agency]:
    """The agencies that have one of these names, however it is spelt, by the folded name; the oldest where two have it."""
    wanted = {folded(name) for name in names} - {""}
    rows = db.session.execute(select(Agency.id, Agency.name).order_by(Agency.id.desc()))
    ids = {fold: key for key, name in rows if (fold := folded(name)) in wanted}
    found = agencies_by_id(list(ids.values()))
    return {fold: found[key] for fold, key in ids.items()}


def agency_codes() -> dict[tuple[str, str], int]:
    """The id of the agency that has each code of each scheme; the newest where two have one."""
    rows = select(AgencyCode.scheme, AgencyCode.code, AgencyCode.agency_id).order_by(AgencyCode.agency_id)
    return {(scheme, code): agency_id for scheme, code, agency_id in db.session.execute(rows)}


def agencies_by_id(ids: list[int]) -> dict[int, Agency]:
    """The agencies with these ids, by id: one statement."""
    there: list[Agency | None] = [known("agency", key, lambda: None) for key in ids]
    found = [row for row in there if row is not None]
    if len(found) < len(ids):
        found = list(db.session.scalars(select(Agency).where(Agency.id.in_(ids))))
    return {row.id: row for row in sorted(found, key=lambda row: (row.name, row.id))}


def members(agency: Agency | int, on: date, role: str | None = None) -> list[Person]:
    """The people of an agency on a day, by name, in one role or in any; nobody twice."""
    key = _id(agency)
    return known(
        "members",
        (key, on, role),
        lambda: list(db.session.scalars(_members(bool(role)), {"agency": key, "day": on, "role": role})),
    )


def members_ahead(agency_ids: Collection[int], days: Sequence[date]) -> dict[Hashable, list[Person]]:
    """What `members` says of several agencies on some days, in each role and in any; one statement."""
    rows = (
        select(AgencyMembership, Person)
        .join(Person)
        .where(AgencyMembership.agency_id.in_(agency_ids), Person.active.is_(True))
        .order_by(Person.name, Person.id)
    )
    roles = (None, *AGENCY_ROLES)
    found: dict[Hashable, list[Person]] = {(key, on, role): [] for key in agency_ids for on in days for role in roles}
    for membership, person in db.session.execute(rows):
        for on in (on for on in days if row_holds_on(membership, on)):
            for role in (membership.role, None):
                if person not in (people := found[membership.agency_id, on, role]):
                    people.append(person)
    return found


@cache
def _members(in_role: bool) -> Select[Person]:
    """The statement of `members`, built once: it is asked for every letter and every date."""
    day: Any = bindparam("day", type_=Date())
    rows = select(AgencyMembership.person_id).where(
        AgencyMembership.agency_id == bindparam("agency"), holds_on(AgencyMembership, day)
    )
    if in_role:
        rows = rows.where(AgencyMembership.role == bindparam("role"))
    return select(Person).where(Person.id.in_(rows), Person.active.is_(True)).order_by(Person.name, Person.id)


def memberships(agency: Agency | int) -> list[AgencyMembership]:
    """Every membership of an agency, ended or not: those still open first, then by name."""
    rows = (
        select(AgencyMembership)
        .join(Person)
        .where(_of(agency))
        .options(joinedload(AgencyMembership.person))
        .order_by(AgencyMembership.to_on.is_not(None), Person.name, AgencyMembership.role, AgencyMembership.id)
    )
    return list(db.session.scalars(rows))


def recipients(agency: Agency, on: date) -> list[Recipient]:
    """Whom to write to: the agency's responders on a day, else the agency's own address; nobody where it has neither."""
    people = members(agency, on, RESPONDER)
    if people:
        return [Recipient(one.reference, one.email, one.name, one.language) for one in people]
    return [Recipient(agency.reference, agency.email, agency.name, office=office_of(agency))] if agency.email else []


def addressed(agency: Agency, on: date) -> list[Recipient]:
    """The same; where there is nobody, the agency with no address, so that a letter is written and its failure shows."""
    return recipients(agency, on) or [Recipient(agency.reference, "", agency.name, office=office_of(agency))]


def office_of(agency: Agency) -> str:
    """Who at an agency a letter addresses where no person is known: Chief Constable."""
    kind = rules().agency_kinds.get(agency.kind)
    return kind.office if kind else CHIEF


def successors_of(agency: Agency, on: date) -> list[Agency]:
    """The agencies that followed another by a day, the one that took over most people first."""
    rows = (
        select(Agency)
        .join(Succession, Succession.to_id == Agency.id)
        .where(Succession.from_id == agency.id, Succession.on <= on)
        .order_by(Succession.share.desc(), Agency.name, Agency.id)
    )
    return list(db.session.scalars(rows))


def has_certifier(agency: Agency | int, on: date) -> bool:
    """Whether somebody of the agency approves what it sends."""
    rows = (
        select(func.count())
        .select_from(AgencyMembership)
        .join(Person)
        .where(_of(agency), AgencyMembership.role == CERTIFIER, holds_on(AgencyMembership, on), Person.active.is_(True))
    )
    return bool(db.session.scalar(rows))


def footprint_areas(agency: Agency | int, on: date | None = None) -> list[tuple[Footprint, Area | None]]:
    """The footprint, each row with its area where one is loaded (on a day, or the newest); by kind and code."""
    rows = (
        select(Footprint, Area)
        .outerjoin(Area, and_(Area.kind == Footprint.area_kind, Area.code == Footprint.area_code, _dated(Area, on)))
        .where(Footprint.agency_id == _id(agency))
        .order_by(Footprint.area_kind, Footprint.area_code, Footprint.from_on, Area.from_on.desc())
    )
    newest: dict[int, tuple[Footprint, Area | None]] = {}
    for footprint, area in db.session.execute(rows):
        newest.setdefault(footprint.id, (footprint, area))
    return list(newest.values())


def services_of(agency: Agency, on: date) -> list[Service]:
    """The services an agency answers for on a day: those of its kind, and its own exceptions; in the order of the file."""
    exceptions = {
        row.service: row.excluded
        for row in agency.services
        if (row.from_on is None or row.from_on <= on) and (row.to_on is None or row.to_on >= on)
    }
    return [
        service
        for service in rules().services.values()
        if not exceptions.get(service.key, not service.is_answered_by(agency.kind, agency.nation))
    ]


def service_titles(kind: str, additions: Sequence[str] = (), nation: str = "england") -> list[str]:
    """What a kind of agency answers for in a nation, and what is added to it, by title in the order of the file."""
    held = rules().services.values()
    return [one.title for one in held if one.is_answered_by(kind, nation) or one.key in additions]


def last_change(reference: str) -> tuple[str, datetime] | None:
    """Who last did something to a record, by name, and when; None where nothing was noted."""
    entry = next(iter(audit.about(reference, limit=1)), None)
    if entry is None:
        return None
    who = db.session.get(Person, int(entry.by.partition(":")[2])) if entry.by.startswith("person:") else None
    return who.name if who else gettext("Somebody at the machine"), entry.at


def kind_label(kind: str) -> str:
    """What a kind of agency is called; a kind no longer in the file is called by its key."""
    known = rules().agency_kinds.get(kind)
    return known.label if known else kind


def _of(agency: Agency | int) -> ColumnElement[bool]:
    """Memberships of this agency."""
    return AgencyMembership.agency_id == _id(agency)


def _id(agency: Agency | int) -> int:
    """The id, whichever was given."""
    return agency if isinstance(agency, int) else agency.id


def _dated(dated: Any, on: date | None) -> Any:
    """That it holds on a day; anything where no day is asked."""
    return holds_on(dated, on) if on else True


def agencies_named(ids: Collection[int]) -> dict[int, str]:
    """The names of several agencies by id, in one statement."""
    return dict(db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids)).order_by(Agency.id)).all())
