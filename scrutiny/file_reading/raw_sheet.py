"""One table of a file, before anything of it is understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.refusals import Refused

#: No table that is published has as many columns; each costs time in every row.
MOST_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A table's name and its rows as (number, cells), without those that hold nothing."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def within_columns(row: int, cells: Sequence[str]) -> Sequence[str]:
    """The cells of a row without empty ones beyond the last column a table may have; Refused where something stands there."""
    if len(cells) <= MOST_COLUMNS:
        return cells
    if any(cell.strip() for cell in cells[MOST_COLUMNS:]):
        raise Refused(
            "Row %(row)s has more than %(most)s columns. Send the table with the columns of its payments alone.",
            row=row,
            most=MOST_COLUMNS,
        )
    return cells[:MOST_COLUMNS]
