"""The days that come next in reviews, each named: what the rooms say falls on them, joined."""

from __future__ import annotations

from collections.abc import Sequence

from scrutiny.reviews.access import may_inspect
from scrutiny.reviews.models import Review
from scrutiny.reviews.needs import DayReader, Deadline, deadlines_of_rooms
from scrutiny.reviews.queries import CURRENT
from workflows.roles import Actor


def deadlines_of(reviews: Sequence[Review], by: Actor) -> list[Deadline]:
    """Every day still open in these reviews, earliest first: observers are told of phases only. The statements stay few."""
    works = {review.id: review for review in reviews if may_inspect(review, by) and review.state in (*CURRENT, "reported")}
    reader = DayReader(by, {review.id: review for review in reviews}, works)
    return sorted(deadlines_of_rooms(reader), key=lambda one: (one.day, one.key))
