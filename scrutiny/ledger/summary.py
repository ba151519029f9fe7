"""The count of a place summed up: who spends, on what, and under whose control, in pence net of transfers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from scrutiny.ledger.counting import Count, service_title
from scrutiny.ledger.keys import CONTROLS
from scrutiny.ledger.plain import as_plain as count_plain
from scrutiny.ledger.plain import parts_of

COLUMNS = ("place", "year", "body", "body_name", "service", "service_title", "control", "pence")


@dataclass(frozen=True, slots=True)
class Sum:
    """What one body spent on one division of COFOG ('' is not placed) under one kind of control ('' is not stated)."""

    body: int
    name: str
    service: str
    control: str
    pence: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All sums of a count; they add up to its net."""

    sums: tuple[Sum, ...]

    def of(self, *, body: int | None = None, service: str | None = None) -> dict[str, int]:
        """What of a body, or of a service, is decided by whom, by the key of control."""
        return _by(self._wanted(body, service), lambda one: one.control)

    def services_of(self, body: int) -> dict[str, int]:
        """What a body spends on each division."""
        return _by(self._wanted(body, None), lambda one: one.service)

    @property
    def controls(self) -> list[str]:
        """The kinds of control there are, in the order in which they are listed."""
        there = {one.control for one in self.sums}
        return [key for key in CONTROLS if key in there]

    @property
    def has_below_nothing(self) -> bool:
        """Whether a sum is below nothing: a chart cannot draw it."""
        return any(one.pence < 0 for one in self.sums)

    def _wanted(self, body: int | None, service: str | None) -> Iterable[Sum]:
        return (one for one in self.sums if body in (None, one.body) and service in (None, one.service))


def summary_of(found: Count) -> Summary:
    """The count summed up, the body that spends most first, then by service and control."""
    sums: dict[tuple[int, str, str], int] = defaultdict(int)
    for body, part in parts_of(found):
        sums[body.agency.id, part.service, part.cell.control] += part.net
    bodies = {body.agency.id: (at, body.agency.name) for at, body in enumerate(found.bodies)}
    order = {control: at for at, control in enumerate(CONTROLS)}
    keys = sorted(sums, key=lambda key: (bodies[key[0]][0], key[1], order[key[2]]))
    return Summary(
        tuple(Sum(body, bodies[body][1], service, control, sums[body, service, control]) for body, service, control in keys)
    )


def rows_of(found: Count) -> list[tuple[str | int, ...]]:
    """Each sum, in the order of `COLUMNS`."""
    return [
        (found.name, found.year, one.body, one.name, one.service, service_title(one.service), one.control, one.pence)
        for one in summary_of(found).sums
    ]


def as_plain(found: Count, codes: list[str]) -> dict[str, object]:
    """The count as one JSON document, with what it sums up to: who spends, on what, and under whose control."""
    summed = [dict(zip(COLUMNS[2:], row[2:], strict=True)) for row in rows_of(found)]
    return {**count_plain(found, codes), "spending": summed}


def share_of(part: int, whole: int) -> float | None:
    """A part of a whole (0..1); None where the whole, or the part, is below nothing."""
    return float(Fraction(part, whole)) if whole > 0 and part >= 0 else None


def _by(sums: Iterable[Sum], key: Callable[[Sum], str]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in sums:
        found[key(one)] += one.pence
    return dict(found)
