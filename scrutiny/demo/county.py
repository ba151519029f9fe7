"""The county of Loamshire drawn from plain arithmetic: cells that meet exactly, gathered into districts and boards."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from random import Random

Point = tuple[float, float]
Ring = list[Point]
#: A corner or centre on the lattice, in whole steps, so that neighbours share their corners exactly.
Step = tuple[int, int]

SIDE = 1_750.0
#: metres; a cell is a hexagon of this side before it is shaken and drawn together around towns
RADIUS = 27_600.0
MIDDLE = (461_000.0, 287_000.0)
#: where the county lies on the National Grid
CITY = "Loamchester"
CITY_AT, CITY_RADIUS = (-3_000.0, -1_000.0), 12_200.0
#: The market town of each district, in metres from the middle of the county.
TOWNS = {
    "Marlbury": (3_500.0, 19_000.0),
    "Wendale": (19_000.0, 10_500.0),
    "Harrowfield": (18_500.0, -9_500.0),
    "Fenmere": (2_000.0, -20_000.0),
    "Stonewold": (-17_500.0, -12_500.0),
    "Brackenford": (-16_500.0, 12_500.0),
}
WEST, EAST = "West Loamshire", "East Loamshire"
CORNERS = ((1, 1), (0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1))
#: around a cell against the clock, in half steps


@dataclass(frozen=True, slots=True)
class Cell:
    """One small area: its step on the lattice, the district and the health board it lies in, and who lives there."""

    step: Step
    district: str
    board: str
    people: int

    @property
    def corners(self) -> list[Step]:
        """Its six corners against the clock."""
        return [(self.step[0] + x, self.step[1] + y) for x, y in CORNERS]


@cache
def cells() -> tuple[Cell, ...]:
    """Every small area of the county, row by row from the south."""
    return tuple(sorted(_cells(), key=lambda cell: (cell.step[1], cell.step[0])))


def _cells() -> Iterator[Cell]:
    """The cells whose middle lies within the county's wavering edge."""
    for row in range(-12, 13):
        for column in range(-24, 25):
            step = (2 * column + row, 3 * row)
            x, y = _on_the_plain(step)
            if math.hypot(x, y) < _reach(math.atan2(y, x)):
                district = _district(x, y)
                yield Cell(step, district, _board(x, y, district), _people(step, x, y, district))


def _reach(angle: float) -> float:
    """How far the county stretches in a direction, in metres."""
    return RADIUS * (1 + 0.13 * math.sin(2 * angle + 0.6) + 0.07 * math.sin(3 * angle) + 0.05 * math.sin(5 * angle + 1))


def _district(x: float, y: float) -> str:
    """The city near its middle; elsewhere the district of the nearest town."""
    if math.dist((x, y), CITY_AT) < CITY_RADIUS:
        return CITY
    return min(TOWNS, key=lambda name: (math.dist((x, y), TOWNS[name]), name))


def _board(x: float, y: float, district: str) -> str:
    """The health board: the city is wholly in the west, and the line between the boards follows no council."""
    return WEST if district == CITY or x + 2_500 * math.sin(y / 5_000) < 2_800 else EAST


def _people(step: Step, x: float, y: float, district: str) -> int:
    """How many people live in a cell: more in the city and the towns."""
    near = min(math.dist((x, y), town) for town in TOWNS.values())
    least, most = (1_600, 3_100) if district == CITY else (1_400, 2_500) if near < 5_000 else (650, 1_550)
    return Random(f"people {step}").randrange(least, most)


def _on_the_plain(step: Step) -> Point:
    """A step of the lattice in metres from the middle, before it is drawn together around towns."""
    return step[0] * SIDE * math.sqrt(3) / 2, step[1] * SIDE / 2


@cache
def corner(step: Step) -> Point:
    """A corner, shaken a little, always the same way."""
    chance = Random(f"corner {step}")
    x, y = _on_the_plain(step)
    return x + chance.uniform(-0.2, 0.2) * SIDE, y + chance.uniform(-0.2, 0.2) * SIDE


@cache
def _edge(one: Step, other: Step) -> tuple[Point, ...]:
    """The points from one corner to the other, the last left out; drawn once, and read backwards by the neighbour."""
    if one > other:
        forth = _edge(other, one)
        return (placed(corner(one)), *reversed(forth[1:]))
    (x0, y0), (x1, y1) = corner(one), corner(other)
    chance = Random(f"edge {one} {other}")
    points = [(x0, y0)]
    for part in (0.2, 0.4, 0.6, 0.8):
        aside = chance.uniform(-0.08, 0.08)
        points.append((x0 + part * (x1 - x0) - aside * (y1 - y0), y0 + part * (y1 - y0) + aside * (x1 - x0)))
    return tuple(placed(point) for point in points)


def placed(point: Point) -> Point:
    """A point on the National Grid, to a tenth of a metre: land is drawn together around towns, where cells are small."""
    x, y = point
    moved_x, moved_y = x, y
    for (town_x, town_y), pull, wide in [(CITY_AT, 0.68, 8_500), *((town, 0.5, 4_000) for town in TOWNS.values())]:
        strength = pull * math.exp(-((x - town_x) ** 2 + (y - town_y) ** 2) / (2 * wide**2))
        moved_x, moved_y = moved_x + (town_x - x) * strength, moved_y + (town_y - y) * strength
    return round(MIDDLE[0] + moved_x, 1), round(MIDDLE[1] + moved_y, 1)


def outline(area: Collection[Cell]) -> list[list[Ring]]:
    """The polygons of several cells together, each an outer ring and its holes: shared edges are dropped, the rest chained."""
    edges = {pair for cell in area for pair in zip(cell.corners, [*cell.corners[1:], cell.corners[0]], strict=True)}
    after = {start: end for start, end in sorted(edges) if (end, start) not in edges}
    rings = []
    while after:
        start = first = min(after)
        ring: Ring = []
        while first in after:
            last, first = first, after.pop(first)
            ring.extend(_edge(last, first))
        assert first == start, "an edge of the county leads nowhere"
        rings.append([*ring, ring[0]])
    outers = [[ring] for ring in rings if _signed(ring) > 0]
    for hole in (ring for ring in rings if _signed(ring) < 0):
        next(polygon for polygon in outers if _holds(polygon[0], hole[0])).append(hole)
    return outers


def points_in(cell: Cell) -> list[Point]:
    """Three points inside a cell, where its postcodes are."""
    corners = [corner(step) for step in cell.corners]
    x, y = sum(p[0] for p in corners) / 6, sum(p[1] for p in corners) / 6
    return [placed((x + 0.35 * (corners[n][0] - x), y + 0.35 * (corners[n][1] - y))) for n in (0, 2, 4)]


def by_district() -> dict[str, list[Cell]]:
    """The cells of each district, the city first."""
    found: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells():
        found[cell.district].append(cell)
    return {name: found[name] for name in (CITY, *TOWNS)}


def _signed(ring: Ring) -> float:
    """Twice the area of a ring; negative where it runs with the clock, as a hole does."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))


def _holds(ring: Ring, point: Point) -> bool:
    """Whether a point lies within a ring, counted by the edges to its right."""
    x, y = point
    crossed = 0
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            crossed += 1
    return crossed % 2 == 1
