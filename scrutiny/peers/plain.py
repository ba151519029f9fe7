"""A place and its peers as plain values: what the command prints and the files of the page hold."""

from __future__ import annotations

from scrutiny.peers.comparing import Compared, Counted, Row
from scrutiny.peers.words import alike_words, few_words, row_name
from scrutiny.rules.queries import rules
from workflows.spending import nearest

COLUMNS = (
    "place",
    "year",
    "part",
    "key",
    "title",
    "pence_per_head",
    "median_pence_per_head",
    "lowest_pence_per_head",
    "highest_pence_per_head",
    "places_compared",
    "shared_out_by_people",
    "why_not_compared",
)


def rows_of(found: Compared) -> list[tuple[str | int | None, ...]]:
    """Each amount for each person beside that of the peers, in the order of `COLUMNS`."""
    return [_row(found, row) for row in found.rows]


def as_plain(found: Compared) -> dict[str, object]:
    """The same as one JSON document, with each peer and what is counted of it."""
    return {
        "place": _place(found.own),
        "year": found.year,
        "least": rules().peers.least,
        "looked_at": found.looked_at,
        "rows": [dict(zip(COLUMNS[2:], row[2:], strict=True)) for row in rows_of(found)],
        "peers": [{**_place(peer), "compared_as_a_whole": alike_words(found, peer)} for peer in found.peers],
    }


def _row(found: Compared, row: Row) -> tuple[str | int | None, ...]:
    spread = row.spread
    own = (found.own.area.code, found.year, row.part, row.key, row_name(row), nearest(row.own))
    if spread is None:
        return (*own, None, None, None, row.number, int(row.is_shared), few_words(row))
    return (*own, spread.median, spread.lowest, spread.highest, row.number, int(row.is_shared), "")


def _place(one: Counted) -> dict[str, object]:
    return {
        "code": one.area.code,
        "name": one.area.name,
        "people": one.people,
        "people_per_square_km": round(one.density, 1),
        "bodies_counted": one.bodies,
        "bodies_not_counted": one.not_counted,
        "netted": one.net,
    }
