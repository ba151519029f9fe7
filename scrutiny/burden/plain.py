"""The ledger as plain values: what the command prints and what the API and the files of its pages hold."""

from __future__ import annotations

from collections.abc import Iterator

from scrutiny.burden.ledger import Ledger, Part
from scrutiny.burden.words import period_title
from workflows.burden import Counts

#: The columns of a file, in order; minutes and pence are whole numbers.
COLUMNS = (
    *("by", "part", "requests", "asked", "in_words", "figures", "documents", "meeting_days"),
    *("reused", "asked_by_another_body", "left_out", "withdrawn", "returned", "more_time_given", "files_sent"),
    *("estimated_minutes", "estimated_pence", "entered_minutes", "entered_pence", "estimated_minutes_where_entered"),
)


def numbers(counts: Counts) -> tuple[int, ...]:
    """The counts in the order of the columns."""
    return (
        *(counts.asked, counts.words, counts.figures, counts.documents, counts.meetings),
        *(counts.reused, counts.duplicated, counts.left_out, counts.withdrawn, counts.returned, counts.extended, counts.files),
        *(counts.estimated, counts.estimated_pence, counts.entered, counts.entered_pence, counts.beside),
    )


def row_of(way: str, part: Part) -> tuple[str | int, ...]:
    """One part as a row of a file."""
    return way, part.title, part.requests, *numbers(part.counts)


def rows_of(found: Ledger, way: str) -> Iterator[tuple[str | int, ...]]:
    """Every part as a row, and the whole as the last."""
    for part in found.parts(way):
        yield row_of(way, part)
    yield "total", period_title(found.period), found.requests, *numbers(found.total)


def as_plain(found: Ledger, way: str) -> dict[str, object]:
    """The ledger as one JSON document."""
    *parts, total = (dict(zip(COLUMNS, row, strict=True)) for row in rows_of(found, way))
    return {
        "period": found.period.key,
        "from": found.period.first.isoformat(),
        "to": found.period.last.isoformat(),
        "by": way,
        "parts": parts,
        "total": total,
        "requests_with_hours_entered": found.said,
        "quarters": [
            {"quarter": quarter.key, "asked": counts.asked, "estimated_minutes": counts.estimated}
            for quarter, counts in found.trend()
        ],
        "estimates": {"title": found.rates.title, "as_at": found.rates.as_at.isoformat()},
    }
