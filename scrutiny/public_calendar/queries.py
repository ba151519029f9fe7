"""The entries that count: those of config/calendar, and those of every file loaded here and not withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scrutiny.extensions import db
from scrutiny.public_calendar.models import CalendarEntry, CalendarLoad
from scrutiny.rules.queries import rules
from workflows.calendar_entries import Entry


@dataclass(frozen=True, slots=True)
class Known:
    """One entry that counts, with a key that stays the same, and the ids of the agency and body it names."""

    key: str
    kind: str
    title: str
    starts_on: date
    ends_on: date
    area_code: str = ""
    nation: str = ""
    agency_id: int | None = None
    body_id: int | None = None
    agency_kind: str = ""
    questions: int | None = None
    visit_days: int | None = None
    source: str = ""

    @property
    def is_for_all(self) -> bool:
        """Whether it names nobody."""
        return not (self.area_code or self.nation or self.agency_id or self.body_id or self.agency_kind)


def entries(first: date, last: date) -> list[Known]:
    """Every entry that counts and touches these days, in their order; one statement."""
    shipped = [_shipped(one) for one in rules().calendar if one.starts_on <= last and one.ends_on >= first]
    rows = (
        select(CalendarEntry)
        .join(CalendarLoad)
        .where(CalendarLoad.withdrawn_at.is_(None), CalendarEntry.starts_on <= last, CalendarEntry.ends_on >= first)
        .order_by(CalendarEntry.id)
    )
    loaded = [_loaded(row) for row in db.session.scalars(rows)]
    return sorted([*shipped, *loaded], key=lambda one: (one.starts_on, one.ends_on, one.key))


def loads() -> list[CalendarLoad]:
    """Every file loaded here, the newest first."""
    return list(db.session.scalars(select(CalendarLoad).order_by(CalendarLoad.id.desc())))


def _shipped(entry: Entry) -> Known:
    """An entry of a file this service came with, which names neither agency nor body."""
    return Known(
        f"{entry.kind}-{entry.line}-{entry.starts_on:%Y%m%d}",
        entry.kind,
        entry.title,
        entry.starts_on,
        entry.ends_on,
        area_code=entry.area,
        nation=entry.nation,
        agency_kind=entry.agency_kind,
        questions=entry.questions,
        visit_days=entry.visit_days,
        source=entry.source,
    )


def _loaded(row: CalendarEntry) -> Known:
    """An entry of a file that was loaded."""
    return Known(
        f"entry-{row.id}",
        row.kind,
        row.title,
        row.starts_on,
        row.ends_on,
        row.area_code,
        row.nation,
        row.agency_id,
        row.body_id,
        row.agency_kind,
        row.questions,
        row.visit_days,
        row.source,
    )
