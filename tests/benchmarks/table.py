"""The table of yardsticks that one run of the benches prints at its end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the work, ours and the yardstick in words, how many times faster (country and county), the limit."""

    work: str
    ours: str
    peer: str
    times: float | None
    county: float | None
    must: str


ROWS: list[Row] = []


def tell(row: Row) -> None:
    """Keep a line for the table."""
    ROWS.append(row)
