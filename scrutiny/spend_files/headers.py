"""Where the header of a table stands: beneath titles and notes, on one line or two; or that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scrutiny.spend_files.amounts import read_amount
from scrutiny.spend_files.dates import read_date
from scrutiny.spend_files.names import speaks_for
from scrutiny.spend_files.records import Role

Rows = Sequence[tuple[int, tuple[str, ...]]]
#: Among how many rows from the top the header is looked for.
HEADED_BY = 60
#: Roles of which a header must name one; the others say little by themselves.
TELLING = {Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.DATE, Role.SUPPLIER}


@dataclass(frozen=True, slots=True)
class Header:
    """The header: its row's number, its titles, and where the rows under it begin."""

    row: int
    titles: tuple[str, ...]
    begins: int


def find_header(rows: Rows) -> Header | None:
    """The header, by how many of its cells speak for a role, or by its standing over a table of amounts; None for none."""
    best: tuple[float, int, Header] | None = None
    for at, (number, cells) in enumerate(rows[:HEADED_BY]):
        if not _may_head(cells):
            continue
        one = Header(number, cells, at + 1)
        candidates = [one]
        if at + 1 < len(rows) and _may_head(rows[at + 1][1]) and not _roles(cells) >= {Role.AMOUNT, Role.DATE}:
            candidates.append(Header(rows[at + 1][0], _joined(cells, rows[at + 1][1]), at + 2))
        for header in candidates:
            score = _score(header.titles)
            if score and (best is None or score > best[0] + 0.5):
                best = (score, at, header)
    return best[2] if best is not None else _by_place(rows)


def _may_head(cells: Sequence[str]) -> bool:
    """Whether a row has words, two at least, and neither a date nor an amount."""
    held = [cell for cell in cells if cell.strip()]
    return len(held) >= 2 and not any(_is_datum(cell) for cell in held)


def _is_datum(cell: str) -> bool:
    return read_amount(cell).is_number or (read_date(cell).looks_dated and any(mark.isdigit() for mark in cell))


def _roles(titles: Sequence[str]) -> set[Role]:
    return {max(said, key=lambda role: said[role]) for title in titles if (said := speaks_for(title))}


def _score(titles: Sequence[str]) -> float:
    """How much of a header a row is; 0 where fewer than two roles are named, or none that tells."""
    roles = _roles(titles)
    if len(roles) < 2 or not roles & TELLING:
        return 0.0
    held = [title for title in titles if title.strip()]
    long = sum(len(title) > 60 for title in held)
    return len(roles) + sum(len(role_said) > 0 for role_said in map(speaks_for, held)) / len(held) - long


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Two lines of titles as one: what stands above is read before what stands beneath it."""
    width = max(len(upper), len(lower))
    pairs = zip((*upper, *[""] * (width - len(upper))), (*lower, *[""] * (width - len(lower))), strict=True)
    return tuple(" ".join(part for part in pair if part.strip()) for pair in pairs)


def _by_place(rows: Rows) -> Header | None:
    """A row of words that stands over rows with amounts, as wide as they are: titles in a language not known here."""
    for at, (number, cells) in enumerate(rows[:HEADED_BY]):
        under = [row for _, row in rows[at + 1 : at + 6]]
        if not _may_head(cells) or len(under) < 2 or any(len(cell) > 60 for cell in cells):
            continue
        width = max(len(row) for row in under)
        held = sum(bool(cell.strip()) for cell in cells)
        if held >= 3 and held >= width * 0.6 and all(any(_is_datum(cell) for cell in row) for row in under):
            return Header(number, cells, at + 1)
    return None
