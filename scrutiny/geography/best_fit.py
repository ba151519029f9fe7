"""People by best fit: each small area is counted whole where its own point lies; pure.

A small area is the measuring stick: the nearest count serves whatever the day, and is named where its figures are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely

from scrutiny.geography.overlay import points_in


@dataclass(frozen=True, slots=True)
class Stick:
    """The small areas of one layer with their points (metres), their people, the day they hold from, and what counted
    them."""

    codes: tuple[str, ...]
    x: Any
    y: Any
    people: Any
    from_on: date
    source: str


@dataclass(frozen=True, slots=True)
class Inside:
    """Which small area's point lies in which area: positions in the stick and in a layer, ordered by the first."""

    point: Any
    area: Any


def nearest(sticks: Sequence[Stick], on: date) -> Stick | None:
    """The stick whose small areas hold from the day nearest to `on`; the newer where two are as near."""
    return min(sticks, key=lambda stick: (abs((stick.from_on - on).days), -stick.from_on.toordinal()), default=None)


def inside(stick: Stick, shapes: Any) -> Inside:
    """Where the point of each small area lies among the shapes of a layer; a point on an edge counts on one side only."""
    point, area = points_in(stick.x, stick.y, shapes)
    first = np.concatenate([[True], point[1:] != point[:-1]]) if len(point) else np.zeros(0, dtype=bool)
    often = np.isin(point, point[~first])
    strictly = np.zeros(len(point), dtype=bool)
    strictly[often] = shapely.contains_xy(shapes[area[often]], stick.x[point[often]], stick.y[point[often]])
    within = np.isin(point, point[strictly])
    keep = ~often | strictly | (often & ~within & first)
    return Inside(point[keep], area[keep])


def people_of(found: Inside, stick: Stick, areas: int) -> list[int | None]:
    """The people of each area of a layer; None where no small area's point lies in it, so nothing is known."""
    people = np.bincount(found.area, weights=stick.people[found.point], minlength=areas)
    counted = np.bincount(found.area, minlength=areas)
    return [round(n) if known else None for n, known in zip(people.tolist(), counted.tolist(), strict=True)]


def people_in_both(first: Inside, second: Inside, stick: Stick, pairs: tuple[Any, Any], areas: int) -> list[int]:
    """The people of each pair (positions in two layers, the second of `areas` areas): small areas whose point lies in
    both."""
    low = np.searchsorted(second.point, first.point, "left")
    times = np.searchsorted(second.point, first.point, "right") - low
    one = np.repeat(np.arange(len(first.point)), times)
    other = np.repeat(low, times) + np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    keys = first.area[one].astype(np.int64) * areas + second.area[other]
    unique, where = np.unique(keys, return_inverse=True)
    sums = np.bincount(where, weights=stick.people[first.point[one]], minlength=len(unique))
    wanted = np.asarray(pairs[0], dtype=np.int64) * areas + np.asarray(pairs[1])
    if not len(unique):
        return [0] * len(wanted)
    at = np.minimum(np.searchsorted(unique, wanted), len(unique) - 1)
    return np.where(unique[at] == wanted, sums[at], 0).round().astype(int).tolist()
