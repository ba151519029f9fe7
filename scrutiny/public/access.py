"""The doors of public pages: a place on a day, a list sent to be answered, and what of each may be shown to anyone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from scrutiny.agencies import bulk_jobs as lists
from scrutiny.areas.models import Area, Place
from scrutiny.areas.queries import kind_order
from scrutiny.areas.succession import BECAME, Resolved, forebears, resolve_many
from scrutiny.extensions import db
from scrutiny.formats import day, listed
from scrutiny.work.claims import Progress

MOST_AREAS = 40


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """A place as it stands on a day: its areas then, and its row where it has one; `note` says why another day is shown."""

    key: str
    name: str
    name_cy: str
    areas: tuple[Area, ...]
    on: date
    place: Place | None
    note: str = ""

    @property
    def codes(self) -> list[str]:
        """The codes of its areas."""
        return [area.code for area in self.areas]


class NotThen(NotFound):
    """A place that is known, but does not hold on the day asked about: its name, its periods, and what is there then."""

    def __init__(
        self, key: str, on: date, rows: Sequence[Area], instead: Sequence[Resolved], before: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__()
        self.key, self.on = key, on
        self.place_name = listed(list(dict.fromkeys(area.name for area in reversed(rows))))
        self.periods = sorted({(area.from_on, area.to_on) for area in rows}, key=lambda period: period[0])
        self.became = [part for one in instead if one.standing == BECAME for part in one.became]
        self.before = before
        self.note = "; ".join(one.note for one in instead if one.standing == BECAME)


def place_to_show(key: str, on: date | None, today: date) -> PlaceShown:
    """The place of a slug, or of a code (or codes joined by +), on a day; 404 with a sentence where there is none.

    Where no day is asked for and the place no longer holds today, it is shown on its last day, and says so.
    """
    place = db.session.scalar(select(Place).where(Place.slug == key).options(selectinload(Place.areas)))
    wanted = [(area.code, area.kind) for area in place.areas] if place else [(code, None) for code in key.split("+")]
    if len(wanted) > MOST_AREAS:
        abort(404)
    periods = _periods([code.upper() for code, _ in wanted])
    asked = on or today
    areas = _holding(wanted, periods, asked)
    note = ""
    if areas is None and on is None:
        asked = _last_day(wanted, periods, today)
        areas = _holding(wanted, periods, asked)
        note = gettext("This place no longer exists as it was. This page shows it as it was on %(day)s.", day=day(asked))
        if asked > today:
            note = gettext("This place does not exist yet. This page shows it as it will be on %(day)s.", day=day(asked))
    if areas is None:
        raise _not_then(key, wanted, periods, asked)
    name = place.name if place else listed([area.name for area in areas])
    return PlaceShown(key, name, place.name_cy if place else areas[0].name_cy, areas, asked, place, note)


def list_to_read(token: str, at: datetime, *, kind: str = lists.PLACES, done: bool = False) -> Progress:
    """The list of places at an address nobody can guess; 404 where there is none, it was forgotten or (`done`) is not done."""
    found = lists.list_at(token, at, kind)
    if found is None or (done and found.state != "done"):
        abort(404)
    return found


def _not_then(key: str, wanted: Sequence[tuple[str, str | None]], periods: dict[str, list[Area]], on: date) -> NotFound:
    """Why there is no such place on a day: its boundaries hold on others; a plain 404 where it was never loaded."""
    each = [[area for area in periods[code.upper()] if kind in (None, area.kind)] for code, kind in wanted]
    if not all(each):
        return NotFound()
    rows = [area for of_code in each for area in of_code]
    codes = {area.code for area in rows}
    later = {code for code in codes if all(area.from_on > on for area in rows if area.code == code)}
    return NotThen(key, on, rows, list(resolve_many(codes, on).values()), forebears(later, on))


def _periods(codes: Sequence[str]) -> dict[str, list[Area]]:
    """Every dated row of these codes, the kinds in their order: one statement."""
    rows = select(Area).where(Area.code.in_(codes)).options(joinedload(Area.load)).order_by(kind_order(), Area.from_on)
    found: dict[str, list[Area]] = {code: [] for code in codes}
    for area in db.session.scalars(rows):
        found[area.code].append(area)
    return found


def _holding(wanted: Sequence[tuple[str, str | None]], periods: dict[str, list[Area]], on: date) -> tuple[Area, ...] | None:
    """The row of each code that holds on a day, of the kind wanted if one is; None where any does not."""
    found = [
        next((area for area in periods[code.upper()] if kind in (None, area.kind) and _holds(area, on)), None)
        for code, kind in wanted
    ]
    return tuple(area for area in found if area is not None) if None not in found else None


def _holds(area: Area, on: date) -> bool:
    """Whether an area holds on a day."""
    return area.from_on <= on and (area.to_on is None or area.to_on >= on)


def _last_day(wanted: Sequence[tuple[str, str | None]], periods: dict[str, list[Area]], today: date) -> date:
    """The last day on which all these areas held, or the first on which they will; 404 where a code was never loaded."""
    each = [[area for area in periods[code.upper()] if kind in (None, area.kind)] for code, kind in wanted]
    if not all(each):
        abort(404)
    ends = [max(area.to_on or today for area in rows) for rows in each]
    return max(min(ends), max(min(area.from_on for area in rows) for rows in each))
