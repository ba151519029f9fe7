"""The ledger for one reader and one question: its entries, what they add up to every way, its trend and its peers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import func, select

from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body
from scrutiny.burden.access import counted_for
from scrutiny.burden.rows import Wanted, read
from scrutiny.burden.words import Names
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.rules.queries import rules
from workflows.burden import SPLITS, Beside, Counts, Entry, compared, financial_year_of, summed, total_of
from workflows.burden_rates import Rates
from workflows.periods import ALL, Period, period_of, quarters_between
from workflows.roles import ANYONE, Actor

#: So many quarters are shown beside each other, at most.
TREND = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the ledger; None asks for all. `places` are ids of places that share land with the place asked about."""

    period: str = ""
    body: int | None = None
    agency: int | None = None
    places: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the ledger: its key, what it is called, what it adds up to, and how many requests it touches."""

    key: Hashable
    title: str
    counts: Counts
    requests: int


@dataclass(frozen=True)
class Ledger:
    """Entries as far as a reader sees them: of the period, and of the quarters shown before it."""

    period: Period
    periods: tuple[Period, ...]
    quarters: tuple[Period, ...]
    loaded: tuple[Entry, ...]
    names: Names

    @cached_property
    def entries(self) -> list[Entry]:
        """Those of the period."""
        return [one for one in self.loaded if one.sent.asked_on in self.period]

    @cached_property
    def total(self) -> Counts:
        """Everything of the period together."""
        return total_of(self.entries)

    @property
    def rates(self) -> Rates:
        """The estimates it is reckoned with."""
        return rules().burden

    @property
    def requests(self) -> int:
        """How many requests it counts."""
        return len({one.sent.id for one in self.entries})

    @property
    def said(self) -> int:
        """Of those, how many the agency entered hours for."""
        return len({one.sent.id for one in self.entries if one.sent.entered is not None})

    def parts(self, way: str) -> list[Part]:
        """The ledger split one way: the heaviest part first, quarters and years in their order."""
        of, touched = _key(way), defaultdict[Hashable, set[int]](set)
        for one in self.entries:
            touched[of(one)].add(one.sent.id)
        found = [
            Part(key, self.names.title(way, key), counts, len(touched[key])) for key, counts in summed(self.entries, of).items()
        ]
        if way in ("quarter", "year"):
            return sorted(found, key=lambda part: str(part.key))
        return sorted(found, key=lambda part: (-part.counts.estimated, -part.counts.asked, part.title))

    def trend(self) -> list[tuple[Period, Counts]]:
        """What was asked in each quarter shown, in order."""
        sums = summed(self.loaded, lambda one: one.quarter)
        return [(quarter, sums.get(quarter.key, Counts())) for quarter in self.quarters]


def _key(way: str) -> Callable[[Entry], Hashable]:
    """How the part an entry belongs to is found."""
    return (lambda one: (one.sent.body, one.sent.agency)) if way == "who" else SPLITS[way]


def ledger(asked: Asked, *, by: Actor, today: date) -> Ledger:
    """The ledger for a reader: worked out from the rows as they stand, in a constant number of statements."""
    first, last = _span(by, today)
    period = period_of(asked.period) or period_of(f"fy{financial_year_of(last)}")
    assert period is not None  # a year always has one
    shown = Period(period.key, max(period.first, first), min(period.last, max(last, today)))
    quarters = tuple(quarters_between(max(_before(shown.last), first), shown.last))
    load = Period(ALL, min(shown.first, quarters[0].first) if quarters else shown.first, shown.last)
    wanted = Wanted(by, today, load, asked.agency, None, asked.body, asked.places)
    found = tuple(read(wanted))
    return Ledger(period, periods_between(first, last), quarters, found, _names(by, today, found))


def _before(last: date) -> date:
    """The first day of the quarters shown up to a day."""
    months = last.year * 12 + (last.month - 1) // 3 * 3 - 3 * (TREND - 1)
    return date(months // 12, months % 12 + 1, 1)


def _span(by: Actor, today: date) -> tuple[date, date]:
    """The first and last day on which a request the reader sees was delivered; today where there is none."""
    rows = select(func.min(EvidenceRequest.delivered_on), func.max(EvidenceRequest.delivered_on))
    first, last = db.session.execute(rows.where(counted_for(by, today))).one()
    return first or today, last or today


def periods_between(first: date, last: date) -> tuple[Period, ...]:
    """The periods to choose from, the newest first: financial years, calendar years, quarters, and all."""
    years = [f"fy{year}" for year in range(financial_year_of(last), financial_year_of(first) - 1, -1)]
    years += [f"cy{year}" for year in range(last.year, first.year - 1, -1)]
    quarters = [quarter.key for quarter in quarters_between(first, last)]
    found = (period_of(key) for key in (*years, *reversed(quarters), ALL))
    return tuple(period for period in found if period is not None)


def _names(by: Actor, today: date, entries: Sequence[Entry]) -> Names:
    """What the agencies and bodies of every request the reader sees are called, and the places of these entries."""
    seen = counted_for(by, today)
    agencies = select(EvidenceRequest.agency_id).where(seen)
    leads = (
        select(ReviewBody.body_id)
        .join(EvidenceRequest, EvidenceRequest.review_id == ReviewBody.review_id)
        .where(seen, ReviewBody.part == "lead")
    )
    places = select(Review.place_id).join(EvidenceRequest, EvidenceRequest.review_id == Review.id).where(seen)
    return Names(
        dict(db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(agencies)).order_by(Agency.name)).all()),
        dict(db.session.execute(select(Body.id, Body.name).where(Body.id.in_(leads)).order_by(Body.name)).all()),
        dict(db.session.execute(select(Place.id, Place.name).where(Place.id.in_(places)).order_by(Place.name)).all())
        if entries
        else {},
    )


def peers_of(agency: Agency, period: Period, today: date) -> Beside:
    """How many questions an agency was asked beside others of its kind: of all, only what is public, so that like meets like."""
    entries = read(Wanted(ANYONE, today, period, agency_kind=agency.kind))
    sums = summed(entries, lambda one: one.sent.agency)
    others = [counts.asked for key, counts in sums.items() if key != agency.id]
    own = sums.get(agency.id, Counts()).asked
    return compared(own, others, rules().burden.least_peers)


@dataclass(frozen=True, slots=True)
class Quarter:
    """What an agency was asked in a quarter so far: questions, by how many bodies, and the minutes it has entered for them."""

    asked: int
    bodies: int
    entered: int


def quarter_of(by: Actor, today: date) -> Quarter:
    """The quarter so far of the agency acted for; for a guest, who has the record of none, only what is public."""
    (quarter,) = quarters_between(today, today)
    entries = read(Wanted(by, today, quarter, agency=by.agency))
    total = total_of(entries) if entries else Counts()
    return Quarter(total.asked, len({one.sent.body for one in entries}), total.entered)
