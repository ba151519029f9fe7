"""What of a place, or at a point, no area of a kind holds: said with its size, and never filled with the nearest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from sqlalchemy import func, select

from scrutiny.areas.index import Known
from scrutiny.areas.models import Area, AreaOverlap
from scrutiny.areas.queries import holds_on, kind_label
from scrutiny.areas.writing import chunks
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
        """'No police force area found for 12 of its people (0.3%) and 4.20 km² of its land (1%)'."""
        if self.is_whole:
            return not_found(self.label)
        missing, twice = self._parts(1), self._parts(-1)
        said = [gettext("%(label)s for %(missing)s", label=not_found(self.label), missing=listed(missing))] if missing else []
        said += (
            [gettext("More than one %(label)s found for %(twice)s", label=_small(self.label), twice=listed(twice))]
            if twice
            else []
        )
        return "; ".join(said)

    def _parts(self, sign: int) -> list[str]:
        """The people and the land that are missing (1) or held more than once (-1)."""
        said = []
        if self.people is not None and sign * (self.share_of_people or 0) > TOLERANCE:
            said.append(
                gettext(
                    "%(people)s of its people (%(share)s)",
                    people=number(sign * self.people),
                    share=percent(sign * (self.share_of_people or 0), 1),
                )
            )
        if sign * self.share_of_area > TOLERANCE:
            said.append(
                gettext(
                    "%(land)s of its land (%(share)s)",
                    land=land(sign * self.square_metres),
                    share=percent(sign * self.share_of_area, 1),
                )
            )
        return said


def not_found(label: str) -> str:
    """'No police force area found'."""
    return gettext("No %(label)s found", label=_small(label))


def gaps_of(areas: Sequence[Area], on: date, *, with_kind: str | None = None) -> list[Gap]:
    """The kinds whose areas do not cover a place exactly once on a day, in the order of kinds; one kind only if asked.

    Asked of kinds that should cover all land and of which some area of the place's nation is loaded for that day.
    """
    return gaps_of_each([areas], on, with_kind=with_kind)[0]


def gaps_of_each(places: Sequence[Sequence[Area]], on: date, *, with_kind: str | None = None) -> list[list[Gap]]:
    """The same for each of many places, in their order."""
    loaded = _loaded(on)
    held = _held({area.id for areas in places for area in areas}, on)
    each = []
    for areas in places:
        wanted = [kind for kind in _expected((area.code for area in areas), loaded) if with_kind in (None, kind.key)]
        wanted = [kind for kind in wanted if kind.key not in {area.kind for area in areas}]
        each.append(_gaps(areas, wanted, held) if areas and wanted else [])
    return each


#: what of an area those of a kind hold: square metres, the area's id, its share of the people (None where nobody is counted)
Part = tuple[float, int, float | None]


def _held(area_ids: Collection[int], on: date) -> dict[tuple[int, str], Part]:
    """What of each area the areas of each usual kind hold together, by its id and the kind."""
    usual = [kind.key for kind in _usual()]
    held: dict[tuple[int, str], Part] = {}
    for chunk in chunks(sorted(area_ids), 500):
        rows = (
            select(Area.kind, func.sum(AreaOverlap.square_metres), AreaOverlap.area_id, func.sum(AreaOverlap.share_of_people))
            .join(Area, Area.id == AreaOverlap.other_id)
            .where(AreaOverlap.area_id.in_(chunk), holds_on(on), Area.kind.in_(usual))
            .group_by(Area.kind, AreaOverlap.area_id)
            .order_by(Area.kind, AreaOverlap.area_id)
        )
        held |= {(area_id, key): (metres, area_id, part) for key, metres, area_id, part in db.session.execute(rows)}
    return held


def _gaps(areas: Sequence[Area], wanted: Sequence[AreaKind], held: Mapping[tuple[int, str], Part]) -> list[Gap]:
    """The kinds, of those wanted, that do not cover a place exactly once."""
    total = sum(area.square_metres for area in areas)
    counted = None if any(area.people is None for area in areas) else sum(area.people or 0 for area in areas)
    folk = {area.id: area.people or 0 for area in areas}
    found = []
    for kind in wanted:
        parts = [held[area.id, kind.key] for area in areas if (area.id, kind.key) in held]
        missing = total - sum(metres for metres, _, _ in parts)
        unknown = counted is None or any(part is None for _, _, part in parts)
        people = None if unknown else (counted or 0) - sum(folk[area_id] * (part or 0) for _, area_id, part in parts)
        share = people / counted if people is not None and counted else None
        found.append(Gap(kind.key, kind.label, missing, missing / total, None if people is None else round(people), share))
    return [gap for gap in found if _is_told(gap)]


def lacking_at(there: Collection[Known], on: date) -> list[str]:
    """The labels of the kinds that should cover all land, and of which no area holds a point on a day; none where nothing
    at all does, since the nation is not known then."""
    return _lacking(there, _loaded(on))


def _lacking(there: Collection[Known], loaded: set[tuple[str, str]]) -> list[str]:
    """The same, the kinds loaded for each nation being known."""
    kinds = {area.kind for area in there}
    return [kind_label(kind.key) for kind in _expected((area.code for area in there), loaded) if kind.key not in kinds]


def lacking_words(there: Collection[Known], on: date) -> list[str]:
    """'No police force area found', for each kind of which no area holds a point."""
    return [not_found(label) for label in lacking_at(there, on)]


def lacking_words_each(points: Sequence[Collection[Known]], on: date) -> list[list[str]]:
    """The same for each of many points, in their order."""
    loaded, known = _loaded(on), dict[frozenset[tuple[str, str]], list[str]]()
    each = []
    for there in points:
        key = frozenset((area.kind, area.code[:1]) for area in there)
        if key not in known:
            known[key] = [not_found(label) for label in _lacking(there, loaded)]
        each.append(known[key])
    return each


def _is_told(gap: Gap) -> bool:
    """Whether the shares miss 1 by more than drawing explains."""
    return abs(gap.share_of_area) > TOLERANCE or abs(gap.share_of_people or 0) > TOLERANCE


def _usual() -> list[AreaKind]:
    """The kinds that should cover all land."""
    return [kind for kind in rules().area_kinds.values() if kind.coverage and not kind.measuring_stick]


def _loaded(on: date) -> set[tuple[str, str]]:
    """The kinds with an area on the day, each with the letter of the nation it is in."""
    rows = select(Area.kind, func.substr(Area.code, 1, 1)).where(Area.kind.in_([kind.key for kind in _usual()]), holds_on(on))
    return {(kind, letter) for kind, letter in db.session.execute(rows.distinct().order_by(Area.kind))}


def _expected(codes: Iterable[str], loaded: set[tuple[str, str]]) -> list[AreaKind]:
    """The kinds that should cover the land of these codes' nations: those with an area there on the day."""
    letters = {code[:1] for code in codes}
    return [kind for kind in _usual() if any((kind.key, letter) in loaded for letter in letters)]


def _small(label: str) -> str:
    """A label within a sentence."""
    return label[:1].lower() + label[1:]
