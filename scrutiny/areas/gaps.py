"""What of a place, or at a point, no area of a kind holds: said with its size, and never filled with the nearest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from scrutiny.areas.index import Known
from scrutiny.areas.models import Area, AreaOverlap
from scrutiny.areas.queries import holds_on, kind_label
from scrutiny.extensions import db
from scrutiny.formats import land, listed, number, percent
from scrutiny.rules.queries import rules
from workflows.kinds import AreaKind

#: the shares of one kind may miss 1 by this much: borders drawn twice never quite meet
TOLERANCE = 0.0005


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the areas of one kind fail to cover a place once: land in square metres and people (None where nobody was
    counted), both as shares of the place too; more than nothing is in none of them, less than nothing in several."""

    kind: str
    label: str
    square_metres: float
    share_of_area: float
    people: int | None
    share_of_people: float | None

    @property
    def is_whole(self) -> bool:
        """Whether no area of the kind holds any of it."""
        return self.share_of_area > 1 - TOLERANCE and (self.share_of_people is None or self.share_of_people > 1 - TOLERANCE)

    @property
    def words(self) -> str:
        """'No police force area found for 12 of its people (0.3 %) and 4.20 km² of its land (1 %)'."""
        if self.is_whole:
            return not_found(self.label)
        missing, twice = self._parts(1), self._parts(-1)
        said = [f"{not_found(self.label)} for {listed(missing)}"] if missing else []
        said += [f"More than one {_small(self.label)} found for {listed(twice)}"] if twice else []
        return "; ".join(said)

    def _parts(self, sign: int) -> list[str]:
        """The people and the land that are missing (1) or held more than once (-1)."""
        said = []
        if self.people is not None and sign * (self.share_of_people or 0) > TOLERANCE:
            said.append(f"{number(sign * self.people)} of its people ({percent(sign * (self.share_of_people or 0), 1)})")
        if sign * self.share_of_area > TOLERANCE:
            said.append(f"{land(sign * self.square_metres)} of its land ({percent(sign * self.share_of_area, 1)})")
        return said


def not_found(label: str) -> str:
    """'No police force area found'."""
    return f"No {_small(label)} found"


def gaps_of(areas: Sequence[Area], on: date, *, with_kind: str | None = None) -> list[Gap]:
    """The kinds whose areas do not cover a place exactly once on a day, in the order of kinds; one kind only if asked.

    Asked of kinds that should cover all land and of which some area of the place's nation is loaded for that day.
    """
    wanted = [kind for kind in _expected((area.code for area in areas), on) if with_kind in (None, kind.key)]
    wanted = [kind for kind in wanted if kind.key not in {area.kind for area in areas}]
    if not wanted:
        return []
    total = sum(area.square_metres for area in areas)
    counted = None if any(area.people is None for area in areas) else sum(area.people or 0 for area in areas)
    rows = (
        select(Area.kind, func.sum(AreaOverlap.square_metres), AreaOverlap.area_id, func.sum(AreaOverlap.share_of_people))
        .join(Area, Area.id == AreaOverlap.other_id)
        .where(AreaOverlap.area_id.in_([area.id for area in areas]), holds_on(on), Area.kind.in_([kind.key for kind in wanted]))
        .group_by(Area.kind, AreaOverlap.area_id)
        .order_by(Area.kind, AreaOverlap.area_id)
    )
    held: dict[str, list[tuple[float, int, float | None]]] = {}
    for key, metres, area_id, part in db.session.execute(rows):
        held.setdefault(key, []).append((metres, area_id, part))
    folk = {area.id: area.people or 0 for area in areas}
    found = []
    for kind in wanted:
        parts = held.get(kind.key, [])
        missing = total - sum(metres for metres, _, _ in parts)
        unknown = counted is None or any(part is None for _, _, part in parts)
        people = None if unknown else (counted or 0) - sum(folk[area_id] * (part or 0) for _, area_id, part in parts)
        share = people / counted if people is not None and counted else None
        found.append(Gap(kind.key, kind.label, missing, missing / total, None if people is None else round(people), share))
    return [gap for gap in found if _is_told(gap)]


def lacking_at(there: Collection[Known], on: date) -> list[str]:
    """The labels of the kinds that should cover all land, and of which no area holds a point on a day; none where nothing
    at all does, since the nation is not known then."""
    kinds = {area.kind for area in there}
    return [kind_label(kind.key) for kind in _expected((area.code for area in there), on) if kind.key not in kinds]


def lacking_words(there: Collection[Known], on: date) -> list[str]:
    """'No police force area found', for each kind of which no area holds a point."""
    return [not_found(label) for label in lacking_at(there, on)]


def _is_told(gap: Gap) -> bool:
    """Whether the shares miss 1 by more than drawing explains."""
    return abs(gap.share_of_area) > TOLERANCE or abs(gap.share_of_people or 0) > TOLERANCE


def _expected(codes: Iterable[str], on: date) -> list[AreaKind]:
    """The kinds that should cover the land of these codes' nations: those with an area there on the day."""
    letters = {code[:1] for code in codes}
    usual = [kind for kind in rules().area_kinds.values() if kind.coverage and not kind.measuring_stick]
    rows = select(Area.kind, func.substr(Area.code, 1, 1)).where(Area.kind.in_([kind.key for kind in usual]), holds_on(on))
    loaded = {(kind, letter) for kind, letter in db.session.execute(rows.distinct().order_by(Area.kind))}
    return [kind for kind in usual if any((kind.key, letter) in loaded for letter in letters)]


def _small(label: str) -> str:
    """A label within a sentence."""
    return label[:1].lower() + label[1:]
