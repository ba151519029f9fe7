"""The people of every stored area and overlap, worked out anew when a count or a layer of small areas arrives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select

from scrutiny.areas.models import AreaOverlap
from scrutiny.areas.stored_layers import Stored
from scrutiny.extensions import db
from scrutiny.geography.best_fit import Inside, Stick, inside, nearest, people_in_both, people_of

#: people in both, as a share of the first, as a share of the second; None where nobody has been counted
PeopleShare = tuple[int | None, float | None, float | None]


@dataclass(slots=True)
class Recounted:
    """New figures to write: people and their source by area id, and the people of each overlap by (area id, other id)."""

    areas: dict[int, tuple[int | None, str]] = field(default_factory=dict)
    overlaps: list[tuple[int, int, PeopleShare]] = field(default_factory=list)


def stick_for_layer(sticks: Sequence[Stick], kind: str, from_on: date, measured: Sequence[str]) -> Stick | None:
    """The stick a layer is measured with: itself where it is one, else the one whose small areas are nearest in time."""
    counted = [stick for stick in sticks if len(stick.codes)]
    if kind in measured:
        return next((stick for stick in counted if stick.from_on == from_on), None)
    return nearest(counted, from_on)


def stick_for_pair(sticks: Sequence[Stick], one: tuple[str, date], other: Stored, measured: Sequence[str]) -> Stick | None:
    """The stick two layers are measured with: one of themselves where it is a stick, else the nearest to the later of them."""
    for kind, from_on in (one, (other.kind, other.from_on)):
        if kind in measured:
            return stick_for_layer(sticks, kind, from_on, measured)
    return stick_for_layer(sticks, "", max(one[1], other.from_on), measured)


def people_shares(stick: Stick, first: Any, second: Any, i: Any, j: Any) -> list[PeopleShare]:
    """The people of each pair (i, j) of two layers of shapes, and their shares of the people of each."""
    return _shares(stick, _Counted(inside(stick, first), len(first)), _Counted(inside(stick, second), len(second)), (i, j))


def recount(layers: Sequence[Stored], sticks: Sequence[Stick], measured: Sequence[str]) -> Recounted:
    """The people of every area of the layers, and of every overlap stored between them."""
    found = Recounted()
    held: dict[tuple[int, int], Inside] = {}

    def within(stick: Stick, number: int) -> Inside:
        if (stick.from_on.toordinal(), number) not in held:
            held[stick.from_on.toordinal(), number] = inside(stick, layers[number].shapes)
        return held[stick.from_on.toordinal(), number]

    for number, layer in enumerate(layers):
        own = stick_for_layer(sticks, layer.kind, layer.from_on, measured)
        people = people_of(within(own, number), own, len(layer.ids)) if own else [None] * len(layer.ids)
        for area_id, n in zip(layer.ids, people, strict=True):
            found.areas[area_id] = (n, own.source if own and n is not None else "")
    for (one, other), pairs in _stored_pairs(layers).items():
        first, second = layers[one], layers[other]
        stick = stick_for_pair(sticks, (first.kind, first.from_on), second, measured)
        i, j = np.array([p for p, _ in pairs], dtype=int), np.array([q for _, q in pairs], dtype=int)
        shares: list[PeopleShare] = [(None, None, None)] * len(pairs)
        if stick:
            ours, theirs = _Counted(within(stick, one), len(first.ids)), _Counted(within(stick, other), len(second.ids))
            shares = _shares(stick, ours, theirs, (i, j))
        found.overlaps += [(first.ids[p], second.ids[q], share) for (p, q), share in zip(pairs, shares, strict=True)]
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """A layer of so many areas, with the small areas inside each."""

    inside: Inside
    areas: int


def _shares(stick: Stick, first: _Counted, second: _Counted, pairs: tuple[Any, Any]) -> list[PeopleShare]:
    """People in both of each pair, and their share of each, all by the same stick so that shares add up to one."""
    both = people_in_both(first.inside, second.inside, stick, pairs, second.areas)
    ours, theirs = people_of(first.inside, stick, first.areas), people_of(second.inside, stick, second.areas)
    i, j = pairs
    said: list[PeopleShare] = []
    for n, p, q in zip(both, np.asarray(i).tolist(), np.asarray(j).tolist(), strict=True):
        one, other = ours[p], theirs[q]
        known = one is not None and other is not None
        said.append((n if known else None, n / one if known and one else None, n / other if known and other else None))
    return said


def _stored_pairs(layers: Sequence[Stored]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """The overlaps stored between layers, one way round, as positions: (layer, layer) to (row, row)."""
    where = {area_id: (number, row) for number, layer in enumerate(layers) for row, area_id in enumerate(layer.ids)}
    rows = select(AreaOverlap.area_id, AreaOverlap.other_id).order_by(AreaOverlap.area_id, AreaOverlap.other_id)
    grouped: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for area_id, other_id in db.session.execute(rows):
        if area_id in where and other_id in where:
            (one, p), (other, q) = where[area_id], where[other_id]
            if one < other:
                grouped[one, other].append((p, q))
    return grouped
