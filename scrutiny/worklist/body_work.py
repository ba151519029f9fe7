"""What waits for a member of a body, review by review, in the order of what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from scrutiny.reviews.models import Review
from scrutiny.reviews.needs import Deadline, Need
from scrutiny.reviews.queries import CURRENT, of_body, part_of
from scrutiny.worklist import timing
from scrutiny.worklist.deadlines import deadlines_of
from scrutiny.worklist.needs import needs_of
from scrutiny.worklist.reviews_list import calendar_for
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """One review with what it needs of the reader, what comes next in it, and where it stands."""

    review: Review
    needs: list[Need]
    next: Deadline | None
    position: timing.Position

    @property
    def order(self) -> tuple[bool, date, str]:
        """Reviews that need something first; among them, the earliest day first."""
        return not self.needs, self.next.day if self.next else date.max, self.review.reference


def body_work(by: Actor, today: date, at: datetime) -> list[Waiting]:
    """The reviews under way, planned or reported in which the body acted for has a part; a constant number of statements."""
    found = [review for review in of_body(by.body or 0, (*CURRENT, "reported")) if part_of(review, by.body, today) is not None]
    needs = needs_of(found, by, today, at)
    coming: dict[int, Deadline] = {}
    for one in deadlines_of(found, by):
        if one.day >= today:
            coming.setdefault(one.review_id, one)
    rows = [
        Waiting(review, needs[review.id], coming.get(review.id), timing.position_of(review, today, calendar_for(review)))
        for review in found
        if needs[review.id] or review.state in CURRENT
    ]
    return sorted(rows, key=lambda row: row.order)
