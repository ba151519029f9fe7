"""Reviews that have hardly begun, or never did: drafts not yet issued, one planned for later, one withdrawn."""

from __future__ import annotations

from datetime import timedelta

from scrutiny.asking import service as requests
from scrutiny.conduct import withdrawing
from scrutiny.demo.deeds import asked, item_of, kept, lines_of, opened
from scrutiny.demo.layers import CITY_CODE, COUNTY_CODE, DISTRICT_CODES
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.formats import london_day
from scrutiny.reviews import service as reviews


def flooding(county: Loamshire) -> Story:
    """Just opened: the drafts lie ready, one agency and one item are left out, and a councillor has proposed a question."""
    yield (at := county.at(-4, 9))
    place = county.place(DISTRICT_CODES["Wendale"], DISTRICT_CODES["Harrowfield"], at=at)
    review = opened(
        county,
        title="Flooding along the Wend",
        subject="flood",
        place=place,
        lead="osc",
        partners=("joint",),
        officer="olwen",
        at=at,
        reason="Four hundred homes were flooded in the new year, for the second time in three winters.",
        in_scope="Warnings, drains, the river and what is done for people afterwards.",
        out_of_scope="Insurance.",
    )
    by = county.by("olwen", "osc")
    reviews.add_line(
        review, title="Warnings", text="Who is warned, how long before the water comes, and who is not?", by=by, at=at
    )
    yield (at := county.at(-3))
    drafts = {draft.agency_id: draft for draft in requests.draft_requests(review, by=by, at=at)}
    requests.drop_request(
        drafts[county.agencies["probation"]], why="It has no part in floods; the police answer for evacuation.", by=by, at=at
    )
    first = drafts[county.agencies["jobcentre"]].items[0]
    requests.drop_item(first, why="What is spent on benefits says nothing of floods.", by=by, at=at)
    yield (at := county.at(-2, 19))
    reviews.propose_question(
        review,
        line=lines_of(review, "need")[0],
        text="How many of the people who were moved out have not come home?",
        why="Eleven households in my division still live in a hotel.",
        by=county.by("joan", "osc"),
        at=at,
    )


def winter(county: Loamshire) -> Story:
    """Planned: the joint committee will look at leaving hospital in winter; nothing is announced."""
    yield (at := county.at(-15))
    place = county.place(COUNTY_CODE, CITY_CODE, at=at)
    reviews.plan_review(
        title="Leaving hospital in winter",
        subject="health",
        place=place,
        place_on=london_day(at),
        method_key="council-task-and-finish",
        lead=county.body("joint"),
        partners=[county.body("osc")],
        starts_on=county.today + timedelta(days=35),
        reason="Ninety beds a day were taken last winter by people well enough to go home.",
        in_scope="Discharge from the two general hospitals, and care at home for the six weeks after.",
        by=county.by("tomasz", "joint"),
        at=at,
    )


def night_buses(county: Loamshire) -> Story:
    """Withdrawn: a review of night buses, overtaken by the company's own change of mind."""
    yield (at := county.at(-100, 9))
    place = county.place(DISTRICT_CODES["Brackenford"], at=at)
    review = opened(
        county,
        title="The end of the night bus to Brackenford",
        place=place,
        lead="osc",
        officer="olwen",
        at=at,
        reason="The last bus was to stop at seven in the evening.",
        in_scope="Buses after seven in the evening.",
    )
    yield (at := county.at(-92))
    asked(county, review, "olwen", "osc", at)
    yield (at := county.at(-88))
    kept(county, item_of(county, review, "county", "council-strategy"), "county", at)
    yield (at := county.at(-80))
    withdrawing.withdraw_now(
        review,
        why="The company has kept the bus and signed for three years, so there is nothing left to look into.",
        by=county.by("amrit", "osc"),
        at=at,
    )
