"""What is counted of a place: the bodies that may have spent there, their sources, and the phase of each year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import select

from scrutiny.agencies.answering import Answering, answering
from scrutiny.agencies.models import Footprint
from scrutiny.areas.models import Area
from scrutiny.areas.succession import ancestors
from scrutiny.extensions import db
from scrutiny.ledger.access import counted_for
from scrutiny.ledger.alike import Held, YearHeld
from scrutiny.ledger.models import LedgerCell, LedgerSource
from workflows.roles import Actor

#: Of one body and year the first of these that is there is counted, never two together.
PREFERRED = ("audited", "outturn", "payments", "budget")
#: The sources counted of each body and year.
Chosen = Mapping[tuple[int, int], list[LedgerSource]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the count of a place stands on: who answers there, the bodies it may be counted of, and their sources."""

    here: tuple[Answering, ...]
    agencies: frozenset[int]
    chosen: Chosen
    years: tuple[int, ...]
    #: those there is a source of, the newest first

    def held(self, year: int, bodies: Collection[int], pays: Mapping[int, Collection[int]]) -> YearHeld:
        """What is counted of these bodies in a year, to tell whether it compares with another; and whom each pays."""
        known = {agency for agency, of_year in self.chosen if of_year == year}
        return YearHeld({body: _held(self.chosen[body, year], year, pays.get(body, ())) for body in bodies}, known)


def ground_of(areas: Sequence[Area], on: date, by: Actor) -> Ground:
    """What the count of areas, as they stand on a day, is made from as far as the actor sees it."""
    here = answering([area.id for area in areas], on)
    agencies = candidates(areas, {one.agency_id for one in here}, on)
    sources = sources_counted(agencies, by)
    years = sorted({source.year for source in sources if source.year}, reverse=True)
    return Ground(tuple(here), frozenset(agencies), chosen_phases(sources), tuple(years))


def _held(sources: Sequence[LedgerSource], year: int, pays: Collection[int]) -> Held:
    """What is counted of one body in a year; payments that stand in files of another year tell nothing of this one."""
    own = [one for one in sources if one.year == year]
    return Held(
        frozenset(one.phase for one in own),
        frozenset((one.coverage, None if one.share is None else round(100 * one.share)) for one in own),
        frozenset(one.stream for one in own),
        sum(one.phase == "payments" for one in own),
        frozenset(pays),
    )


def candidates(areas: Sequence[Area], here: Collection[int], on: date) -> set[int]:
    """Bodies that answer for the place, and those that served what it was made of."""
    codes = {area.code for area in areas}
    former = {link.old_code for link in ancestors(sorted(codes), on)}
    rows = select(Footprint.agency_id).where(Footprint.area_code.in_(sorted(former | codes)))
    located = select(LedgerSource.agency_id).where(LedgerSource.area_code.in_(sorted(former | codes)))
    return {*here, *db.session.scalars(rows), *db.session.scalars(located)}


def sources_counted(agencies: Collection[int], by: Actor) -> list[LedgerSource]:
    """The sources of these bodies in the count this actor sees; one that a source among them corrects is left out."""
    rows = select(LedgerSource).where(LedgerSource.agency_id.in_(sorted(agencies)), counted_for(by)).order_by(LedgerSource.id)
    found = list(db.session.scalars(rows))
    ids = {source.id for source in found}
    return [source for source in found if source.replaced_by_id not in ids]


def chosen_phases(sources: Iterable[LedgerSource]) -> dict[tuple[int, int], list[LedgerSource]]:
    """The sources counted of each body and year: those of the first phase of PREFERRED that is there.

    Payments of a year that stand in the file of another are counted with the payments of their own year, where those are.
    """
    found: dict[tuple[int, int], list[LedgerSource]] = defaultdict(list)
    by_id = {source.id: source for source in sources}
    for source in by_id.values():
        found[source.agency_id, source.year].append(source)
    chosen = {key: first_phase(held) for key, held in found.items()}
    strays = (
        select(LedgerCell.source_id, LedgerCell.year)
        .join(LedgerSource)
        .where(LedgerCell.source_id.in_(sorted(by_id)), LedgerCell.phase == "payments", LedgerCell.year != LedgerSource.year)
    )
    for source_id, year in db.session.execute(strays.distinct().order_by(LedgerCell.source_id, LedgerCell.year)):
        held = chosen.get((by_id[source_id].agency_id, year))
        if held is not None and any(one.phase == "payments" for one in held):
            held.append(by_id[source_id])
    return chosen


def first_phase(sources: Sequence[LedgerSource]) -> list[LedgerSource]:
    """Of several sources of one body and year those that are counted: of each stream those of the first phase there is."""
    counted: list[LedgerSource] = []
    for phase in PREFERRED:
        earlier = [source.stream for source in counted]
        counted += [
            source
            for source in sources
            if source.phase == phase and not any(not one or not source.stream or one == source.stream for one in earlier)
        ]
    return counted


class Moved(Protocol):
    """What the sums need of a cell: a cell itself, or a row of these columns alone where there are very many."""

    id: Any
    agency_id: Any
    year: Any
    pence: Any
    direction: Any
    other_agency_id: Any
    stream: Any
    service: Any
    area_code: Any


def cells_of_years(chosen: Chosen, years: Collection[int]) -> list[LedgerCell]:
    """The cells of these years that their chosen sources hold, in the order of their sources and rows."""
    found = db.session.scalars(_of_years(select(LedgerCell), chosen, years))
    ids = _ids(chosen, years)
    return [cell for cell in found if cell.source_id in ids.get((cell.agency_id, cell.year), ())]


def rows_of_years(chosen: Chosen, years: Collection[int]) -> list[Moved]:
    """The same cells in the same order, no more of each than the sums need."""
    of_cell = LedgerCell
    columns = select(
        of_cell.source_id,
        of_cell.id,
        of_cell.agency_id,
        of_cell.year,
        of_cell.pence,
        of_cell.direction,
        of_cell.other_agency_id,
        of_cell.stream,
        of_cell.service,
        of_cell.area_code,
    )
    ids = _ids(chosen, years)
    found: Any = db.session.execute(_of_years(columns, chosen, years))
    return [row for row in found if row.source_id in ids.get((row.agency_id, row.year), ())]


def _of_years(rows: Any, chosen: Chosen, years: Collection[int]) -> Any:
    """The statement, for the chosen sources and years alone."""
    ids = sorted({one for held in _ids(chosen, years).values() for one in held})
    wanted = rows.where(LedgerCell.source_id.in_(ids), LedgerCell.year.in_(sorted(years)))
    return wanted.order_by(LedgerCell.source_id, LedgerCell.id)


def _ids(chosen: Chosen, years: Collection[int]) -> dict[tuple[int, int], set[int]]:
    """The chosen sources of each body and year, by id."""
    return {key: {source.id for source in held} for key, held in chosen.items() if key[1] in years}


def footprints(agencies: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The codes each body serves or served, in order."""
    rows = select(Footprint.agency_id, Footprint.area_code).where(Footprint.agency_id.in_(sorted(agencies)))
    found: dict[int, set[str]] = defaultdict(set)
    for agency_id, code in db.session.execute(rows):
        found[agency_id].add(code)
    return {agency_id: tuple(sorted(codes)) for agency_id, codes in found.items()}
