"""Figures of one geography apportioned to another through what their areas share; what cannot be placed is kept and named.

By people: each small area whole by best fit. By land: only for what is measured by land. By weights: a figure for each
small area, such as users of a service. Totals reconcile to the unit given. A rate cannot be apportioned.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from scrutiny.apportioning import words
from scrutiny.apportioning.weighing import weighed
from scrutiny.apportioning.words import LAND, PEOPLE, WEIGHTS
from scrutiny.areas.models import Area, AreaOverlap
from scrutiny.areas.queries import holds_on
from scrutiny.areas.service import area_kind
from scrutiny.areas.succession import HOLDS, Part, Resolved, predecessors, resolve_many
from scrutiny.areas.writing import chunks
from scrutiny.extensions import db
from scrutiny.geography.rounding import divided
from workflows.refusals import Refused

#: Shares that lack less than this of the whole leave no gap: borders drawn twice never quite meet.
GAP = Fraction(5, 10_000)
RATE = lazy_gettext(
    "A rate cannot be apportioned: a share of a percentage means nothing. Apportion its numerator and its denominator, "
    "each separately, then divide the one by the other"
)


@dataclass(frozen=True, slots=True)
class Flow:
    """What one source gives to one area: its share of the source (0..1), and the amount."""

    from_code: str
    to_code: str
    share: float
    amount: int


@dataclass(frozen=True, slots=True)
class Placed:
    """What one area is given altogether."""

    code: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """What of a source could not be placed, and why."""

    code: str
    amount: int
    why: str


@dataclass(frozen=True, slots=True)
class Apportioned:
    """Figures apportioned: placed and not placed add up to the total; with how it was done, on what count, and how sure."""

    from_kind: str
    to_kind: str
    by: str
    on: date
    method: str
    base: str
    base_year: int | None
    error_note: str
    total: int
    placed: tuple[Placed, ...]
    not_placed: tuple[NotPlaced, ...]
    flows: tuple[Flow, ...]
    notes: tuple[str, ...]

    @property
    def amount_not_placed(self) -> int:
        """What could not be placed altogether."""
        return sum(one.amount for one in self.not_placed)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What one source area shares with each area of the other kind: (code, weight), and the weight of the whole source."""

    parts: tuple[tuple[str, Fraction], ...]
    whole: Fraction


@dataclass(frozen=True, slots=True)
class _Source:
    """An area that figures are of: its people with what counted them, and its land."""

    id: int
    code: str
    people: int | None
    people_from: str
    square_metres: float


@dataclass(frozen=True, slots=True)
class _Between:
    """What lies between the two kinds of area on the day: the sources by code, and what each shares with the others."""

    from_kind: str
    to_kind: str
    how: str
    on: date
    sources: Mapping[str, _Source]
    shared: Mapping[str, _Shared]


def apportion(
    values: Mapping[str, int], from_kind: str, to_kind: str, *, by: str | Mapping[str, float] = PEOPLE, on: date
) -> Apportioned:
    """Whole amounts (pence, people) by code of one kind of area, apportioned to the areas of another that hold on a day.

    `by` is 'people', 'land', or a weight for each small area by its code. Codes that ended are followed to what they
    became. A rate cannot be apportioned: its column is refused where it is read.
    """
    area_kind(from_kind)
    area_kind(to_kind)
    how = by if isinstance(by, str) else WEIGHTS
    if how not in (PEOPLE, LAND, WEIGHTS) or by == WEIGHTS:
        raise Refused(
            gettext("Figures are apportioned by people, by land, or by weights of small areas, not by '%(by)s'", by=str(by)[:40])
        )
    if not isinstance(by, str):
        _check_weights(by)
    known = resolve_many(set(values), on)
    former = _recoded({one.code for one in known.values()})
    codes = {part.code for one in known.values() for part in one.became} | {one.code for one in known.values()}
    sources = _areas(codes | set(former.values()), from_kind, on)
    known = {code: _at_hand(one, sources, former) for code, one in known.items()}
    targets = _names(to_kind, on)
    if not targets:
        raise Refused(words.none_loaded_words(to_kind, on))
    between = _Between(from_kind, to_kind, how, on, sources, _shared(list(sources.values()), from_kind, to_kind, by, on))
    flows, not_placed = [], []
    for code, amount in values.items():
        ours, lacking = _one(code, amount, known[code], between)
        flows += ours
        not_placed += lacking
    sums: dict[str, int] = defaultdict(int)
    for flow in flows:
        sums[flow.to_code] += flow.amount
    placed = tuple(Placed(code, targets.get(code, ""), amount) for code, amount in sorted(sums.items()))
    base, year = words.base_words(sources.values(), how, on, len(by) if how == WEIGHTS else 0)
    in_part = {one.code for one in not_placed}
    sure = words.error_words(((flow.from_code, flow.amount) for flow in flows), in_part, how)
    return Apportioned(
        from_kind,
        to_kind,
        how,
        on,
        words.method_words(how, from_kind, to_kind, on),
        base,
        year,
        sure,
        sum(values.values()),
        placed,
        tuple(not_placed),
        tuple(flows),
        words.notes_of(known),
    )


def _check_weights(weights: Mapping[str, float]) -> None:
    """Refuse weights that cannot be shares of anything."""
    bad = sorted(code for code, weight in weights.items() if not math.isfinite(weight) or weight < 0)
    if bad:
        raise Refused(gettext("Enter a weight of 0 or more: look at %(bad)s", bad=", ".join(bad[:5])))
    if not any(weights.values()):
        raise Refused(gettext("Every weight is nothing: give each small area the number it weighs"))


def _recoded(codes: Iterable[str]) -> dict[str, str]:
    """The former code of each code that is only another's by a new number."""
    found = {}
    for chunk in chunks(sorted(codes), 500):
        found.update({link.new_code: link.old_code for link in predecessors(chunk) if link.type == "recode"})
    return found


def _areas(codes: Iterable[str], kind: str, on: date) -> dict[str, _Source]:
    """The areas of one kind on a day by code."""
    found: dict[str, _Source] = {}
    for chunk in chunks(sorted(codes), 500):
        rows = select(Area.id, Area.code, Area.people, Area.people_from, Area.square_metres)
        for row in db.session.execute(rows.where(Area.code.in_(chunk), Area.kind == kind, holds_on(on)).order_by(Area.id)):
            found[row.code] = _Source(*row)
    return found


def _names(kind: str, on: date) -> dict[str, str]:
    """The names of all areas of a kind on a day by code."""
    rows = select(Area.code, Area.name).where(Area.kind == kind, holds_on(on)).order_by(Area.code)
    return {row.code: row.name for row in db.session.execute(rows)}


def _shared(
    sources: Sequence[_Source], from_kind: str, to_kind: str, by: str | Mapping[str, float], on: date
) -> dict[str, _Shared]:
    """What each source area shares with the areas of the other kind; a source that weighs nothing is left out."""
    if from_kind == to_kind:
        return {row.code: _Shared(((row.code, Fraction(1)),), Fraction(1)) for row in sources}
    if not isinstance(by, str):
        return {
            code: _Shared(tuple((to, Fraction(weight)) for to, weight in parts), Fraction(whole))
            for code, (parts, whole) in weighed([row.id for row in sources], to_kind, by, on).items()
        }
    wholes = {row.id: (row.code, row.people if by == PEOPLE else row.square_metres) for row in sources}
    weight: Any = AreaOverlap.people if by == PEOPLE else AreaOverlap.square_metres
    parts: dict[int, list[tuple[str, Fraction]]] = defaultdict(list)
    for chunk in chunks(sorted(wholes), 500):
        rows = (
            select(AreaOverlap.area_id, Area.code, weight)
            .join(Area, Area.id == AreaOverlap.other_id)
            .where(AreaOverlap.area_id.in_(chunk), Area.kind == to_kind, holds_on(on), weight > 0)
            .order_by(AreaOverlap.area_id, weight.desc(), Area.code)
        )
        for area_id, code, size in db.session.execute(rows):
            parts[area_id].append((code, Fraction(size)))
    return {code: _Shared(tuple(parts[area_id]), Fraction(whole)) for area_id, (code, whole) in wholes.items() if whole}


def _at_hand(one: Resolved, sources: Mapping[str, _Source], former: Mapping[str, str]) -> Resolved:
    """The code as what it became; as itself, or by its former code, where only that boundary is loaded."""
    if any(part.code in sources for part in one.became):
        return one
    code = one.code if one.code in sources else former.get(one.code, "")
    if code not in sources:
        return one
    return replace(one, became=(Part(code, one.name, 1.0, 1.0),), standing=HOLDS)


def _one(code: str, amount: int, one: Resolved, between: _Between) -> tuple[list[Flow], list[NotPlaced]]:
    """One figure: what goes where, and what of it cannot be placed, with each reason."""
    shares: dict[str, Fraction] = defaultdict(Fraction)
    lacking: dict[str, Fraction] = defaultdict(Fraction)
    for part, share in _parts(one, between.how):
        if part is None or part not in between.sources:
            lacking[words.why_not_found(one, part, between.from_kind, between.on)] += share
        elif part not in between.shared:
            lacking[words.why_weightless(between.how)] += share
        else:
            held = between.shared[part]
            whole = held.whole
            inside = sum((weight for _, weight in held.parts), Fraction(0))
            if inside > whole * (1 - GAP):
                whole = inside
            for to, weight in held.parts:
                shares[to] += share * weight / whole
            if inside < whole:
                lacking[words.not_placed_words(between.to_kind)] += share * (1 - inside / whole)
    keys = [(to, True) for to in shares] + [(why, False) for why in lacking]
    amounts = divided(amount, [*shares.values(), *lacking.values()])
    given = list(zip(keys, amounts, strict=True))
    flows = [Flow(code, key, float(shares[key]), part) for (key, goes), part in given if goes]
    return flows, [NotPlaced(code, part, key) for (key, goes), part in given if not goes and (part or not amount)]


def _parts(one: Resolved, how: str) -> list[tuple[str | None, Fraction]]:
    """The codes a code is on the day with the share of it that each has; None for the share nothing is known of."""
    if not one.became:
        return [(None, Fraction(1))]
    if len(one.became) == 1:
        return [(one.became[0].code, Fraction(1))]
    known = [(part.code, part.share_of_area if how == LAND else part.share_of_people) for part in one.became]
    if any(share is None for _, share in known):
        return [(None, Fraction(1))]
    shares = [(code, Fraction(share or 0)) for code, share in known]
    total = sum((share for _, share in shares), Fraction(0))
    if total > 1 - GAP:
        return [(code, share / total) for code, share in shares if share]
    return [*((code, share) for code, share in shares if share), (None, 1 - total)]
