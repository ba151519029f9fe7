"""The days a request asks for beside the days the law sets, as its officer sees them before it goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from scrutiny.formats import listed, short_day
from scrutiny.requests.models import EvidenceRequest, Item


@dataclass(frozen=True, slots=True)
class DaysAsked:
    """Items of one request that are asked for by one day and due by law on one day, and after which day they are late."""

    request: EvidenceRequest
    items: tuple[Item, ...]
    asked_on: date | None
    by_law: date | None
    needs: bool  # the law's day is counted from an event whose day is not known yet
    late_after: date | None

    @property
    def numbers(self) -> str:
        """Which items, in words."""
        numbers = listed([str(item.number) for item in self.items])
        return ngettext("Item %(numbers)s", "Items %(numbers)s", len(self.items), numbers=numbers)

    @property
    def law_words(self) -> str:
        """The day the law sets, or why there is none."""
        if self.by_law is not None:
            return short_day(self.by_law)
        return gettext("counted from the day it is received") if self.needs else gettext("no day by law")

    @property
    def late_words(self) -> str:
        """From when it counts as late, and why where the day asked for and the law's own differ."""
        if self.late_after is None or self.asked_on is None:
            return gettext("no day yet")
        words = short_day(self.late_after)
        if self.by_law is None or self.by_law == self.asked_on:
            return words
        if self.by_law > self.asked_on:
            return gettext("%(day)s: the law gives longer than you ask", day=words)
        return gettext("%(day)s: you give longer than the law", day=words)


def days_asked(requests: Iterable[EvidenceRequest]) -> list[DaysAsked]:
    """The days of every item of some requests, those with the same days together, in the order of their first item."""
    found: dict[tuple[int, date | None, date | None, bool], list[Item]] = {}
    for request in requests:
        for item in request.items:
            key = (request.id, item.due_on, item.statutory_due_on, bool(item.due_working.needs))
            found.setdefault(key, []).append(item)
    return [
        DaysAsked(items[0].request, tuple(items), asked_on, by_law, needs, items[0].late_after)
        for (_, asked_on, by_law, needs), items in found.items()
    ]
