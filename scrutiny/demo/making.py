"""The whole demonstration in its order: land, agencies, people, then every review told side by side."""

from __future__ import annotations

from datetime import datetime

from scrutiny.demo import (
    beginnings,
    buses,
    centre,
    challenging,
    children,
    counting,
    damp,
    every_method,
    gaps,
    mental_health,
    plans,
    signing_off,
    surgeries,
    two_councils,
)
from scrutiny.demo.agencies import found_agencies, found_bodies
from scrutiny.demo.layers import COUNTY_CODE, load_county
from scrutiny.demo.people import invite_people
from scrutiny.demo.storytelling import Loamshire, run_clock, tell
from scrutiny.reports.jobs import publish_area_report
from scrutiny.transaction import writes_now
from scrutiny.upkeep.service import mark_as_demo
from workflows.jobs import registered

STORIES = (
    buses.story,
    mental_health.story,
    damp.story,
    centre.story,
    beginnings.night_buses,
    signing_off.story,
    surgeries.story,
    children.story,
    beginnings.winter,
    *every_method.STORIES,
    beginnings.flooding,
    challenging.story,
    two_councils.story,
    plans.story,
    gaps.story,
)
#: How many days ago the instance was set up.
BEGAN = -540


def make(now: datetime) -> list[str]:
    """Make the demonstration as of a moment; what could not be made on this machine, in sentences."""
    county = Loamshire(now, {}, {}, {})
    at = county.at(BEGAN, 9)
    load_county(at)
    with writes_now():
        mark_as_demo()
        agencies = found_agencies(at)
        bodies = found_bodies(agencies, at)
        people = invite_people(agencies | bodies, at)
        counting.load_accounts(agencies, bodies, at)
        county.agencies = {key: row.id for key, row in agencies.items()}
        county.bodies = {key: row.id for key, row in bodies.items()}
        county.people = {key: row.id for key, row in people.items()}
    registered()["post_letters"](at=at)
    tell(STORIES, county)
    run_clock(now, remind=False)
    with writes_now():
        whole = county.place(COUNTY_CODE, at=now).id
    publish_area_report(whole, now)
    registered()["compose_area_reports"](at=now)
    registered()["post_letters"](at=now)
    return county.notes
