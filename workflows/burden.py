"""What answering asks of agencies, as entries that can be added up every way; each pound, hour and question once.

An entry is what one request asks of one agency in questions of one kind, under one power and theme. Counts of an entry are
whole numbers, and what belongs to the whole request (hours entered, more time given, questions left out) is laid on its
entries without a remainder: so the sum of the parts is the whole over every split.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from operator import attrgetter
from statistics import median
from typing import Final, TypeVar

from workflows.burden_rates import RETURNED, REUSED, Rates

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Counts:
    """Whole numbers that add up. `asked` counts what stands; what was withdrawn or left out is never among it."""

    asked: int = 0
    reused: int = 0  # of those asked: answered with an earlier answer
    duplicated: int = 0  # of those asked: another body had asked the same agency the same
    left_out: int = 0  # left out before the request was sent
    withdrawn: int = 0  # asked, and withdrawn since
    returned: int = 0  # how often an answer was returned for more
    extended: int = 0  # how often more time was given
    figures: int = 0  # of those asked: for figures
    documents: int = 0  # of those asked: for a document
    meetings: int = 0  # of those asked: to attend, a day each
    files: int = 0  # files sent in answer
    estimated: int = 0  # minutes, by the estimates
    estimated_pence: int = 0
    entered: int = 0  # minutes, as agencies entered them
    entered_pence: int = 0
    beside: int = 0  # minutes estimated of the requests whose hours were entered: what to hold the two against

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*map(sum, zip(_values(self), _values(other), strict=True)))

    @property
    def words(self) -> int:
        """Of those asked: for an answer in words, or in whatever form fits."""
        return self.asked - self.figures - self.documents - self.meetings

    def __bool__(self) -> bool:
        return any(_values(self))


NAMES: Final = tuple(one.name for one in fields(Counts))
_values: Callable[[Counts], tuple[int, ...]] = attrgetter(*NAMES)
#: What a question of a kind is counted as, beside a question.
_COUNTED: Final = {"figures": "figures", "file": "documents", "attendance": "meetings"}


@dataclass(frozen=True, slots=True)
class Alike:
    """The questions of one request that are of one kind, under one power and theme: how many, and what became of them."""

    kind: str
    power: str
    theme: str
    put: int  # in all, the withdrawn among them
    withdrawn: int
    reused: int
    returned: int
    files: int
    duplicated: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that reached its agency: who asks whom, where, by which method and when; and what is known of it as a whole."""

    id: int
    review: int
    agency: int
    agency_kind: str
    body: int
    place: int
    method: str
    asked_on: date
    left_out: int = 0
    extended: int = 0
    entered: int | None = None  # minutes, where the agency has said
    entered_pence: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    sent: Sent
    kind: str  # '' stands for what belongs to no question that was asked
    power: str
    theme: str
    counts: Counts

    @property
    def quarter(self) -> str:
        """The calendar quarter in which the request reached its agency: 2026-q3."""
        return quarter_of(self.sent.asked_on)

    @property
    def year(self) -> int:
        """The year in which the financial year began."""
        return financial_year_of(self.sent.asked_on)


#: The ways the ledger is split, each with how the part an entry belongs to is found.
SPLITS: Final[Mapping[str, Callable[[Entry], Hashable]]] = {
    "body": attrgetter("sent.body"),
    "agency": attrgetter("sent.agency"),
    "agency_kind": attrgetter("sent.agency_kind"),
    "place": attrgetter("sent.place"),
    "method": attrgetter("sent.method"),
    "power": attrgetter("power"),
    "theme": attrgetter("theme"),
    "kind": attrgetter("kind"),
    "quarter": attrgetter("quarter"),
    "year": attrgetter("year"),
    "request": attrgetter("sent.id"),
}


def entries_of(sent: Sent, groups: Sequence[Alike], rates: Rates) -> list[Entry]:
    """The entries of one request; what belongs to it as a whole is laid on them, each minute and penny once."""
    counted = [(group, _counts_of(group, sent.agency_kind, rates)) for group in groups]
    weights = [counts.estimated for _, counts in counted]
    minutes, pence = (apportioned(value or 0, weights) for value in (sent.entered, sent.entered_pence))
    found = [
        Entry(
            sent,
            group.kind,
            group.power,
            group.theme,
            replace(counts, entered=own, entered_pence=paid, beside=counts.estimated if sent.entered is not None else 0),
        )
        for (group, counts), own, paid in zip(counted, minutes, pence, strict=True)
    ]
    whole = Counts(left_out=sent.left_out, extended=sent.extended)
    if not groups:
        whole = replace(whole, entered=sent.entered or 0, entered_pence=sent.entered_pence or 0)
    return [*found, Entry(sent, "", "", "", whole)] if whole else found


def _counts_of(group: Alike, agency_kind: str, rates: Rates) -> Counts:
    """What alike questions count for, with the estimate of answering them; one withdrawn is reckoned at nothing."""
    asked = group.put - group.withdrawn
    anew = (asked - group.reused) * rates.minutes(group.kind)
    minutes = anew + group.reused * rates.minutes(REUSED) + group.returned * rates.minutes(RETURNED)
    kinds = {_COUNTED[group.kind]: asked} if group.kind in _COUNTED else {}
    return Counts(
        asked=asked,
        reused=group.reused,
        duplicated=group.duplicated,
        withdrawn=group.withdrawn,
        returned=group.returned,
        files=group.files,
        estimated=minutes,
        estimated_pence=rates.pence(minutes, agency_kind),
        **kinds,
    )


def apportioned(total: int, weights: Sequence[int]) -> list[int]:
    """A whole number laid out by weights, in whole numbers that sum to it; evenly where every weight is nothing."""
    if not weights:
        return []
    heavy = list(weights) if any(weights) else [1] * len(weights)
    whole = sum(heavy)
    parts = [total * weight // whole for weight in heavy]
    first = sorted(range(len(heavy)), key=lambda place: (-(total * heavy[place] % whole), place))
    for place in first[: total - sum(parts)]:
        parts[place] += 1
    return parts


def total_of(entries: Iterable[Entry]) -> Counts:
    """Everything together."""
    return Counts(*map(sum, zip(*(_values(one.counts) for one in entries), strict=True)))  # of nothing: nothing


def summed(entries: Iterable[Entry], key: Callable[[Entry], Key]) -> dict[Key, Counts]:
    """The counts of each part, in the order in which parts first come."""
    parts: dict[Key, list[Entry]] = {}
    for one in entries:
        parts.setdefault(key(one), []).append(one)
    return {part: total_of(within) for part, within in parts.items()}


@dataclass(frozen=True, slots=True)
class Put:
    """One question put to an agency, with what makes it the same as another and the body that asked it."""

    item: int
    agency: int
    same: str
    body: int
    on: date


def duplicated(questions: Iterable[Put], within_days: int) -> set[int]:
    """The items that ask an agency what another body had asked it in so many days before; a body's own repeats are not."""
    found: set[int] = set()
    last: dict[tuple[int, str], dict[int, date]] = {}
    for one in sorted(questions, key=lambda one: (one.on, one.item)):
        asked = last.setdefault((one.agency, one.same), {})
        since = one.on - timedelta(days=within_days)
        if any(body != one.body and on >= since for body, on in asked.items()):
            found.add(one.item)
        asked[one.body] = one.on
    return found


@dataclass(frozen=True, slots=True)
class Lead:
    """That a body led a review from a day to a day."""

    body: int
    from_on: date
    to_on: date | None


def lead_on(leads: Sequence[Lead], on: date) -> int:
    """The body in the lead on a day; where none was, the one that leads it now, or led it last. 0 where there never was one."""
    then = [one.body for one in leads if one.from_on <= on and (one.to_on is None or one.to_on >= on)]
    last = sorted(leads, key=lambda one: (one.to_on is None, one.to_on or one.from_on))
    return then[0] if then else last[-1].body if last else 0


@dataclass(frozen=True, slots=True)
class Beside:
    """One agency's number beside those of its peers; no median where they are too few to compare."""

    own: int
    peers: int
    median: float | None
    more_than: int | None  # how many of the peers have less


def compared(own: int, peers: Sequence[int], least: int) -> Beside:
    """A number beside those of others of the same kind."""
    if len(peers) < least:
        return Beside(own, len(peers), None, None)
    return Beside(own, len(peers), float(median(peers)), sum(other < own for other in peers))


def quarter_of(on: date) -> str:
    """The calendar quarter of a day: 2026-q3."""
    return f"{on.year}-q{(on.month + 2) // 3}"


def financial_year_of(on: date) -> int:
    """The year in which the financial year of a day, April to March, began."""
    return on.year - (on.month < 4)
