"""A count of people that was worked out, and what loading it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scrutiny.areas.people_totals import Recounted


@dataclass(frozen=True, slots=True)
class CountResult:
    """What a loading of people did: how many codes are those of loaded small areas, and which are not."""

    loaded: int
    people: int
    as_at: date
    matched: int
    unmatched: list[str]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class WorkedCount:
    """A count of people ready to be written, as seen when loading number `seen` was the newest.

    `load_id` is the number of its load where its rows are written already, else 0.
    """

    name: str
    sha256: str
    source: str
    people: dict[str, int]
    again: Recounted
    seen: int
    result: CountResult
    load_id: int = 0
