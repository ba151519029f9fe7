"""What the API gives of the burden ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class BurdenPart:
    """One part of the ledger, or the whole of it; minutes and pence are whole numbers."""

    by: Annotated[
        str, "How the ledger is split: who, body, agency, agency_kind, place, method, power, theme, kind, quarter, year"
    ]
    part: str
    requests: int
    asked: Annotated[int, "Questions that reached an agency and were not withdrawn"]
    in_words: int
    figures: int
    documents: int
    meeting_days: int
    reused: Annotated[int, "Of those asked: answered with an earlier answer"]
    asked_by_another_body: Annotated[int, "Of those asked: another body had asked the same agency the same"]
    left_out: Annotated[int, "Left out before sending; not among those asked"]
    withdrawn: Annotated[int, "Not among those asked"]
    returned: int
    more_time_given: int
    files_sent: Annotated[int, "Of your own requests only"]
    estimated_minutes: int
    estimated_pence: int
    entered_minutes: Annotated[int, "As agencies entered them; never part of the estimate"]
    entered_pence: int
    estimated_minutes_where_entered: Annotated[int, "The estimate for the requests whose hours were entered"]


@dataclass(frozen=True, slots=True)
class BurdenQuarter:
    """One quarter of the trend."""

    quarter: Annotated[str, "Such as 2026-q3"]
    asked: int
    estimated_minutes: int


@dataclass(frozen=True, slots=True)
class BurdenEstimates:
    """The estimates used, and the day they were made."""

    title: str
    as_at: str


@dataclass(frozen=True, slots=True)
class Burden:
    """What answering asks of agencies in a period."""

    period: Annotated[str, "2026-q3, cy2026, fy2026 (April 2026 to March 2027) or all"]
    from_: str
    to: str
    by: str
    parts: tuple[BurdenPart, ...]
    total: BurdenPart
    requests_with_hours_entered: int
    quarters: tuple[BurdenQuarter, ...]
    estimates: BurdenEstimates
