"""What answering a question is reckoned to cost where nobody has said: minutes by kind of question, pence an hour by agency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final

from workflows.labels import labels
from workflows.reading import Fault, Table, faults_with, read_with
from workflows.spending import nearest

#: What is reckoned in minutes: the kinds of question, an answer used again, and each time one is returned for more.
REUSED, RETURNED = "reused", "returned"
RECKONED: Final = ("text", "figures", "file", "any", "attendance", REUSED, RETURNED)
CONFIDENCES: Final = labels(
    {"published": "From a published source", "quoted": "As others quote it", "judgement": "Our own judgement"}
)
_LONG_AGO: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Hours:
    """How long one thing takes, in minutes, and where that comes from."""

    kind: str
    minutes: int
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What an hour costs in some kinds of agency (in every other, where it names none)."""

    kinds: tuple[str, ...]
    pence_per_hour: int
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Rates:
    """The estimates in force, with the day they were made."""

    title: str
    as_at: date
    hours: tuple[Hours, ...]
    costs: tuple[Cost, ...]
    same_within_days: int
    least_peers: int

    def minutes(self, kind: str) -> int:
        """How long one question of a kind takes; one of a kind not known here takes as long as one left open."""
        known = {one.kind: one.minutes for one in self.hours}
        return known.get(kind, known.get("any", 0))

    def pence(self, minutes: int, agency_kind: str) -> int:
        """What so many minutes cost a kind of agency, to the nearest penny."""
        hourly = next((one.pence_per_hour for one in self.costs if agency_kind in one.kinds or not one.kinds), 0)
        return nearest(Fraction(minutes * hourly, 60))


def read_rates(text: str, file_name: str) -> Rates:
    """Read the estimates, once they are checked."""
    return read_with(partial(_rates, agency_kinds=None), text, file_name)


def check_rates(text: str, file_name: str, agency_kinds: Iterable[str]) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of the estimates, given the kinds of agency there are."""
    return faults_with(partial(_rates, agency_kinds=tuple(agency_kinds)), text, file_name)


def _rates(root: Table, agency_kinds: tuple[str, ...] | None) -> Rates:
    hours = root.each("hours", _hours, needed=True, unique="kind")
    for kind in (kind for kind in RECKONED if kind not in {one.kind for one in hours}):
        root.fault("hours", f"nothing says how long “{kind}” takes", f'add [[hours]] with kind = "{kind}"')
    costs = root.each("costs", partial(_cost, agency_kinds=agency_kinds), needed=True, unique="source")
    if costs and costs[-1].kinds:
        root.fault("costs", "no block of costs is for every other kind of agency", "add a last one without kinds")
    return Rates(
        root.text("title"),
        root.day("as_at", needed=True) or _LONG_AGO,
        hours,
        costs,
        root.number("same_within_days", 365, least=1, most=3660),
        root.number("least_peers", 5, least=1, most=100),
    )


def _hours(table: Table) -> Hours:
    kind, minutes = table.choice("kind", RECKONED), table.number("minutes", most=60_000)
    return Hours(kind, minutes, table.text("source"), table.choice("confidence", CONFIDENCES, otherwise="judgement"))


def _cost(table: Table, agency_kinds: tuple[str, ...] | None) -> Cost:
    kinds, pence = table.texts("kinds", agency_kinds), table.number("pence_per_hour", most=1_000_000)
    return Cost(kinds, pence, table.text("source"), table.choice("confidence", CONFIDENCES, otherwise="judgement"))
