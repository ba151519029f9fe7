"""The sums of the count, in whole pence: transfers netted, amounts apportioned, per head; pure.

A figure is what one body spent, or received from another, in one financial year. Nothing is ever dropped: what is spent is
the sum of the figures, what is netted is kept beside it, and what could not be placed stands under its own words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from scrutiny.geography.rounding import divided
from workflows.spending import nearest

SPENT, PAID, RECEIVED = "", "to", "from"
#: How the two sides of a transfer stand to each other. The last three are not matched.
AGREE: Final = "agree"
DIFFER: Final = "differ"
OTHER_YEAR: Final = "other-year"
PAYER_ONLY: Final = "payer-only"
RECEIVER_ONLY: Final = "receiver-only"


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell as sums know it: `key` leads back to it; pence are above nothing for spending, below for a refund."""

    key: int
    body: int
    year: int
    pence: int
    direction: str = SPENT
    other: int | None = None
    stream: str = ""
    #: revenue or capital: money of the one is never matched with money of the other

    @property
    def is_spending(self) -> bool:
        """Whether it is money this body spent, and not the other side of money another body paid."""
        return self.direction != RECEIVED


@dataclass(frozen=True, slots=True)
class Transfer:
    """What passed from one body to another in a year, as each of them says; `matched` is what both say, in pence."""

    payer: int
    receiver: int
    year: int
    paid: int
    received: int
    matched: int
    standing: str
    #: AGREE, DIFFER …
    recorded_in: int | None
    #: of OTHER_YEAR: the year in which the other side has it
    paid_keys: tuple[int, ...]
    received_keys: tuple[int, ...]

    @property
    def unmatched(self) -> int:
        """What only one of the two says, in pence."""
        return self.paid + self.received - 2 * self.matched


@dataclass(frozen=True, slots=True)
class Netted:
    """The transfers of a year, and what is taken off each paid figure (by its key), in pence."""

    transfers: tuple[Transfer, ...]
    taken_off: Mapping[int, int]

    @property
    def pence(self) -> int:
        """What is netted altogether."""
        return sum(self.taken_off.values())


def net(figures: Iterable[Figure], year: int) -> Netted:
    """Match what bodies say they paid each other in a year, and take what both say off the payer's figures.

    Figures of the years beside it may be given: a transfer that the other side has there is named, and not netted.
    """
    return net_years(figures, (year,))[year]


def net_years(figures: Iterable[Figure], years: Iterable[int]) -> dict[int, Netted]:
    """The same for several years, whose figures are gone through once."""
    sides = _sides(figures)
    return {year: _netted(sides, year) for year in years}


def _netted(sides: Sides, year: int) -> Netted:
    between = sorted(one for one in sides if one[2] == year)
    transfers = tuple(_transfer(sides, one) for one in between)
    taken: dict[int, int] = {}
    for one, transfer in zip(between, transfers, strict=True):
        taken |= _taken_off(sides[one][0], transfer.matched)
    return Netted(transfers, taken)


#: Payer, receiver, year and stream.
Between = tuple[int, int, int, str]
Sides = Mapping[Between, tuple[list[Figure], list[Figure]]]


def _sides(figures: Iterable[Figure]) -> Sides:
    """The figures of each payer, receiver, year and stream: those paid and those received."""
    found: dict[Between, tuple[list[Figure], list[Figure]]] = defaultdict(lambda: ([], []))
    for figure in figures:
        if figure.other is None or figure.direction == SPENT:
            continue
        if figure.direction == PAID:
            found[figure.body, figure.other, figure.year, figure.stream][0].append(figure)
        else:
            found[figure.other, figure.body, figure.year, figure.stream][1].append(figure)
    return dict(found)


def _transfer(sides: Sides, between: Between) -> Transfer:
    """The two sides of one transfer compared."""
    payer, receiver, year, _ = between
    paid, received = sides[between]
    out, back = _sum(paid), _sum(received)
    same_sign = (out > 0) == (back > 0)
    matched = min(out, back, key=abs) if paid and received and same_sign else 0
    standing, elsewhere = AGREE if out == back else DIFFER, None
    if not paid or not received:
        standing = PAYER_ONLY if paid else RECEIVER_ONLY
        elsewhere = _other_year(sides, between)
        standing = standing if elsewhere is None else OTHER_YEAR
    keys = tuple(figure.key for figure in paid), tuple(figure.key for figure in received)
    return Transfer(payer, receiver, year, out, back, matched, standing, elsewhere, *keys)


def _other_year(sides: Sides, between: Between) -> int | None:
    """The year beside this one in which only the other side has the same amount; None where neither has."""
    payer, receiver, year, stream = between
    paid, received = sides[between]
    for beside in (year - 1, year + 1):
        theirs = sides.get((payer, receiver, beside, stream))
        if theirs is None:
            continue
        before, after = theirs
        there, lacking = (after, before) if paid else (before, after)
        if there and not lacking and _sum(there) == _sum(paid or received):
            return beside
    return None


def _taken_off(paid: Sequence[Figure], matched: int) -> dict[int, int]:
    """What is matched taken off the payer's figures, those of its sign in their order, none below nothing."""
    taken: dict[int, int] = {}
    left = matched
    for figure in paid:
        if left and (figure.pence > 0) == (left > 0):
            part = min(figure.pence, left, key=abs)
            taken[figure.key] = part
            left -= part
    return taken


def _sum(figures: Iterable[Figure]) -> int:
    return sum(figure.pence for figure in figures)


def spent(figures: Iterable[Figure]) -> int:
    """What was spent according to the figures, before netting, in pence."""
    return _sum(figure for figure in figures if figure.is_spending)


def apportioned(pence: int, shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Pence apportioned to areas by shares that add up to 1; the parts add up to the whole, to the penny."""
    codes = list(shares)
    return dict(zip(codes, divided(pence, [shares[code] for code in codes]), strict=True))


def per_head(pence: int, people: int | None) -> int | None:
    """Pence for each person, to the nearest penny, halves away from nothing; None where nobody was counted."""
    if not people:
        return None
    return nearest(Fraction(pence, people))


def change(before: int | None, after: int | None) -> Fraction | None:
    """The change from one amount to a later one, as a share of the first; None where there is nothing to compare."""
    if before is None or after is None or before <= 0:
        return None
    return Fraction(after - before, before)
