"""How often a place has an area report: each month where it was reported on, until an administrator chooses otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scrutiny.areas.models import Place
from scrutiny.audit.service import note
from scrutiny.editions import queries as editions
from scrutiny.editions.models import Edition, Report
from scrutiny.extensions import db
from scrutiny.formats import LONDON, london_day
from scrutiny.formats import day as in_full
from scrutiny.reports.models import AreaRhythm
from workflows.refusals import Refused
from workflows.roles import Actor

USUAL = "monthly"
STOPPED = "stopped"
#: In which months a report may come out; none in which nothing has changed.
MONTHS: Mapping[str, tuple[int, ...]] = {USUAL: tuple(range(1, 13)), "quarterly": (1, 4, 7, 10), "yearly": (4,), STOPPED: ()}
WORDS = {
    USUAL: lazy_gettext("Every month"),
    "quarterly": lazy_gettext("Every three months, in January, April, July and October"),
    "yearly": lazy_gettext("Once a year, in April"),
    STOPPED: lazy_gettext("Never"),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """A place with area reports: its rhythm, whether somebody chose it, its last report, and the day the next may come out."""

    place: Place
    rhythm: str
    chosen: AreaRhythm | None
    last: Edition | None
    next_on: date | None


def choose(place: Place, rhythm: str, *, by: Actor, at: datetime) -> AreaRhythm:
    """Let a place have an area report this often from now on, whether or not it was reported on; what is published stays."""
    if rhythm not in MONTHS:
        raise Refused(gettext("Choose how often"))
    row = of_place(place) or AreaRhythm(place=place)
    before = row.rhythm or ""
    row.rhythm, row.chosen_by, row.chosen_at = rhythm, by.reference, at
    db.session.add(row)
    db.session.flush()
    note("area_rhythm_chosen", about=place.reference, by=by, at=at, before=before, after=rhythm)
    return row


def of_place(place: Place) -> AreaRhythm | None:
    """What was chosen for a place, if anything was."""
    return db.session.scalar(select(AreaRhythm).where(AreaRhythm.place_id == place.id))


def places_due(at: datetime) -> list[int]:
    """The places whose area report of this month is due, where it would tell anything new."""
    first = datetime.combine(london_day(at).replace(day=1), datetime.min.time(), LONDON)
    chosen = {row.place_id: row.rhythm for row in db.session.scalars(select(AreaRhythm))}
    places = {*editions.places_reported_on(first), *chosen}
    return sorted(place_id for place_id in places if first.month in MONTHS[chosen.get(place_id, USUAL)])


def places_with_reports(at: datetime) -> list[Reported]:
    """Every place that has area reports, would have one, or has been stopped; by name, in a constant number of statements."""
    today = london_day(at)
    chosen = {row.place_id: row for row in db.session.scalars(select(AreaRhythm))}
    ids = {*editions.places_reported_on(at), *chosen}
    places = db.session.scalars(select(Place).where(Place.id.in_(ids)).order_by(Place.name, Place.id))
    rows = select(Edition).join(Edition.report).where(Report.kind == "area", Edition.state == "released")
    last = {
        edition.report.place_id: edition
        for edition in db.session.scalars(rows.options(joinedload(Edition.report)).order_by(Edition.number))
    }
    return [_reported(place, chosen.get(place.id), last.get(place.id), today) for place in places]


def next_day(rhythm: str, today: date) -> date | None:
    """The first day after today on which an area report of this rhythm may come out; None where it has stopped."""
    for ahead in range(1, 13):
        years, month = divmod(today.month - 1 + ahead, 12)
        if month + 1 in MONTHS[rhythm]:
            return date(today.year + years, month + 1, 1)
    return None


def said(name: str, rhythm: str, today: date) -> str:
    """What choosing a rhythm will do, to whoever chose it."""
    day = next_day(rhythm, today)
    if day is None:
        return gettext("No more area reports of %(place)s will be published. Those published stay.", place=name)
    return gettext(
        "The next area report of %(place)s is published on %(day)s, if anything has changed.", place=name, day=in_full(day)
    )


def _reported(place: Place, chosen: AreaRhythm | None, last: Edition | None, today: date) -> Reported:
    """A place with what is known of its area reports."""
    rhythm = chosen.rhythm if chosen else USUAL
    return Reported(place, rhythm, chosen, last, next_day(rhythm, today))
