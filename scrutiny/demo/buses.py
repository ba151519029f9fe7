"""A review that is over: buses and getting to care in Fenmere and Stonewold, reported, followed up and closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from scrutiny.demo.deeds import (
    accepted,
    all_answered,
    asked,
    facts_checked,
    file_of,
    item_of,
    lines_of,
    opened,
    quoted,
    recommended,
    reported,
    responded,
    scheduled,
    settled,
)
from scrutiny.demo.layers import DISTRICT_CODES
from scrutiny.demo.papers import Sheets, table, workbook
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.findings import service as findings
from scrutiny.findings.models import Finding
from scrutiny.formats import london_day
from scrutiny.recommendations import queries as recommendation_queries
from scrutiny.recommendations import service as recommendations
from scrutiny.recommendations.approvals import Progress
from scrutiny.reports import service as reports
from scrutiny.reports import signing
from scrutiny.reviews import service as reviews
from scrutiny.reviews.models import Review

LEAD, OFFICER = "osc", "olwen"
MISSED: Sheets = {
    "Missed appointments": (
        ("Where patients live", "Appointments", "Missed", "Share missed"),
        [("Fenmere", 18_420, 2_631, "14%"), ("Stonewold", 21_377, 2_779, "13%"), ("Rest of Loamshire", 96_502, 8_685, "9%")],
    ),
    "Clinic times": (
        ("Clinic", "Begins", "How often"),
        [("Morning", "9am", "Each weekday"), ("Evening", "5:30pm", "Once a month")],
    ),
}
ARRIVALS = (
    ("Route", "From", "First bus reaches the hospital", "Last bus leaves it"),
    (("14", "Fenmere", "10:05am", "6:10pm"), ("17", "Stonewold", "10:15am", "5:55pm")),
)
SUMMARY = (
    "People in Fenmere and Stonewold miss more hospital appointments than people elsewhere in Loamshire. Morning clinics begin "
    "more than an hour before the first bus arrives, and the last bus leaves soon after evening clinics begin. We make seven "
    "recommendations to put that right."
)
#: agency, the finding it follows from, what is asked, how it will be known to be done, what the agency answered and how
WANTED = (
    (
        "trust",
        "morning",
        "Offer patients from these two districts no clinic before 10:30am until an earlier bus runs.",
        "No appointment before 10:30am is offered to them while the first bus arrives after 9am.",
        ("accept", "Accepted. Clinics for these patients begin at 10:40am from April."),
    ),
    (
        "county",
        "morning",
        "Time the first 14 and the first 17 bus to reach the hospital before 9am.",
        "Both timetables are changed.",
        ("accept", "Accepted by the cabinet member for transport."),
    ),
    (
        "west-icb",
        "morning",
        "Pay for community transport to the hospital on clinic mornings.",
        "A bus runs from each district on each clinic morning.",
        ("reject", "There is no money for it this year, and the changes to buses should be tried first."),
    ),
    (
        "trust",
        "evening",
        "Hold two evening clinics a week for patients from these two districts.",
        "The list of clinics shows two a week.",
        ("accept_in_part", "We will hold one a week from May. There is no staff for a second."),
    ),
    (
        "county",
        "evening",
        "Run the 14 and the 17 until half an hour after the last evening clinic.",
        "Both timetables show a bus half an hour after the clinic ends.",
        ("accept", "Accepted, if the bus company can find the drivers."),
    ),
    (
        "west-icb",
        "morning",
        "Pay for a taxi where a patient from these two districts cannot reach a clinic by bus.",
        "A scheme is open to patients from both districts.",
        ("accept", "Accepted. We will draft a scheme with the trust."),
    ),
    (
        "trust",
        "morning",
        "Show the times of the 14 and the 17 on the screens at the Fenmere health centre.",
        "The screens show them.",
        ("note", "The screens belong to our landlord. We will answer when we have asked."),
    ),
)
#: the recommendation (its place above), who reports, how it stands, in what words
RETURNS = (
    (0, "trust", "achieved", "No clinic for these patients has begun before 10:40am since April."),
    (1, "county", "achieved", "The first 14 has reached the hospital at 8:45am since May, and the first 17 at 8:50am."),
    (3, "trust", "achieved", "An evening clinic has been held each Tuesday since May."),
    (4, "county", "not-achieved", "The bus company could not find drivers for the evening and has withdrawn its offer."),
    (5, "west-icb", "on-track", "The draft scheme is with the finance committee."),
)
#: the recommendation, how the committee ended it, its reason, what it saw
ENDS = (
    (0, "verify", "The trust’s lists of clinics show none for these patients before 10:40am.", "Lists of clinics to September."),
    (1, "verify", "Both timetables were changed in May. An officer took each bus.", "The timetables of the 14 and the 17."),
    (
        2,
        "close_not_accepted",
        "The board has told us twice that it will not pay for this. We think it should, and our report still says so.",
        "",
    ),
    (
        3,
        "close_partly_done",
        "There is one evening clinic a week, and there is to be no second.",
        "Lists of clinics, May to September.",
    ),
    (4, "close_not_done", "Neither timetable shows a bus after 6:10pm, and the council has no other plan.", ""),
    (6, "stop_tracking", "The Fenmere health centre closed in March, so there are no screens to show the times.", ""),
)


def story(county: Loamshire) -> Story:
    """From opening, well over a year ago, to its closing last month."""
    yield (at := county.at(-520, 9))
    place = county.place(DISTRICT_CODES["Fenmere"], DISTRICT_CODES["Stonewold"], at=at)
    review = opened(
        county,
        title="Buses and getting to care in Fenmere and Stonewold",
        place=place,
        lead=LEAD,
        partners=("joint",),
        officer=OFFICER,
        at=at,
        reason="The trust told the committee that people from these two districts miss about one hospital appointment in seven.",
        in_scope="Buses, community transport and the times of clinics.",
        out_of_scope="Ambulances, and trains.",
    )
    yield (at := county.at(-505))
    asked(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-485, 15))
    files = {
        "trust/trust-access": [workbook("Missed appointments", MISSED)],
        "county/council-performance": [table("Buses to the hospital", *ARRIVALS)],
    }
    all_answered(county, review, OFFICER, LEAD, at, files=files)
    yield (at := county.at(-470))
    accepted(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-410))
    by = county.by(OFFICER, LEAD)
    found = _find(county, review, at)
    yield from facts_checked(county, review, OFFICER, LEAD, (-409, -399))
    yield (at := county.at(-395))
    settled(county, list(found.values()), OFFICER, LEAD, at)
    for agency, finding, text, measure, _ in WANTED:
        done_by = london_day(at) + timedelta(days=300)
        recommended(county, review, agency, text, measure, [found[finding]], OFFICER, LEAD, at, done_by=done_by)
    report = reports.begin_report(review)
    reports.write_summary(report, SUMMARY, by=by, at=at)
    yield (at := county.at(-380, 19))
    signing.sign(
        review, review.lead, office="Chair", votes=(9, 0, 0), meeting_on=london_day(at), by=county.by("amrit", LEAD), at=at
    )
    yield (at := county.at(-373))
    release = county.at(-360, 9, 30)
    scheduled(report, release, by=by, at=at)
    yield release
    if review.state != "reported":
        return
    yield from _follow(county, review)
    yield (at := county.at(-32))
    reviews.close_review(review, by=county.by("amrit", LEAD), at=at)


def _find(county: Loamshire, review: Review, at: datetime) -> dict[str, Finding]:
    """Two findings: what is cited in each says what the finding says."""
    by = county.by(OFFICER, LEAD)
    access = item_of(county, review, "trust", "trust-access")
    buses = item_of(county, review, "county", "council-performance")
    missed, arrivals = file_of(access, ".xlsx"), file_of(buses, ".csv")
    morning = findings.draft_finding(
        review,
        title="Morning clinics begin before the first bus arrives",
        text="People from Fenmere miss 14% of their hospital appointments, one in seven, and people from Stonewold 13%. In the "
        "rest of Loamshire it is 9%. Morning clinics begin at 9am. The first bus from Fenmere reaches the hospital at 10:05am, "
        "and the first from Stonewold at 10:15am.",
        lines=lines_of(review, "need", "together"),
        by=by,
        at=at,
    )
    for words, cell in (
        ("14%", "Missed appointments!D2"),
        ("13%", "Missed appointments!D3"),
        ("9%", "Missed appointments!D4"),
        ("9am", "Clinic times!B2"),
    ):
        quoted(county, morning, access, words, OFFICER, LEAD, at, file=missed, cell=cell)
    for words, cell in (("10:05am", "C2"), ("10:15am", "C3")):
        quoted(county, morning, buses, words, OFFICER, LEAD, at, file=arrivals, cell=cell)
    evening = findings.draft_finding(
        review,
        title="Evening clinics halve the number missed, but few can get home from one",
        text="Where evening clinics are offered, the share of appointments missed falls by half. They are held once a "
        "month and begin at 5:30pm. The last bus to Stonewold leaves at 5:55pm and the last to Fenmere at 6:10pm.",
        lines=lines_of(review, "reach"),
        by=by,
        at=at,
    )
    quoted(county, evening, access, "where we offer evening clinics the figure falls by half", OFFICER, LEAD, at)
    for words, cell in (("5:30pm", "Clinic times!B3"), ("Once a month", "Clinic times!C3")):
        quoted(county, evening, access, words, OFFICER, LEAD, at, file=missed, cell=cell)
    for words, cell in (("6:10pm", "D2"), ("5:55pm", "D3")):
        quoted(county, evening, buses, words, OFFICER, LEAD, at, file=arrivals, cell=cell)
    for finding in (morning, evening):
        findings.propose_finding(finding, by=by, at=at)
    return {"morning": morning, "evening": evening}


def _follow(county: Loamshire, review: Review) -> Story:
    """What each agency answered and did, and how the committee ended each recommendation: once in every way there is."""
    by = county.by(OFFICER, LEAD)
    yield (at := county.at(-330))
    rows = [row.addressees[0] for row in recommendation_queries.of_review(review.id)]
    for addressee, (agency, *_, (move, words)) in zip(rows, WANTED, strict=True):
        responded(county, addressee, agency, (move, words), at)
    yield (at := county.at(-150))
    for n, agency, status, words in RETURNS:
        reported(county, rows[n], agency, Progress(status, words), at)
    yield (at := county.at(-60))
    for n, move, why, seen in ENDS:
        recommendations.settle_response(rows[n], move, recommendations.Check(why, seen), by=by, at=at)
    yield (at := county.at(-40))
    wider = next((row for row in recommendation_queries.replacing(rows[5]) if row.text.startswith("Pay for travel")), None)
    if wider is not None:
        why = "Our later report asks the board for one scheme for its whole area."
        check = recommendations.Check(why, replaced_by=wider)
        recommendations.settle_response(rows[5], "supersede", check, by=by, at=at)
