"""The rows of a source made ready to be entered: worked out before the transaction, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from scrutiny.audit import sealed_together
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerCell, LedgerSkipped


@dataclass(frozen=True, slots=True)
class Ready:
    """Rows of one kind with the digest that seals them, in the order in which they are entered."""

    model: type[LedgerCell | LedgerSkipped]
    values: tuple[Mapping[str, Any], ...]
    sha256: str

    def enter(self, source_id: int) -> None:
        """Enter them in one statement, however many."""
        if self.values:
            db.session.execute(insert(self.model), [{**one, "source_id": source_id} for one in self.values])


def ready(model: type[LedgerCell | LedgerSkipped], made: Sequence[LedgerCell | LedgerSkipped]) -> Ready:
    """Rows that are in no session, made ready."""
    values = tuple(sealed_together.values_of(made))
    return Ready(model, values, sealed_together.digest_of(model, values))
