"""The gaps of a place, or of every place of a layer, for one reader; a constant number of statements for either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scrutiny.agencies.answering import Answering, answering, answering_each
from scrutiny.areas.models import Area
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import bodies_by_name
from scrutiny.gaps.looks import looks_at
from scrutiny.rules.queries import rules
from workflows.gaps import Answerer, Asker, Facts, Gap, GapFinder
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about: one service, one kind of gap ('' for all), and a number of years over those of the file."""

    service: str = ""
    kind: str = ""
    years: int | None = None

    def holds(self, gap: Gap) -> bool:
        """Whether a gap is among what is asked about."""
        return self.service in ("", gap.service) and self.kind in ("", gap.kind)


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, today, and the day whose boundaries, agencies and law are read."""

    by: Actor
    today: date
    on: date


@dataclass(frozen=True, slots=True)
class PlaceGaps:
    """The gaps of a place, with the agencies that answer there by id."""

    name: str
    code: str
    gaps: tuple[Gap, ...]
    agencies: Mapping[int, Answering]
    people: int | None = None

    def agency(self, gap: Gap) -> Answering | None:
        """The agency of a gap; None where it is that there is none."""
        return None if gap.agency is None else self.agencies.get(gap.agency)

    def count(self, kind: str) -> int:
        """How many gaps are of a kind."""
        return sum(gap.kind == kind for gap in self.gaps)


def gaps_of_place(name: str, areas: Sequence[Area], asked: Asked, reading: Reading) -> PlaceGaps:
    """The gaps of a place of one or more areas."""
    here = answering([area.id for area in areas], reading.on)
    return next(_found([(name, areas, here)], asked, reading))


def gaps_of_layer(areas: Sequence[Area], asked: Asked, reading: Reading) -> list[PlaceGaps]:
    """The gaps of each area of a layer, in the order of the areas."""
    each = answering_each([area.id for area in areas], reading.on)
    return list(_found([(area.name, [area], each[area.id]) for area in areas], asked, reading))


def _found(
    places: Sequence[tuple[str, Sequence[Area], Sequence[Answering]]], asked: Asked, reading: Reading
) -> Iterator[PlaceGaps]:
    """The gaps of some places: what is recorded is read once for all of them."""
    looks = looks_at([area for _, areas, _ in places for area in areas], reading.by, reading.today)
    bodies = bodies_by_name(on=reading.on)
    held = rules()
    finder = GapFinder(held.gap_choices, held.services, held.powers, reading.on, asked.years)
    for name, areas, here in places:
        facts = Facts(
            _nations(areas),
            [Answerer(one.agency_id, one.kind, one.nation, one.services, one.share_of_area) for one in here],
            looks.of(areas),
            _askers(bodies, {one.agency_id for one in here}),
        )
        gaps = tuple(gap for gap in finder.find(facts) if asked.holds(gap))
        counted = [area.people for area in areas]
        people = None if None in counted else sum(one or 0 for one in counted)
        yield PlaceGaps(name, "+".join(area.code for area in areas), gaps, {one.agency_id: one for one in here}, people)


def _nations(areas: Sequence[Area]) -> frozenset[str]:
    """The nations of some areas."""
    kinds = rules().area_kinds
    found = (kinds[area.kind].nation_of(area.code) for area in areas if area.kind in kinds)
    return frozenset(nation for nation in found if nation is not None)


def _askers(bodies: Sequence[Body], here: set[int]) -> list[Asker]:
    """The bodies that work in a place: those of agencies that answer there, and those that sit in none, such as inspectorates."""
    return [
        Asker(body.kind, body.nation, body.host_agency_id, body.host_agency.kind if body.host_agency else None)
        for body in bodies
        if body.host_agency_id is None or body.host_agency_id in here
    ]
