"""Agencies that end, begin, carry on under another code, or serve other areas from a day; entered ahead, read by their days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask_babel import gettext

from scrutiny.agencies.models import Agency, AgencyCode, Footprint, Succession
from scrutiny.agencies.service import AgencyDetails, check_details, facts, note_changes
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.rules.queries import rules
from scrutiny.typed_text import folded
from workflows.refusals import Refused
from workflows.roles import Actor

DAY = timedelta(days=1)
MERGE, SPLIT, TRANSFER = "merge", "split", "transfer"


def end_agency(agency: Agency, *, on: date, by: Actor, at: datetime) -> None:
    """Let an agency end, in law and in its service, on the day before `on`; its footprint and exceptions end with it."""
    before, last = facts(agency), on - DAY
    if agency.to_on is not None and agency.to_on < last:
        raise Refused(gettext("%(agency)s has ended already", agency=agency.name))
    agency.to_on = last
    agency.legal_to = last if agency.legal_to is None or agency.legal_to < last else agency.legal_to
    for row in agency.footprint:
        row.to_on = last if row.to_on is None or row.to_on > last else row.to_on
    for exception in agency.services:
        exception.to_on = last if exception.to_on is None or exception.to_on > last else exception.to_on
    note_changes(agency, before, by=by, at=at)


def leave_areas(agency: Agency, rows: list[Footprint], *, on: date, by: Actor, at: datetime) -> None:
    """Let an agency serve these areas of its footprint until the day before `on`."""
    before = facts(agency)
    for row in rows:
        row.to_on = on - DAY
    note_changes(agency, before, by=by, at=at)


def serve_areas(agency: Agency, areas: list[tuple[str, str]], *, on: date, by: Actor, at: datetime) -> None:
    """Let an agency serve more areas (kind, code) from a day."""
    before = facts(agency)
    held = {(row.area_kind, row.area_code) for row in agency.footprint if row.to_on is None or row.to_on >= on}
    fresh = [pair for pair in areas if pair not in held]
    agency.footprint += [Footprint(area_kind=kind, area_code=code, from_on=on) for kind, code in fresh]
    note_changes(agency, before, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Heir:
    """An agency that follows another on a day: the share (0..1) of its people that passes, and in what kind of change."""

    agency: Agency
    on: date
    share: float | None
    kind: str


def succeed(from_agency: Agency, heir: Heir, *, by: Actor, at: datetime) -> None:
    """Enter that one agency follows another."""
    day, to = heir.on, heir.agency
    db.session.add(Succession(from_id=from_agency.id, to_id=to.id, on=day, share=heir.share, kind=heir.kind))
    db.session.flush()
    note("agency_succeeded", about=from_agency.reference, within=to.reference, by=by, at=at, on=day.isoformat(), kind=heir.kind)


def carry_on(agency: Agency, *, name: str, code: str, by: Actor, at: datetime) -> None:
    """Let an agency carry on under the code of its new area, its kind as the code says, and perhaps under a new name."""
    before = facts(agency)
    wanted = replace(details_of(agency), name=name or agency.name)
    found = (kind.agency_kind_of(code) for kind in rules().area_kinds.values())
    wanted = replace(wanted, kind=next(filter(None, found), agency.kind))
    check_details(wanted, agency.id)
    if folded(agency.name) not in map(folded, (wanted.name, *agency.names_besides)):
        agency.other_names = "\n".join((*agency.names_besides, agency.name))  # it is still found by its old name
    agency.name, agency.kind = wanted.name, wanted.kind
    if ("gss", code) not in {(row.scheme, row.code) for row in agency.codes}:
        agency.codes.append(AgencyCode(scheme="gss", code=code))
    note_changes(agency, before, by=by, at=at)


def details_of(agency: Agency) -> AgencyDetails:
    """What is said of an agency now."""
    return AgencyDetails(
        name=agency.name,
        kind=agency.kind,
        codes=tuple((row.scheme, row.code) for row in agency.codes),
        name_cy=agency.name_cy,
        other_names=agency.other_names,
        nation=agency.nation,
        email=agency.email,
        from_on=agency.from_on,
        to_on=agency.to_on,
        legal_from=agency.legal_from,
        legal_to=agency.legal_to,
        elected_from=agency.elected_from,
    )
