"""A review of each method the other stories do not use: a call-in, a spotlight and a partnership run, the rest are planned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from scrutiny.asking import attending
from scrutiny.asking import service as requests
from scrutiny.demo.deeds import opened
from scrutiny.demo.layers import CITY_CODE, COUNTY_CODE, DISTRICT_CODES
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.formats import london_day
from scrutiny.reviews import service as reviews


def libraries(county: Loamshire) -> Story:
    """A decision called in last week: everybody who is to be heard has been asked, and the council to attend the meeting."""
    yield (at := county.at(-5, 9))
    review = opened(
        county,
        title="Three libraries to close: the decision called in",
        place=county.place(COUNTY_CODE, at=at),
        lead="osc",
        officer="olwen",
        at=at,
        method="call-in",
        reason="Seven members say that the people who use the three libraries were not asked.",
        in_scope="How the decision was made, and on what figures.",
        out_of_scope="The libraries that stay.",
    )
    yield (at := county.at(-4, 15))
    meeting = attending.Asked(
        held_on=_weekday(county.today + timedelta(days=21)),
        begins="6pm",
        place="Council chamber, County Hall",
        about="How residents were asked before three libraries were to close",
        whom="the director for communities",
        why="The members who called the decision in want to hear it from whoever made it.",
    )
    by = county.by("olwen", "osc")
    drafts = requests.draft_requests(review, by=by, at=at)
    attending.ask_to_attend(review, [county.agency("county")], meeting, line=review.open_lines[0], by=by, at=at)
    requests.issue_requests(review, drafts, by=by, at=at)


def _weekday(on: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return on + timedelta(days=(7 - on.weekday()) % 7 if on.weekday() > 4 else 0)


def badges(county: Loamshire) -> Story:
    """A spotlight session being made ready: the drafts lie there."""
    yield (at := county.at(-6, 14))
    review = opened(
        county,
        title="Waiting for a blue badge in Wendale",
        place=county.place(DISTRICT_CODES["Wendale"], at=at),
        lead="osc",
        officer="olwen",
        at=at,
        method="spotlight",
        reason="A badge takes fourteen weeks in Wendale and five in Marlbury.",
        in_scope="From asking to the badge in the post.",
    )
    requests.draft_requests(review, by=county.by("olwen", "osc"), at=at)


def partnership(county: Loamshire) -> Story:
    """The community safety partnership of a district, opened and about to ask."""
    yield (at := county.at(-9, 11))
    review = opened(
        county,
        title="Harrowfield’s safety partnership",
        lead="osc",
        officer="olwen",
        at=at,
        method="crime-and-disorder",
        place=county.place(DISTRICT_CODES["Harrowfield"], at=at),
        reason="The partnership has to be looked at once a year, and burglary in Harrowfield has doubled.",
        in_scope="What the partnership’s members do together.",
        out_of_scope="What the police do in any one case.",
    )
    requests.draft_requests(review, by=county.by("olwen", "osc"), at=at)


def _planned(
    title: str, method: str, lead: str, officer: str, partners: tuple[str, ...], codes: tuple[str, ...], days: int, reason: str
) -> Callable[[Loamshire], Story]:
    """The story of a review that is entered and begins some days from now; nothing is announced."""

    def story(county: Loamshire) -> Story:
        yield (at := county.at(-12, 10))
        reviews.plan_review(
            title=title,
            place=county.place(*codes, at=at),
            place_on=london_day(at),
            method_key=method,
            lead=county.body(lead),
            partners=[county.body(key) for key in partners],
            starts_on=county.day(days) + timedelta(days=3),
            reason=reason,
            by=county.by(officer, lead),
            at=at,
        )

    return story


STORIES = (
    libraries,
    badges,
    partnership,
    _planned(
        "Moving births from Fenmere to Loamchester",
        "health-variation",
        "joint",
        "tomasz",
        ("osc",),
        (COUNTY_CODE, CITY_CODE),
        21,
        "Both health boards propose one maternity unit where there are two.",
    ),
    _planned(
        "Buses across the city’s edge",
        "joint-scrutiny",
        "joint",
        "tomasz",
        ("osc",),
        (COUNTY_CODE, CITY_CODE),
        49,
        "Two councils pay for buses that stop at the line between them.",
    ),
    _planned(
        "Loamshire as a whole: the year’s assessment",
        "area-assessment",
        "learning",
        "leo",
        ("care",),
        (COUNTY_CODE, CITY_CODE),
        63,
        "Five inspections were planned here in one year by two inspectorates.",
    ),
    _planned(
        "What is spent on people who leave prison",
        "total-place",
        "osc",
        "olwen",
        ("joint", "care"),
        (COUNTY_CODE, CITY_CODE),
        77,
        "Eleven agencies meet the same three hundred people, and none counts the whole cost.",
    ),
)
