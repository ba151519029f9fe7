"""A review whose report is on its way: damp in rented homes in Harrowfield, signed and scheduled."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from scrutiny.demo.deeds import accepted, all_answered, asked, item_of, lines_of, opened, quoted, recommended, settled
from scrutiny.demo.layers import DISTRICT_CODES
from scrutiny.demo.storytelling import LONDON, Loamshire, Story
from scrutiny.findings import service as findings
from scrutiny.formats import london_day
from scrutiny.reports import service as reports
from scrutiny.reports import signing

LEAD, OFFICER = "osc", "olwen"


def story(county: Loamshire) -> Story:
    """From opening last winter to a release the day after tomorrow."""
    yield (at := county.at(-160, 9))
    review = opened(
        county,
        title="Damp and mould in rented homes in Harrowfield",
        place=county.place(DISTRICT_CODES["Harrowfield"], at=at),
        lead=LEAD,
        officer=OFFICER,
        at=at,
        reason="A coroner wrote to the council after the death of a child elsewhere.",
        in_scope="Homes let by the housing association and by private landlords.",
        out_of_scope="Homes lived in by their owners.",
    )
    yield (at := county.at(-145))
    asked(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-125, 13))
    all_answered(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-110))
    accepted(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-50))
    by = county.by(OFFICER, LEAD)
    blamed = findings.draft_finding(
        review,
        title="Tenants are blamed for damp",
        lines=lines_of(review, "experience"),
        by=by,
        at=at,
        text="Tenants who report damp are told to open a window. One home in eight was reported in the last two winters.",
    )
    quoted(
        county,
        blamed,
        item_of(county, review, "housing", "lived-experience"),
        "damp is put down to the way they live",
        OFFICER,
        LEAD,
        at,
    )
    quoted(county, blamed, item_of(county, review, "housing", "homes"), "Reported for damp or mould: 176", OFFICER, LEAD, at)
    findings.propose_finding(blamed, by=by, at=at)
    yield (at := county.at(-30))
    settled(county, (blamed,), OFFICER, LEAD, at)
    recommended(
        county,
        review,
        "housing",
        "Visit within two weeks every home reported for damp, and say in writing what will be done.",
        "Nine visits in ten are made within two weeks.",
        [blamed],
        OFFICER,
        LEAD,
        at,
    )
    recommended(
        county,
        review,
        "harrowfield",
        "Inspect the hundred private homes most often reported.",
        "A list of a hundred inspections.",
        [blamed],
        OFFICER,
        LEAD,
        at,
    )
    yield (at := county.at(-10, 19))
    signing.sign(
        review, review.lead, office="Chair", votes=(7, 2, 1), meeting_on=london_day(at), by=county.by("amrit", LEAD), at=at
    )
    yield (at := county.at(-4))
    report = reports.begin_report(review)
    reports.write_summary(
        report,
        "One rented home in eight in Harrowfield is damp, and tenants are told that it is their doing. It is not.",
        by=by,
        at=at,
    )
    release = datetime.combine(county.today + timedelta(days=2), time(9, 30), LONDON).astimezone(UTC)
    reports.schedule_release(report, release, by=by, at=at)
