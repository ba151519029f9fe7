"""The rows of a source made ready to be entered: worked out before the transaction, then entered whole or in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, insert, select

from scrutiny.audit import sealed_together
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerCell, LedgerSkipped

#: Rows that one transaction enters: others who write wait some hundredths of a second for them.
PIECE = 2_000


@dataclass(frozen=True, slots=True)
class Ready:
    """Rows of one kind with the digest that seals them, in the order in which they are entered."""

    model: type[LedgerCell | LedgerSkipped]
    values: tuple[Mapping[str, Any], ...]
    sha256: str

    def enter(self, source_id: int) -> None:
        """Enter them in one statement, however many."""
        enter_rows(self.model, self.values, source_id)

    def pieces(self) -> Iterator[Sequence[Mapping[str, Any]]]:
        """The same rows in pieces, each of which is short to enter."""
        return (self.values[begin : begin + PIECE] for begin in range(0, len(self.values), PIECE))

    def are_entered(self, source_id: int) -> bool:
        """Whether as many rows stand under a source as there are."""
        there = select(func.count()).select_from(self.model).where(self.model.source_id == source_id)
        return db.session.scalar(there) == len(self.values)


def enter_rows(model: type[LedgerCell | LedgerSkipped], values: Sequence[Mapping[str, Any]], source_id: int) -> None:
    """Enter rows of one kind under a source, in one statement; no objects are made of them."""
    table = model.__table__
    assert isinstance(table, Table)
    if values:
        db.session.execute(insert(table), [{**one, "source_id": source_id} for one in values])


def ready(model: type[LedgerCell | LedgerSkipped], made: Sequence[LedgerCell | LedgerSkipped]) -> Ready:
    """Rows that are in no session, made ready."""
    values = tuple(sealed_together.values_of(made))
    return Ready(model, values, sealed_together.digest_of(model, values))
