"""What is to come: Loamshire’s county and districts become two councils in the spring after next, with Harrowfield divided."""

from __future__ import annotations

from datetime import date

from scrutiny.demo.county import cells
from scrutiny.demo.layers import COUNTY_CODE, DISTRICT_CODES, small_areas
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.reorganisation import service
from scrutiny.reorganisation.plan_input import NewArea, Plan

NORTH, SOUTH = "E06999011", "E06999012"
DIVIDED = "Harrowfield"
#: days before the present at which it was prepared and staged
STAGED = -12


def story(county: Loamshire) -> Story:
    """The administrator prepares and stages it; nothing of today changes by it."""
    yield (at := county.at(STAGED, 15))
    by = county.by("ada")
    north, south = _halves()
    plan = Plan(
        title="Loamshire becomes two councils",
        on=date(county.today.year + 2, 4, 1),
        ending=(COUNTY_CODE, *(code for name, code in DISTRICT_CODES.items() if code.startswith("E07"))),
        new=(
            NewArea(NORTH, "North Loamshire", made_of=(*_codes("Marlbury", "Wendale", "Brackenford"), *north)),
            NewArea(SOUTH, "South Loamshire", made_of=(*_codes("Fenmere", "Stonewold"), *south)),
        ),
        legal_from=date(county.today.year + 1, 5, 6),
        elected_from=date(county.today.year + 1, 5, 6),
    )
    service.stage(service.prepare(plan, by=by, at=at), by=by, at=at)


def _codes(*names: str) -> list[str]:
    """The codes of districts."""
    return [DISTRICT_CODES[name] for name in names]


def _halves() -> tuple[list[str], list[str]]:
    """The small areas of the divided district: those north of its middle, and the rest."""
    inside = [(code, cell) for code, _, cell in small_areas() if cell.district == DIVIDED]
    rows = sorted(cell.step[1] for cell in cells() if cell.district == DIVIDED)
    middle = rows[len(rows) // 2]
    return ([code for code, cell in inside if cell.step[1] > middle], [code for code, cell in inside if cell.step[1] <= middle])
