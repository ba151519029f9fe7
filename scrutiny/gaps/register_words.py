"""A gap on the register as one reader may know it: its state, its outcome and the review it led to.

A review that is not announced must not show through: until it is, a gap it closed reads to others as still being looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scrutiny.formats import day
from scrutiny.gaps.models import GapEntry
from scrutiny.gaps.words import service_words
from workflows.gaps import KINDS
from workflows.lifecycles.gap import GAP, OUTCOMES
from workflows.roles import Actor

COLUMNS = (
    "number",
    "place_code",
    "place",
    "service",
    "agency",
    "gap",
    "owner",
    "why",
    "todo",
    "by",
    "state",
    "outcome",
    "reason",
    "review",
)


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One gap as a reader may know it."""

    entry: GapEntry
    state: str
    outcome: str = ""
    ended_why: str = ""
    review: str = ""
    href: str = ""

    @property
    def service(self) -> str:
        """The service by its title."""
        return service_words(self.entry.service)

    @property
    def agency(self) -> str:
        """The agency by its name; '' where the gap is that there is none."""
        return self.entry.agency.name if self.entry.agency else ""

    @property
    def kind(self) -> str:
        """The kind of gap."""
        return str(KINDS[self.entry.kind])

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return GAP.states[self.state]

    @property
    def by(self) -> str:
        """By when something is to be done, in words."""
        return day(self.entry.by_on)


def shown(entry: GapEntry, by: Actor, today: date) -> EntryShown:
    """A gap as this reader may know it."""
    review, own = entry.review, by.body == entry.body_id
    announced = review is not None and review.announced_on is not None and review.announced_on <= today
    if review is not None and not own and not announced:
        return EntryShown(entry, "looking")
    outcome = str(OUTCOMES[entry.outcome]) if entry.outcome else ""
    if review is None:
        return EntryShown(entry, entry.state, outcome, entry.ended_why)
    href = f"/about/{review.reference}" if announced else f"/reviews/{review.reference}"
    return EntryShown(entry, entry.state, outcome, entry.ended_why, review.reference, href)


def plain(one: EntryShown) -> dict[str, object]:
    """The same as plain values."""
    entry = one.entry
    return {
        "number": entry.id,
        "place_code": entry.place.slug,
        "place": entry.place.name,
        "service": one.service,
        "agency": one.agency or None,
        "gap": entry.kind,
        "owner": entry.body.name,
        "found": entry.reason,
        "why": entry.why,
        "todo": entry.todo,
        "by": entry.by_on.isoformat() if entry.by_on else None,
        "state": one.state,
        "outcome": one.outcome or None,
        "reason": one.ended_why or None,
        "review": one.review or None,
    }


def cells(found: Iterable[EntryShown]) -> Iterable[Sequence[str | int | float | None]]:
    """The same as rows."""
    for one in found:
        values = plain(one)
        yield [value if isinstance(value, int) or value is None else str(value) for value in map(values.get, COLUMNS)]
