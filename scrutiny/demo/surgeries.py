"""A committee's review in full flow: seeing a doctor in Wendale, with answers in, late, returned, refused and awaited."""

from __future__ import annotations

from datetime import date, timedelta

from scrutiny.answering import service as answering
from scrutiny.asking import service as requests
from scrutiny.asking.drafting import revise_item
from scrutiny.demo.deeds import by_post, item_of, kept, opened, request_to, sent
from scrutiny.demo.layers import DISTRICT_CODES
from scrutiny.demo.papers import Sheets, workbook
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.reviews.models import Review

LEAD, OFFICER = "osc", "olwen"
SEEN: Sheets = {
    "By quarter": (("Quarter", "Seen", "Waited over 18 weeks"), [("Spring", 341, 41), ("Summer", 356, 52), ("Autumn", 330, 58)])
}
#: Days from today on which an agency is asked to answer, where the committee wants it sooner than the law gives;
#: the jobcentre, asked first, is so late that the chair's letter waits to be approved.
WANTED = {"trust": 3, "east-icb": -2, "fire": 5, "jobcentre": -20}


def story(county: Loamshire) -> Story:
    """From opening a month ago to what lies on the officer's desk today."""
    yield (at := county.at(-30, 9))
    review = opened(
        county,
        title="Seeing a doctor in Wendale",
        subject="health",
        place=county.place(DISTRICT_CODES["Wendale"], at=at),
        lead=LEAD,
        partners=("joint", "care"),
        officer=OFFICER,
        at=at,
        reason="Two of the five surgeries have closed their lists, and a third will lose its building in the spring.",
        in_scope="Appointments, buildings and the journey to them.",
        out_of_scope="Dentists and pharmacies.",
    )
    yield (at := county.at(-29))
    by = county.by(OFFICER, LEAD)
    drafts = requests.draft_requests(review, by=by, at=at)
    keys = {n: key for key, n in county.agencies.items()}
    for draft in drafts:
        days = WANTED.get(keys[draft.agency_id])
        for item in draft.items if days is not None else ():
            revise_item(item, seen=None, wanted_on=_working_day(county.today + timedelta(days=days or 0)), by=by, at=at)
    first = [draft for draft in drafts if keys[draft.agency_id] == "jobcentre"]
    requests.issue_requests(review, first, by=by, at=at)
    yield (at := county.at(-22))
    requests.issue_requests(review, [draft for draft in drafts if draft not in first], by=by, at=at)
    yield (at := county.at(-13, 11))
    _first_answers(county, review)
    yield (at := county.at(-9, 15))
    _what_is_not_given(county, review)
    yield (at := county.at(-6))
    for key in ("council-strategy", "needs-assessment", "spend-in-place"):
        requests.accept_item(item_of(county, review, "county", key), by=by, at=at)
    requests.return_item(
        item_of(county, review, "county", "council-complaints"), why="Please say how many were about surgeries.", by=by, at=at
    )
    yield (at := county.at(-4, 16))
    late = request_to(county, review, "trust")
    answering.ask_extension(
        late, county.today + timedelta(days=12), "Our analyst is away until Monday week.", by=county.by("grace", "trust"), at=at
    )
    answering.ask_question(
        request_to(county, review, "police"),
        "Do you mean incidents at surgeries only, or on the way to them too?",
        by=county.by("rhys", "police"),
        at=at,
    )


def _working_day(on: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return on - timedelta(days=max(0, on.weekday() - 4))


def _first_answers(county: Loamshire, review: Review) -> None:
    """The council sends everything, the trust half, the district writes by post, the jobcentre rings."""
    at = county.at(-13, 11)
    council = list(request_to(county, review, "county").items)
    for item in council:
        kept(county, item, "county", at)
    sent(county, council, "county", at, hours=11)
    waits = item_of(county, review, "trust", "trust-waiting")
    kept(county, waits, "trust", at, files=[workbook("Seen and waiting", SEEN)])
    sent(county, [waits], "trust", at, hours=3)
    kept(county, item_of(county, review, "trust", "trust-access"), "trust", at)
    by_post(county, list(request_to(county, review, "wendale").items)[:3], OFFICER, LEAD, at)
    by_post(county, [item_of(county, review, "jobcentre", "claimants")], OFFICER, LEAD, at, came_by="telephone")


def _what_is_not_given(county: Loamshire, review: Review) -> None:
    """The police hold nothing on one item and refuse another; the fire authority says who holds a third."""
    at = county.at(-9, 15)
    police, fire = county.by("rhys", "police"), county.by("finn", "fire")
    answering.say_not_held(
        item_of(county, review, "police", "earlier-recommendations"),
        "Nobody has recommended anything to us about surgeries.",
        by=police,
        at=at,
    )
    answering.refuse_item(
        item_of(county, review, "police", "police-vulnerability"),
        "Section 31 of the Freedom of Information Act: the statement would tell where officers are few at night.",
        by=police,
        at=at,
    )
    said = [item_of(county, review, "police", key) for key in ("earlier-recommendations", "police-vulnerability")]
    boss, seen_at = county.by("dee", "police"), at + timedelta(hours=1)
    answering.decide(said[0].request, [answering.Decision(one) for one in said], by=boss, at=seen_at)
    answering.redirect_item(
        item_of(county, review, "fire", "fire-partners"),
        "Loamshire County Council, adult social care",
        why="Referrals are counted by the council’s desk, which receives them.",
        by=fire,
        at=at,
    )
