"""Reading sources: their figures row by row, what they correct, and what publishing one will change."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerCell, LedgerSource
from scrutiny.ledger.selection import first_phase


@dataclass(frozen=True, slots=True)
class Effect:
    """What the count holds of a body and year, in pence before netting, and what it will hold once a source is published."""

    before: int
    after: int
    is_counted: bool
    #: whether its kind of figure is the one that is counted then


def cells_of(source: LedgerSource, page: int, size: int) -> tuple[list[LedgerCell], bool]:
    """One page of the figures of a source in the order of its rows, and whether there are more."""
    rows = select(LedgerCell).where(LedgerCell.source_id == source.id).order_by(LedgerCell.row, LedgerCell.id)
    found = list(db.session.scalars(rows.offset((max(page, 1) - 1) * size).limit(size + 1)))
    return found[:size], len(found) > size


def cells_at(source: LedgerSource, row: int) -> list[LedgerCell]:
    """The figures of one row of a source."""
    rows = select(LedgerCell).where(LedgerCell.source_id == source.id, LedgerCell.row == row).order_by(LedgerCell.id)
    return list(db.session.scalars(rows))


def corrected_by(source: LedgerSource) -> list[LedgerSource]:
    """The sources this one replaces, or will replace once it is published."""
    rows = select(LedgerSource).where(LedgerSource.replaced_by_id == source.id).order_by(LedgerSource.id)
    return list(db.session.scalars(rows))


def effect_of(source: LedgerSource) -> Effect:
    """What publishing a source will change of what is counted of its body and year."""
    rows = select(LedgerSource).where(
        LedgerSource.agency_id == source.agency_id, LedgerSource.year == source.year, LedgerSource.state == "published"
    )
    published = list(db.session.scalars(rows))
    left = [one for one in published if one.replaced_by_id != source.id]
    then = first_phase([*left, source])
    return Effect(_spent(first_phase(published)) if published else 0, _spent(then), source in then)


def _spent(sources: list[LedgerSource]) -> int:
    """What these sources say was spent, in pence: what was received from other bodies is no spending."""
    spent = select(func.coalesce(func.sum(LedgerCell.pence), 0))
    ids = [source.id for source in sources]
    return int(db.session.scalar(spent.where(LedgerCell.source_id.in_(ids), LedgerCell.direction != "from")) or 0)
