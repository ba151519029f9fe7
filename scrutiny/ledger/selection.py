"""What is counted of a place: the bodies that may have spent there, their sources, and the phase of each year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from scrutiny.agencies.models import Footprint
from scrutiny.areas.models import Area
from scrutiny.areas.succession import ancestors
from scrutiny.extensions import db
from scrutiny.ledger.access import counted_for
from scrutiny.ledger.models import LedgerCell, LedgerSource
from workflows.roles import Actor

#: Of one body and year the first of these that is there is counted, never two together.
PREFERRED = ("audited", "outturn", "payments", "budget")


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


def cells_of_years(chosen: Mapping[tuple[int, int], list[LedgerSource]], years: Collection[int]) -> list[LedgerCell]:
    """The cells of these years that their chosen sources hold, in the order of their sources and rows."""
    ids = {key: {source.id for source in held} for key, held in chosen.items() if key[1] in years}
    rows = (
        select(LedgerCell)
        .where(
            LedgerCell.source_id.in_(sorted({one for held in ids.values() for one in held})), LedgerCell.year.in_(sorted(years))
        )
        .order_by(LedgerCell.source_id, LedgerCell.id)
    )
    return [cell for cell in db.session.scalars(rows) if cell.source_id in ids.get((cell.agency_id, cell.year), ())]


def footprints(agencies: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The codes each body serves or served, in order."""
    rows = select(Footprint.agency_id, Footprint.area_code).where(Footprint.agency_id.in_(sorted(agencies)))
    found: dict[int, set[str]] = defaultdict(set)
    for agency_id, code in db.session.execute(rows):
        found[agency_id].add(code)
    return {agency_id: tuple(sorted(codes)) for agency_id, codes in found.items()}
