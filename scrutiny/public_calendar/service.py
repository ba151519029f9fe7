"""Loading a file of calendar entries, whole or not at all, and withdrawing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.audit.service import note
from scrutiny.bodies.models import Body
from scrutiny.bodies.register import NotOneAgency, agencies_meant
from scrutiny.extensions import db
from scrutiny.file_reading.tables import read_csv
from scrutiny.public_calendar.models import CalendarEntry, CalendarLoad
from scrutiny.rules.files import calendar_checks, digest
from scrutiny.rules.queries import calendars_in_force, rules
from scrutiny.text_files import text_of
from scrutiny.transaction import take_turn
from workflows.calendar_entries import COLUMNS, Entry, check_calendar, entries_of_rows, read_calendar
from workflows.reading import Fault, Faulty
from workflows.refusals import Refused
from workflows.roles import Actor

#: The most entries of one file, and the longest texts of one.
MOST = 20_000
LONGEST = {"title": 300, "area": 40, "source": 500}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading did: the row of the file, and what to look at."""

    load: CalendarLoad
    warnings: tuple[str, ...]


def load_calendar(content: bytes, file_name: str, *, by: Actor, at: datetime) -> Loaded:
    """Load the entries of a CSV or TOML file. Refused with every fault and its line where any cannot be used."""
    found = _read(content, file_name)
    if len(found) > MOST:
        raise Refused(gettext("%(file_name)s has more than %(most)s entries: send it in parts", file_name=file_name, most=MOST))
    agencies, bodies = _agencies(found, file_name), _bodies(found, file_name)
    key = digest(content.hex())
    take_turn(f"calendar:{key}")
    same = select(CalendarLoad).where(CalendarLoad.digest == key, CalendarLoad.withdrawn_at.is_(None))
    if db.session.scalar(same) is not None:
        raise Refused(gettext("%(file_name)s is loaded already, and counts", file_name=file_name))
    row = CalendarLoad(
        file_name=file_name[:300], digest=key, entries=len(found), loaded_by=by.reference, loaded_at=at, withdrawn_by=""
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        CalendarEntry(
            load_id=row.id,
            line=one.line,
            kind=one.kind,
            title=one.title,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            area_code=one.area,
            nation=one.nation,
            agency_id=agencies.get(one.agency),
            body_id=bodies.get(one.body),
            agency_kind=one.agency_kind,
            questions=one.questions,
            visit_days=one.visit_days,
            source=one.source,
        )
        for one in found
    )
    db.session.flush()
    note("calendar_loaded", about=row.plain, by=by, at=at, entries=str(len(found)))
    return Loaded(row, tuple(_unknown_areas(found)))


def withdraw_calendar(row: CalendarLoad, *, by: Actor, at: datetime) -> CalendarLoad:
    """Let none of a file's entries count any more; the file stays on the list."""
    if row.withdrawn_at is not None:
        raise Refused(gettext("This file has been withdrawn already"))
    row.withdrawn_by, row.withdrawn_at = by.reference, at
    db.session.flush()
    note("calendar_withdrawn", about=row.plain, by=by, at=at)
    return row


def _read(content: bytes, file_name: str) -> tuple[Entry, ...]:
    """The entries of a file, checked."""
    checks = calendar_checks(calendars_in_force(), rules().agency_kinds)
    if file_name.lower().endswith(".toml"):
        try:
            text = text_of(content)
        except ValueError:
            raise Refused(gettext("%(file_name)s is not text: save it as UTF-8 and send it again", file_name=file_name)) from None
        if faults := check_calendar(text, file_name, checks):
            raise Faulty(faults)
        found = read_calendar(text, file_name, checks)
    else:
        try:
            table = read_csv(content)
        except Refused as refused:
            raise Refused(f"{file_name}: {refused}") from None
        header = tuple(name.strip().casefold() for name in table.header)
        if missing := [name for name in ("kind", "title", "to") if name not in header]:
            raise Refused(
                gettext(
                    "%(file_name)s has no column %(missing)s. Its first row must name some of %(columns)s",
                    file_name=file_name,
                    missing=", ".join(missing),
                    columns=", ".join(COLUMNS),
                )
            )
        rows = [(line, dict(zip(header, cells, strict=False))) for line, cells in zip(table.lines, table.rows, strict=True)]
        found = entries_of_rows(rows, file_name, checks)
    if not found:
        raise Refused(gettext("%(file_name)s has no entries: add one row for each", file_name=file_name))
    _not_too_long(found, file_name)
    return found


def _not_too_long(found: Sequence[Entry], file_name: str) -> None:
    """Refuse texts that no column holds."""
    faults = [
        Fault(file_name, one.line, name, f"{name} has {len(getattr(one, name))} characters", f"use {most} or fewer")
        for one in found
        for name, most in LONGEST.items()
        if len(getattr(one, name)) > most
    ]
    if faults:
        raise Faulty(faults)


def _agencies(found: Sequence[Entry], file_name: str) -> dict[str, int]:
    """The id of each agency named, by code or name; every one that is not known is said at once."""
    meant = agencies_meant({one.agency for one in found if one.agency})
    faults = [
        Fault(file_name, one.line, "agency", refused.fault, gettext("load that agency first, or write the code it has"))
        for one in found
        if one.agency and isinstance(refused := meant[one.agency], NotOneAgency)
    ]
    if faults:
        raise Faulty(faults)
    return {text: agency.id for text, agency in meant.items() if not isinstance(agency, NotOneAgency)}


def _bodies(found: Sequence[Entry], file_name: str) -> dict[str, int]:
    """The id of each body named by its slug; the same."""
    wanted = {one.body for one in found if one.body}
    known = dict(db.session.execute(select(Body.slug, Body.id).where(Body.slug.in_(wanted))).all()) if wanted else {}
    faults = [
        Fault(
            file_name,
            one.line,
            "body",
            gettext("there is no body “%(body)s”", body=one.body),
            gettext("write its short name, as the list of bodies has it"),
        )
        for one in found
        if one.body and one.body not in known
    ]
    if faults:
        raise Faulty(faults)
    return known


def _unknown_areas(found: Sequence[Entry]) -> list[str]:
    """A sentence for each code that no boundary has: its entries count from the day one is loaded."""
    wanted = {one.area for one in found if one.area}
    if not wanted:
        return []
    known = set(db.session.scalars(select(Area.code).where(Area.code.in_(wanted)).distinct()))
    return [
        gettext("No boundary has the code %(code)s. Its entries count once one is loaded", code=code)
        for code in sorted(wanted - known)
    ]
