"""The questions before and after one, as its page leads to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scrutiny.answering.queries import items_held
from scrutiny.requests.models import Item
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Beside:
    """The questions before and after one, by number."""

    before: Item | None
    after: Item | None

    @staticmethod
    def words(item: Item) -> str:
        """A question as a link says it."""
        return f"{item.number}. {item.question.title or item.question.text}"


def beside(item: Item, by: Actor, today: date) -> Beside:
    """The questions of the same request before and after this one, of those this agency holds."""
    held = items_held(item.request, by.agency, today)
    before = [one for one in held if one.number < item.number]
    return Beside(before[-1] if before else None, next((one for one in held if one.number > item.number), None))
