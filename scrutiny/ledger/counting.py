"""The count of a place for a year: what each body spent there on what, net of transfers, with how each figure came about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import or_, select

from scrutiny.agencies.models import Agency
from scrutiny.areas import queries as areas_read
from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.ledger.alike import unlike
from scrutiny.ledger.models import LedgerCell, LedgerSource
from scrutiny.ledger.selection import Chosen, Ground, Moved, cells_of_years, footprints, ground_of
from scrutiny.ledger.shares import NONE, Share, shares_of
from scrutiny.ledger.sums import Figure, Netted, Transfer, apportioned, change, net_years, per_head
from scrutiny.rules.queries import rules
from workflows.refusals import Refused
from workflows.roles import Actor
from workflows.spending import financial_year

HERE, ELSEWHERE = "here", "elsewhere"


@dataclass(frozen=True, slots=True)
class Part:
    """What of a cell falls to the place: pence spent there, what of it is netted, and the share that was taken."""

    cell: LedgerCell
    pence: int
    netted: int
    share: Share

    @property
    def net(self) -> int:
        """Pence left after netting."""
        return self.pence - self.netted

    @property
    def service(self) -> str:
        """The division of COFOG it is counted under; '' where it is not placed."""
        return self.cell.service[:2]

    @property
    def basis(self) -> str:
        """How it came to the place: as the source says, or apportioned here by people."""
        return "people" if self.share.is_apportioned and self.cell.basis == "actual" else self.cell.basis


@dataclass(frozen=True, slots=True)
class BodyCounted:
    """One body in the count: the phase counted, its sources, the share of it that falls to the place, and its parts."""

    agency: Agency
    phase: str
    sources: tuple[LedgerSource, ...]
    parts: tuple[Part, ...]

    @property
    def net(self) -> int:
        """What it spent here, net of transfers that both sides record, in pence."""
        return sum(part.net for part in self.parts)

    @property
    def by_service(self) -> dict[str, int]:
        """Net pence by division of COFOG; '' is what is not placed."""
        return _summed((part.service, part.net) for part in self.parts)

    def of_service(self, service: str) -> list[Part]:
        """The parts counted under a division."""
        return [part for part in self.parts if part.service == service]


@dataclass(frozen=True, slots=True)
class Count:
    """The count of a place for a year. Gross less netted is net; each is the sum of its parts, to the penny."""

    name: str
    year: int
    people: int | None
    bodies: tuple[BodyCounted, ...]
    not_counted: tuple[str, ...]
    #: bodies that answer here, of which nothing is counted
    transfers: tuple[Transfer, ...]
    names: Mapping[int, str]
    before: int | None
    #: the net of the year before, of the same bodies; None where not all of them are there
    years: tuple[int, ...]
    #: those there is anything of

    @property
    def gross(self) -> int:
        """What the sources say was spent here, before netting."""
        return sum(part.pence for body in self.bodies for part in body.parts)

    @property
    def netted(self) -> int:
        """What is netted: transfers that both sides record."""
        return sum(part.netted for body in self.bodies for part in body.parts)

    @property
    def net(self) -> int:
        """What was spent here, each pound once."""
        return self.gross - self.netted

    @property
    def counted(self) -> set[int]:
        """The bodies something is counted of here."""
        return {body.agency.id for body in self.bodies}

    @property
    def by_service(self) -> list[tuple[str, int]]:
        """Net pence by division of COFOG, the largest first; '' (not placed) last."""
        sums = _summed((service, pence) for body in self.bodies for service, pence in body.by_service.items())
        return sorted(sums.items(), key=lambda row: (not row[0], -row[1], row[0]))

    @property
    def per_head(self) -> int | None:
        """Net pence for each person."""
        return per_head(self.net, self.people)

    @property
    def is_pending(self) -> bool:
        """Whether something is in it that only those who loaded it see."""
        return any(source.state == "pending" for body in self.bodies for source in body.sources)

    def matched(self) -> list[Transfer]:
        """The transfers both sides record, in part at least."""
        return [one for one in self.transfers if one.matched]

    def unmatched(self) -> list[Transfer]:
        """The transfers that only one side records, or that differ."""
        return [one for one in self.transfers if one.unmatched]

    def change_in_real_terms(self) -> tuple[Fraction | None, str]:
        """The change from the year before at this year's prices, or why it cannot be said."""
        if self.before is None:
            return None, ""
        try:
            return change(rules().deflators.real(self.before, self.year - 1, self.year), self.net), ""
        except Refused as refused:
            return None, refused.sentence

    def real(self, pence: int) -> tuple[int | None, str]:
        """Pence of this year at the prices of the newest year there is a level for; or why that cannot be said."""
        series = rules().deflators
        try:
            return series.real(pence, self.year, max(series.levels)), ""
        except Refused as refused:
            return None, refused.sentence


def count(name: str, areas: Sequence[Area], year: int | None, *, on: date, by: Actor) -> Count | None:
    """The count of a place in a year (the newest there is anything of, unless one is given); None where there is nothing.

    Areas are as they stand on a day; bodies that ended are carried to them by lineage.
    """
    ground = ground_of(areas, on, by)
    if not ground.years:
        return None
    wanted = ground.years[0] if year is None else year
    cells = cells_of_years(ground.chosen, {wanted - 1, wanted, wanted + 1})
    netted = net_years(figures_of(cells), (wanted - 1, wanted))
    served = footprints(ground.agencies)
    groups = {codes_of(cell, served) for cell in cells}
    shares = shares_of(groups, areas, on) if groups else {}
    parts = {of_year: _parts(cells, of_year, netted[of_year], served, shares) for of_year in (wanted - 1, wanted)}
    bodies = _bodies(parts[wanted], ground.chosen, wanted)
    seen = {body.agency.id for body in bodies}
    transfers = tuple(one for one in netted[wanted].transfers if {one.payer, one.receiver} & seen)
    return Count(
        name,
        wanted,
        areas_read.summary(areas).people,
        bodies,
        tuple(one.name for one in ground.here if one.agency_id not in seen),
        transfers,
        _names({agency for one in transfers for agency in (one.payer, one.receiver)}),
        _before(parts, ground, wanted),
        ground.years,
    )


def figures_of(cells: Iterable[Moved]) -> list[Figure]:
    """Cells as sums know them."""
    return [
        Figure(cell.id, cell.agency_id, cell.year, cell.pence, cell.direction, cell.other_agency_id, cell.stream)
        for cell in cells
    ]


def codes_of(cell: Moved, footprints: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Where a cell was spent: the area it names, or all that its body serves."""
    return (cell.area_code,) if cell.area_code else footprints.get(cell.agency_id, ())


def _parts(
    cells: Iterable[LedgerCell],
    year: int,
    netted: Netted,
    footprints: Mapping[int, tuple[str, ...]],
    shares: Mapping[tuple[str, ...], Share],
) -> list[Part]:
    """What of each cell of a year falls to the place; what is spent nowhere in it is left out."""
    found = []
    for cell in cells:
        if cell.year != year or cell.direction == "from":
            continue
        share = shares.get(codes_of(cell, footprints), NONE)
        if share.share:
            taken = netted.taken_off.get(cell.id, 0)
            found.append(Part(cell, part_here(cell.pence, share.share), part_here(taken, share.share), share))
    return found


def part_here(pence: int, share: Fraction) -> int:
    """The part of an amount that falls to the place; with what falls elsewhere it is the whole."""
    return pence if share == 1 else apportioned(pence, {HERE: share, ELSEWHERE: 1 - share})[HERE]


def _bodies(parts: Iterable[Part], chosen: Chosen, year: int) -> tuple[BodyCounted, ...]:
    """The parts body by body, the one that spends most first."""
    by_agency: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        by_agency[part.cell.agency_id].append(part)
    agencies = {row.id: row for row in db.session.scalars(select(Agency).where(Agency.id.in_(sorted(by_agency))))}
    bodies = [
        BodyCounted(agencies[key], chosen[key, year][0].phase, tuple(chosen[key, year]), tuple(held))
        for key, held in by_agency.items()
    ]
    return tuple(sorted(bodies, key=lambda body: (-body.net, body.agency.name)))


def _before(parts: Mapping[int, Sequence[Part]], ground: Ground, year: int) -> int | None:
    """The net of the year before, where it may be compared: of the same bodies, by the same kind of figures; else None."""
    then, now = (
        ground.held(of_year, {part.cell.agency_id for part in parts[of_year]}, paid_by(part.cell for part in parts[of_year]))
        for of_year in (year - 1, year)
    )
    if unlike(then, now):
        return None
    return sum(part.net for part in parts[year - 1])


def paid_by(cells: Iterable[Moved]) -> dict[int, set[int]]:
    """The bodies that each body pays, by their numbers."""
    found: dict[int, set[int]] = defaultdict(set)
    for cell in cells:
        if cell.other_agency_id is not None and cell.direction == "to":
            found[cell.agency_id].add(cell.other_agency_id)
    return found


def _names(ids: Collection[int]) -> dict[int, str]:
    rows = select(Agency.id, Agency.name).where(or_(Agency.id.in_(sorted(ids))))
    return {row.id: row.name for row in db.session.execute(rows)}


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for key, pence in pairs:
        found[key] += pence
    return dict(found)


def service_title(service: str) -> str:
    """A class of COFOG by its title; its own key where it is not known here."""
    known = rules().spending_classes.get(service)
    return known.title if known else service


def year_title(year: int) -> str:
    """A financial year in words."""
    return str(financial_year(year))
