"""Gaps of Wendale that the committee has noted: one being looked at, one that stands, and one it accepts."""

from __future__ import annotations

from typing import Final

from scrutiny.areas.queries import area_on
from scrutiny.areas.service import place_of
from scrutiny.demo.layers import DISTRICT_CODES
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.formats import london_day
from scrutiny.gaps import register
from scrutiny.gaps.found import Asked, Reading, gaps_of_place
from scrutiny.gaps.register import Details, Ending
from workflows.lifecycles.gap import ACCEPTED

#: Service, why it matters, what will be done, and whether the public reads it.
NOTED: Final = (
    ("general-practice", "Two of five surgeries have closed their lists.", "Put it in the plan for the spring.", True),
    ("highways", "Potholes are what people write to us about most.", "Ask the county for its survey of roads.", True),
    ("trading-standards", "Nobody has complained of it.", "Look again in two years.", False),
)


def story(county: Loamshire) -> Story:
    """The committee notes three gaps of Wendale, looks at the first and accepts the last."""
    yield (at := county.at(-12))
    by, area = county.by("olwen", "osc"), area_on(DISTRICT_CODES["Wendale"], county.today)
    found = gaps_of_place(area.name, [area], Asked(), Reading(by, london_day(at), county.today)).gaps
    noted = [
        register.note_gap(
            next(gap for gap in found if gap.service == service),
            place_of([area], at=at),
            Details(why, todo, county.day(90), is_public),
            by=by,
            at=at,
        )
        for service, why, todo, is_public in NOTED
    ]
    yield (at := county.at(-9))
    register.move_entry(noted[0], "look", seen=None, by=by, at=at)
    accepted = Ending(ACCEPTED, "The county reports on it every year.", "")
    register.close_entry(noted[-1], accepted, seen=None, by=by, at=at)
