"""A review that is over: buses and getting to care in Fenmere and Stonewold, reported, followed up and closed."""

from __future__ import annotations

from datetime import timedelta

from scrutiny.demo.deeds import (
    ANSWERERS,
    accepted,
    all_answered,
    asked,
    file_of,
    item_of,
    lines_of,
    opened,
    quoted,
    recommended,
    settled,
)
from scrutiny.demo.layers import DISTRICT_CODES
from scrutiny.demo.papers import Sheets, workbook
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.findings import service as findings
from scrutiny.formats import london_day
from scrutiny.recommendations import queries as recommendation_queries
from scrutiny.recommendations import service as recommendations
from scrutiny.reports import service as reports
from scrutiny.reports import signing
from scrutiny.reviews import service as reviews

LEAD, OFFICER = "osc", "olwen"
MISSED: Sheets = {
    "Missed appointments": (
        ("Where patients live", "Appointments", "Missed", "Share missed"),
        [("Fenmere", 18_420, 2_631, "14 %"), ("Stonewold", 21_377, 2_779, "13 %"), ("Rest of Loamshire", 96_502, 8_685, "9 %")],
    )
}
SUMMARY = (
    "A third of people in Fenmere and Stonewold cannot reach a morning appointment by bus. Clinics were timed without "
    "looking at "
    "a timetable, and timetables without looking at clinics. Three changes, none of them dear, would put that right."
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
        reason="One appointment in seven is missed by people from these two districts.",
        in_scope="Buses, community transport and the times of clinics.",
        out_of_scope="Ambulances, and trains.",
    )
    yield (at := county.at(-505))
    asked(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-485, 15))
    all_answered(county, review, OFFICER, LEAD, at, files={"trust/trust-access": [workbook("Missed appointments", MISSED)]})
    yield (at := county.at(-470))
    accepted(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-410))
    by = county.by(OFFICER, LEAD)
    finding = findings.draft_finding(
        review,
        title="Clinics are timed without the timetable",
        text="People from Fenmere miss one appointment in seven. Morning clinics begin before the first bus arrives, "
        "and where "
        "evening clinics are offered the number missed falls by half.",
        lines=lines_of(review, "need", "together"),
        by=by,
        at=at,
    )
    item = item_of(county, review, "trust", "trust-access")
    quoted(county, finding, item, "14 %", OFFICER, LEAD, at, file=file_of(item, ".xlsx"), cell="Missed appointments!D2")
    quoted(county, finding, item, "where we offer evening clinics the figure falls by half", OFFICER, LEAD, at)
    findings.propose_finding(finding, by=by, at=at)
    settled(county, [finding], OFFICER, LEAD, at)
    for agency, text, measure in (
        (
            "trust",
            "Begin clinics for these two districts no earlier than half past ten.",
            "No appointment is offered before 10:30.",
        ),
        ("county", "Time the 14 and the 17 bus to reach the hospital before the clinics begin.", "Both timetables are changed."),
        ("west-icb", "Pay for community transport on clinic days.", "A bus runs on each clinic day."),
    ):
        done_by = london_day(at) + timedelta(days=300)
        recommended(county, review, agency, text, measure, [finding], OFFICER, LEAD, at, done_by=done_by)
    yield (at := county.at(-380, 19))
    signing.sign(
        review, review.lead, office="Chair", votes=(9, 0, 0), meeting_on=london_day(at), by=county.by("amrit", LEAD), at=at
    )
    yield (at := county.at(-373))
    report = reports.begin_report(review)
    reports.write_summary(report, SUMMARY, by=by, at=at)
    release = county.at(-360, 9, 30)
    reports.schedule_release(report, release, by=by, at=at)
    yield release
    if review.state != "reported":
        return
    yield (at := county.at(-330))
    rows = [row.addressees[0] for row in recommendation_queries.of_review(review.id)]
    for addressee, (agency, move, words) in zip(
        rows,
        (
            ("trust", "accept", "Accepted. Clinics at both sites begin at 10:40 from April."),
            ("county", "accept", "Accepted by the cabinet member for transport."),
            ("west-icb", "reject", "There is no money for it this year, and the changes to buses should be tried first."),
        ),
        strict=True,
    ):
        recommendations.respond(addressee, move, response=words, by=county.by(ANSWERERS[agency][0], agency), at=at)
    yield (at := county.at(-150))
    for addressee, agency, words in (
        (rows[0], "trust", "Clinics have begun at 10:40 since April; one appointment in twelve is missed now."),
        (rows[1], "county", "The 14 and the 17 have been timed for the clinics since May."),
    ):
        recommendations.return_progress(
            addressee, status="achieved", text=words, new_date=None, by=county.by(ANSWERERS[agency][0], agency), at=at
        )
    yield (at := county.at(-60))
    for addressee in rows:
        recommendations.settle_response(addressee, "close", why="Looked at by the committee twelve months on.", by=by, at=at)
    yield (at := county.at(-32))
    reviews.close_review(review, by=county.by("amrit", LEAD), at=at)
