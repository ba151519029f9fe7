"""The count of a place over all its years: what was spent in each, by service and by body, and which years may be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.ledger.alike import Unlike, YearHeld, unlike
from scrutiny.ledger.counting import codes_of, figures_of, paid_by, part_here
from scrutiny.ledger.selection import Ground, Moved, footprints, ground_of, rows_of_years
from scrutiny.ledger.shares import NONE, shares_of
from scrutiny.ledger.sums import change, net_years
from scrutiny.rules.queries import rules
from workflows.refusals import Refused
from workflows.roles import Actor

Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class YearCounted:
    """What was spent in a place in a year, in pence net of transfers: by division of COFOG, and by body."""

    year: int
    by_service: Mapping[str, int]
    by_body: Mapping[int, int]
    held: YearHeld
    is_pending: bool
    #: whether something is in it that only those who loaded it see

    @property
    def net(self) -> int:
        """All of it."""
        return sum(self.by_body.values())


@dataclass(frozen=True, slots=True)
class Step:
    """Two years of the count set side by side; `is_next` unless a year between them is not counted."""

    before: YearCounted
    after: YearCounted
    unlike: tuple[Unlike, ...]

    @property
    def is_next(self) -> bool:
        """Whether the one follows the other."""
        return self.after.year == self.before.year + 1

    @property
    def is_alike(self) -> bool:
        """Whether what is counted in both is the same, so that the sums may be compared."""
        return not self.unlike

    @property
    def is_compared(self) -> bool:
        """Whether the later year is compared with the year before it: nothing stands against it, and none lies between."""
        return self.is_next and self.is_alike

    def against(self, body: int) -> Unlike | None:
        """What stands against comparing one body; None where nothing does."""
        return next((one for one in self.unlike if one.body == body), None)

    def of_the_same(self) -> tuple[int, int, int] | None:
        """What the bodies that may be compared spent in each year, and how many they are; None where there are none."""
        bodies = {*self.before.by_body, *self.after.by_body} - {one.body for one in self.unlike}
        if not bodies:
            return None
        then, now = (sum(year.by_body.get(body, 0) for body in bodies) for year in (self.before, self.after))
        return then, now, len(bodies)


@dataclass(frozen=True, slots=True)
class OverYears:
    """The count of a place in every year there is anything of, the oldest first."""

    name: str
    years: tuple[YearCounted, ...]
    names: Mapping[int, str]
    #: of all bodies that are named

    @property
    def prices_of(self) -> int:
        """The year at whose prices real terms are: the newest there is a price level for."""
        return max(rules().deflators.levels)

    @property
    def services(self) -> list[str]:
        """The divisions of COFOG, the one that most was spent on first; '' (not placed) last."""
        return _largest((year.by_service for year in self.years), last="")

    @property
    def bodies(self) -> list[int]:
        """The bodies, the one that spent most first."""
        return _largest(year.by_body for year in self.years)

    @property
    def is_pending(self) -> bool:
        """Whether something is in it that only those who loaded it see."""
        return any(year.is_pending for year in self.years)

    @property
    def first_to_last(self) -> Step | None:
        """The first year beside the last; None where there is one alone."""
        return _step(self.years[0], self.years[-1]) if len(self.years) > 1 else None

    def steps(self) -> list[Step]:
        """Each year beside the one before it that is counted."""
        return [_step(before, after) for before, after in zip(self.years, self.years[1:], strict=False)]

    def not_compared(self) -> list[Step]:
        """The neighbours that are not compared, and the first and last year where those are not."""
        steps, whole = self.steps(), self.first_to_last
        ends = [whole] if whole and len(steps) > 1 and not whole.is_alike else []
        return [step for step in steps if not step.is_compared] + ends

    def real(self, pence: int, year: int) -> tuple[int | None, str]:
        """Pence of a year at the prices of `prices_of`; or why that cannot be said."""
        try:
            return rules().deflators.real(pence, year, self.prices_of), ""
        except Refused as refused:
            return None, refused.sentence


def real_change(before: int | None, after: int | None, step: Step) -> Fraction | None:
    """The change between the years of a step after inflation, at the later year's prices; None where it cannot be said."""
    if before is None:
        return None
    try:
        return change(rules().deflators.real(before, step.before.year, step.after.year), after)
    except Refused:
        return None


def over_years(name: str, areas: Sequence[Area], *, on: date, by: Actor) -> OverYears | None:
    """The count of a place in every year, each as its own count gives it; None where nothing is counted.

    Areas are as they stand on a day, for all years alike. The number of statements does not grow with the years.
    """
    ground = ground_of(areas, on, by)
    rows = rows_of_years(ground.chosen, ground.years)
    netted, served = net_years(figures_of(rows), ground.years), footprints(ground.agencies)
    groups = {codes_of(row, served) for row in rows}
    shares = shares_of(groups, areas, on) if groups else {}
    of_year: dict[int, list[tuple[Moved, int]]] = defaultdict(list)
    for row in rows:
        share = shares.get(codes_of(row, served), NONE).share
        if share and row.direction != "from":
            taken = netted[row.year].taken_off.get(row.id, 0)
            of_year[row.year].append((row, part_here(row.pence, share) - part_here(taken, share)))
    years = tuple(_year(year, of_year[year], ground) for year in sorted(of_year))
    if not years:
        return None
    return OverYears(name, years, _names(years))


def _year(year: int, parts: Sequence[tuple[Moved, int]], ground: Ground) -> YearCounted:
    """One year, from its rows and what of each falls to the place, net."""
    by_service: dict[str, int] = defaultdict(int)
    by_body: dict[int, int] = defaultdict(int)
    for row, pence in parts:
        by_service[row.service[:2]] += pence
        by_body[row.agency_id] += pence
    held = ground.held(year, by_body, paid_by(row for row, _ in parts))
    pending = any(source.state == "pending" for body in by_body for source in ground.chosen[body, year])
    return YearCounted(year, dict(by_service), dict(by_body), held, pending)


def _step(before: YearCounted, after: YearCounted) -> Step:
    return Step(before, after, unlike(before.held, after.held))


def _largest(sums: Iterable[Mapping[Key, int]], last: Key | None = None) -> list[Key]:
    """The keys of several years, the largest over all of them first, one of them last."""
    found: dict[Key, int] = defaultdict(int)
    for of_year in sums:
        for key, pence in of_year.items():
            found[key] += pence
    return sorted(found, key=lambda key: (key == last, -found[key], key))


def _names(years: Iterable[YearCounted]) -> dict[int, str]:
    """The names of the bodies counted, and of those they pay."""
    wanted = {body for year in years for body in year.by_body} | {
        other for year in years for held in year.held.bodies.values() for other in held.pays
    }
    rows = select(Agency.id, Agency.name).where(Agency.id.in_(sorted(wanted)))
    return {row.id: row.name for row in db.session.execute(rows)}
