"""Which places are near one another, and how amounts of several spread; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log
from typing import Final

from workflows.reading import Fault, Table, faults_with, read_with
from workflows.spending import nearest

PEOPLE, DENSITY = "people", "density"
MEASURES: Final = (PEOPLE, DENSITY)


@dataclass(frozen=True, slots=True)
class PeerRules:
    """Fewer than `least` places are not compared; `nearest` are looked at, by these measures."""

    least: int
    nearest: int
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle and the ends of several amounts, in pence, and of how many."""

    median: int
    lowest: int
    highest: int
    number: int


def spread(amounts: Sequence[Fraction], least: int) -> Spread | None:
    """How amounts spread, each to the nearest penny; None where they are too few to say anything."""
    if len(amounts) < max(least, 1):
        return None
    ranked, half = sorted(amounts), len(amounts) // 2
    middle = ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2
    return Spread(nearest(middle), nearest(ranked[0]), nearest(ranked[-1]), len(ranked))


def nearest_of(own: Mapping[str, float], others: Mapping[str, Mapping[str, float]], rules: PeerRules) -> list[str]:
    """The keys of the nearest others, the nearest first, then by key; none where a measure of one's own is not known."""
    if any(own.get(measure, 0) <= 0 for measure in rules.measures):
        return []
    far = {key: _distance(own, held, rules.measures) for key, held in others.items()}
    known = sorted((distance, key) for key, distance in far.items() if distance is not None)
    return [key for _, key in known[: rules.nearest]]


def _distance(own: Mapping[str, float], other: Mapping[str, float], measures: Sequence[str]) -> float | None:
    """How far two places are apart: how many times the one is the other, by each measure; None where one is not known."""
    if any(other.get(measure, 0) <= 0 for measure in measures):
        return None
    return sum(log(other[measure] / own[measure]) ** 2 for measure in measures)


def read_peers(text: str, file_name: str) -> PeerRules:
    """Read the choices, once they are checked."""
    return read_with(_rules, text, file_name)


def check_peers(text: str, file_name: str) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of the choices."""
    return faults_with(_rules, text, file_name)


def _rules(root: Table) -> PeerRules:
    measures = root.texts("measures", MEASURES)
    if not measures:
        root.fault("measures", "no measure is named", f"name at least one of {', '.join(MEASURES)}")
    return PeerRules(root.number("least", 5, least=3, most=100), root.number("nearest", 15, least=3, most=60), measures)
