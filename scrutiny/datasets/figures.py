"""The figures of one source of the count as a table: the same rows as CSV and JSON, and the digest of that table."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import Row, select

from scrutiny.agencies.models import Agency
from scrutiny.datasets.fields import COLUMNS
from scrutiny.extensions import db
from scrutiny.file_reading.tables import write_csv
from scrutiny.ledger.counting import service_title
from scrutiny.ledger.models import LedgerCell, LedgerSource

Value = str | int | float | Decimal | None
#: Cells read at a time, so that a large source is never in memory as records.
AT_A_TIME = 1000
#: Of how many tables size and digest are kept.
MOST_KEPT = 2000
_keeping = threading.Lock()


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a source as one file: its bytes as CSV, and by what they are known."""

    content: bytes
    rows: int

    @property
    def digest(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Measured:
    """By what a table is known: how many bytes and rows it has, and its SHA-256 in hexadecimal."""

    size: int
    rows: int
    digest: str


def measured(source: LedgerSource) -> Measured:
    """The same of the table of a source. It is written out once and then kept, until a body in it is renamed."""
    names = _names(source)
    key = (source.id, source.version, tuple(sorted(names.items())))
    kept: OrderedDict[object, Measured] = current_app.extensions.setdefault("measured_figures", OrderedDict())
    with _keeping:
        known = kept.get(key)
    if known is None:
        known = measured_of(table_of(source))
        with _keeping:
            kept[key] = known
            while len(kept) > MOST_KEPT:
                kept.popitem(last=False)
    return known


def measured_of(table: Table) -> Measured:
    """By what this table is known."""
    return Measured(len(table.content), table.rows, table.digest)


def table_of(source: LedgerSource) -> Table:
    """The figures of a source as CSV. It never changes while the source is published, but for a body that is renamed."""
    rows = list(rows_of(source))
    return Table(write_csv(COLUMNS, rows), len(rows))


def rows_of(source: LedgerSource) -> Iterator[tuple[Value, ...]]:
    """Every figure of a source in the order of its file, in the order of `COLUMNS`."""
    names = _names(source)
    cells = select(LedgerCell.__table__).where(LedgerCell.source_id == source.id).order_by(LedgerCell.id)
    for cell in db.session.execute(cells.execution_options(yield_per=AT_A_TIME)):
        yield _row(cell, names)


def as_plain(source: LedgerSource) -> list[dict[str, object]]:
    """The figures as JSON: one object each, keyed as the columns are; money in pence, and in pounds as written."""
    return [dict(zip(COLUMNS, map(_plain, row), strict=True)) for row in rows_of(source)]


def _plain(value: Value) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _row(cell: Row[Any], names: dict[int, str]) -> tuple[Value, ...]:
    return (
        cell.id,
        cell.agency_id,
        names.get(cell.agency_id, ""),
        cell.year,
        cell.phase,
        cell.stream,
        cell.service,
        service_title(cell.service) if cell.service else "",
        cell.division,
        cell.words,
        cell.area_code,
        cell.pence,
        Decimal(cell.pence).scaleb(-2),
        cell.direction,
        names.get(cell.other_agency_id or 0, ""),
        cell.control,
        cell.ring_fence,
        cell.basis,
        cell.weight,
        cell.base_year,
        cell.error_note,
        cell.share,
        cell.confidence,
        cell.sheet,
        cell.row,
        cell.rows,
    )


def _names(source: LedgerSource) -> dict[int, str]:
    """The names of all bodies the figures are about."""
    both = select(LedgerCell.agency_id).where(LedgerCell.source_id == source.id)
    other = select(LedgerCell.other_agency_id).where(LedgerCell.source_id == source.id, LedgerCell.other_agency_id.is_not(None))
    rows = select(Agency.id, Agency.name).where(Agency.id.in_(both) | Agency.id.in_(other))
    return {row.id: row.name for row in db.session.execute(rows)}
