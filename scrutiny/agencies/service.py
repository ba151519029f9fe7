"""Deeds done to agencies: added, edited, their footprints, services and members; each noted in the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext
from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.addresses import read_address
from scrutiny.agencies.dated import check_days
from scrutiny.agencies.models import Agency, AgencyCode, AgencyMembership, AgencyService, Footprint
from scrutiny.agencies.queries import agencies_called
from scrutiny.areas.models import Area
from scrutiny.audit.service import note
from scrutiny.days import ALWAYS, During
from scrutiny.extensions import db
from scrutiny.formats import day
from scrutiny.rules.queries import rules
from scrutiny.transaction import check_version
from workflows.refusals import Refused
from workflows.roles import AGENCY_ROLES, LABELS, Actor, Appointment

CHUNK = 500


@dataclass(frozen=True, slots=True)
class AgencyDetails:
    """What may be said of an agency on its own page; `codes` holds (scheme, code)."""

    name: str
    kind: str
    codes: tuple[tuple[str, str], ...] = ()
    name_cy: str = ""
    other_names: str = ""
    nation: str = "england"
    email: str = ""
    from_on: date | None = None
    to_on: date | None = None
    legal_from: date | None = None
    legal_to: date | None = None
    elected_from: date | None = None


def add_agency(details: AgencyDetails, *, by: Actor, at: datetime) -> Agency:
    """Add an agency; Refused where its name or one of its codes is taken, or its kind unknown."""
    check_details(details)
    agency = Agency(name=details.name, kind=details.kind)
    write_details(agency, details)
    db.session.add(agency)
    db.session.flush()
    note("agency_added", about=agency.reference, by=by, at=at, kind=agency.kind, codes=[code for _, code in details.codes])
    return agency


def edit_agency(agency: Agency, details: AgencyDetails, *, by: Actor, at: datetime, seen: int | None = None) -> list[str]:
    """Change what is said of an agency; the names of what changed. Stale where somebody else changed it since `seen`."""
    check_version(agency, seen)
    check_details(details, agency.id)
    before = facts(agency)
    write_details(agency, details)
    return note_changes(agency, before, by=by, at=at)


def add_to_footprint(agency: Agency, code: str, during: During = ALWAYS, *, by: Actor, at: datetime) -> Footprint:
    """Let an agency serve the area of a code, from a day to a day; Refused where no such area is known."""
    code, from_on, to_on = code.strip().upper(), during.from_on, during.to_on
    kind = area_kinds_of([code]).get(code) or kind_by_code(code)
    if kind is None:
        raise Refused(gettext("There is no area with the code %(code)s: load its boundary first, or check the code", code=code))
    if from_on and to_on and to_on < from_on:
        raise Refused(
            gettext("It cannot end on %(to_on)s, before it begins on %(from_on)s", to_on=day(to_on), from_on=day(from_on))
        )
    if any((row.area_kind, row.area_code, row.from_on) == (kind, code, from_on) for row in agency.footprint):
        raise Refused(gettext("%(agency)s serves %(code)s from that day already", agency=agency.name, code=code))
    row = Footprint(area_kind=kind, area_code=code, from_on=from_on, to_on=to_on)
    agency.footprint.append(row)
    db.session.flush()
    note("agency_footprint_added", about=agency.reference, by=by, at=at, area=code, kind=kind)
    return row


def end_footprint(agency: Agency, footprint_id: int, *, on: date | None, by: Actor, at: datetime) -> None:
    """End an agency's service of an area on a day, its last; without a day the row was a mistake and goes."""
    row = next((row for row in agency.footprint if row.id == footprint_id), None)
    if row is None:
        raise Refused(gettext("That area is not in the footprint of %(agency)s any more", agency=agency.name))
    if on is None:
        agency.footprint.remove(row)
    elif row.from_on and on < row.from_on:
        raise Refused(gettext("It cannot end on %(on)s, before it begins on %(from_on)s", on=day(on), from_on=day(row.from_on)))
    else:
        row.to_on = on
    db.session.flush()
    note("agency_footprint_ended", about=agency.reference, by=by, at=at, area=row.area_code, on=str(on or ""))


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A service that an agency answers for though its kind does not, or (`excluded`) the other way round."""

    service: str
    excluded: bool
    during: During = ALWAYS


def except_service(agency: Agency, said: Exceptional, *, by: Actor, at: datetime) -> AgencyService:
    """Say that an agency differs from its kind in a service."""
    service, excluded = said.service, said.excluded
    if service not in rules().services:
        raise Refused(
            gettext(
                "There is no service called %(service)s: choose one of %(services)s",
                service=service,
                services=", ".join(rules().services),
            )
        )
    row = AgencyService(service=service, excluded=excluded, from_on=said.during.from_on, to_on=said.during.to_on)
    agency.services.append(row)
    db.session.flush()
    note("agency_service_excepted", about=agency.reference, by=by, at=at, service=service, excluded=excluded)
    return row


def drop_exception(agency: Agency, exception_id: int, *, by: Actor, at: datetime) -> None:
    """Take back an exception: the agency answers as its kind does."""
    row = next((row for row in agency.services if row.id == exception_id), None)
    if row is None:
        raise Refused(gettext("%(agency)s has no such exception any more", agency=agency.name))
    agency.services.remove(row)
    db.session.flush()
    note("agency_service_exception_dropped", about=agency.reference, by=by, at=at, service=row.service)


def add_member(agency: Agency, person: Person, to: Appointment, *, by: Actor, at: datetime) -> AgencyMembership:
    """Make a person a responder or certifier of an agency from a day; Refused where they are one already."""
    role, from_on = to.role, to.from_on
    if role not in AGENCY_ROLES:
        raise Refused(
            gettext(
                "An agency has no role called %(labels)s: choose %(agency_roles)s",
                labels=LABELS[role],
                agency_roles=" or ".join(LABELS[key] for key in AGENCY_ROLES),
            )
        )
    held = select(AgencyMembership).where(
        AgencyMembership.agency_id == agency.id, AgencyMembership.person_id == person.id, AgencyMembership.role == role
    )
    if any(row.to_on is None or row.to_on >= from_on for row in db.session.scalars(held.order_by(AgencyMembership.id))):
        raise Refused(
            gettext(
                "%(person)s has the role of %(labels)s in %(agency)s already",
                person=person.name,
                labels=LABELS[role].lower(),
                agency=agency.name,
            )
        )
    membership = AgencyMembership(agency=agency, person=person, role=role, from_on=from_on)
    db.session.add(membership)
    db.session.flush()
    note("agency_member_added", about=person.reference, within=agency.reference, by=by, at=at, role=role, on=str(from_on))
    return membership


def end_membership(membership: AgencyMembership, *, on: date, by: Actor, at: datetime) -> None:
    """End a membership; `on` is its last day. One that has not begun by then is taken back to never."""
    membership.to_on = on
    db.session.flush()
    note(
        "agency_member_ended",
        about=membership.person.reference,
        within=membership.agency.reference,
        by=by,
        at=at,
        role=membership.role,
        on=str(on),
    )


def check_details(details: AgencyDetails, own_id: int | None = None) -> None:
    """Refuse an unknown kind, a name that is taken, dates that cross."""
    if details.kind not in rules().agency_kinds:
        raise Refused(
            gettext(
                "There is no kind of agency called %(kind)s: choose one of %(agency_kinds)s",
                kind=details.kind,
                agency_kinds=", ".join(rules().agency_kinds),
            )
        )
    if not details.name:
        raise Refused(gettext("An agency must have a name"))
    check_days(details)
    if details.email:
        read_address(details.email)
    taken = next((row for row in agencies_called([details.name]).values() if row.id != own_id), None)
    if taken is not None:
        raise Refused(
            gettext("There is an agency called %(taken)s already: open that one, or tell them apart by name", taken=taken.name)
        )


def write_details(agency: Agency, details: AgencyDetails) -> None:
    """Write the details on the row; codes that stay keep their rows."""
    days = ("from_on", "to_on", "legal_from", "legal_to", "elected_from")
    for field in ("name", "name_cy", "other_names", "kind", "nation", "email", *days):
        setattr(agency, field, getattr(details, field))
    kept = {(row.scheme, row.code): row for row in agency.codes}
    agency.codes = [kept.get(pair) or AgencyCode(scheme=pair[0], code=pair[1]) for pair in dict.fromkeys(details.codes)]


def facts(agency: Agency) -> dict[str, Any]:
    """What is said of an agency, as plain values to compare."""
    return {
        "name": agency.name,
        "name_cy": agency.name_cy or "",
        "other_names": agency.other_names or "",
        "kind": agency.kind,
        "nation": agency.nation or "england",
        "email": agency.email or "",
        "from": agency.from_on,
        "to": agency.to_on,
        "legal_from": agency.legal_from,
        "legal_to": agency.legal_to,
        "elected_from": agency.elected_from,
        "codes": sorted((row.scheme, row.code) for row in agency.codes),
        "footprint": sorted((row.area_kind, row.area_code, str(row.from_on), str(row.to_on)) for row in agency.footprint),
        "services": sorted((row.service, bool(row.excluded), str(row.from_on), str(row.to_on)) for row in agency.services),
    }


def note_changes(agency: Agency, before: dict[str, Any], *, by: Actor, at: datetime) -> list[str]:
    """Keep a changed agency and note which fields changed; nothing is noted where nothing did."""
    db.session.flush()
    changed = [field for field, value in facts(agency).items() if before[field] != value]
    if changed:
        note("agency_changed", about=agency.reference, by=by, at=at, changed=changed)
    address, now = (email.strip().lower() for email in (before["email"], agency.email or ""))
    for deed in current_app.extensions.get("agency_addresses", []) if address not in ("", now) else ():
        deed(agency, address, by, at)
    return changed


def when_address_changes(app: Flask, deed: Callable[[Agency, str, Actor, datetime], None]) -> None:
    """Let another room act when an agency has another address, by page or by register: it is given the one before."""
    app.extensions.setdefault("agency_addresses", []).append(deed)


def area_kinds_of(codes: list[str]) -> dict[str, str]:
    """The kind of each code that is loaded; a code in two kinds is taken in the order of config/area_kinds.toml."""
    order = list(rules().area_kinds)
    found: dict[str, str] = {}
    for start in range(0, len(codes), CHUNK):
        rows = select(Area.code, Area.kind).where(Area.code.in_(codes[start : start + CHUNK])).distinct().order_by(Area.code)
        for code, kind in db.session.execute(rows):
            held = found.get(code)
            if held is None or (kind in order and (held not in order or order.index(kind) < order.index(held))):
                found[code] = kind
    return found


def kind_by_code(code: str) -> str | None:
    """The kind of area an official code must belong to, loaded or not; None where its beginning says nothing."""
    return next((kind.key for kind in rules().area_kinds.values() if kind.nation_of(code)), None)
