"""How long agencies and bodies take to answer, counted alike for all, and not shown of too few to say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from scrutiny.agencies.queries import agencies_named
from scrutiny.bodies.queries import bodies_named
from scrutiny.challenges.queries import answered_times
from scrutiny.formats import london_day
from scrutiny.rules.queries import rules


@dataclass(frozen=True, slots=True)
class Times:
    """One that answers: how many it was sent, has answered, and is late with; times only of enough answers."""

    name: str
    agency_id: int | None
    sent: int
    answered: int
    overdue: int
    median_days: int | None
    share_in_time: float | None


def response_times(today: date) -> list[Times]:
    """Everybody who was sent a challenge, by name; three statements."""
    held: dict[tuple[int | None, int | None], list[Any]] = defaultdict(list)
    for row in answered_times():
        held[(row.agency_id, None if row.agency_id else row.body_id)].append(row)
    agencies = agencies_named([agency for agency, _ in held if agency])
    bodies = bodies_named([body for _, body in held if body])
    found = [
        _times(agencies.get(agency or 0) or bodies.get(body or 0, ""), agency, rows, today)
        for (agency, body), rows in held.items()
    ]
    return sorted(found, key=lambda one: one.name)


def _times(name: str, agency_id: int | None, rows: list[Any], today: date) -> Times:
    """The times of one."""
    answered = [row for row in rows if row.answered_at]
    late = sum(1 for row in rows if not row.answered_at and row.due_on and row.due_on < today)
    # What is overdue and unanswered counts as not in time: nobody does better by not answering.
    enough = len(answered) + late >= rules().challenges.minimum_sample
    days = [(london_day(row.answered_at) - london_day(row.published_at)).days for row in answered]
    in_time = sum(1 for row in answered if row.due_on is None or london_day(row.answered_at) <= row.due_on)
    return Times(
        name=name,
        agency_id=agency_id,
        sent=len(rows),
        answered=len(answered),
        overdue=late,
        median_days=round(median(days)) if enough and days else None,
        share_in_time=in_time / (len(answered) + late) if enough else None,
    )
