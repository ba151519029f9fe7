"""A review whose report is on its way: damp in rented homes in Harrowfield, signed and scheduled."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from scrutiny.demo.deeds import (
    accepted,
    all_answered,
    asked,
    facts_checked,
    item_of,
    lines_of,
    opened,
    quoted,
    recommended,
    scheduled,
    settled,
)
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
        in_scope="Homes let by the housing association.",
        out_of_scope="Homes let by private landlords, and homes lived in by their owners.",
    )
    yield (at := county.at(-145))
    asked(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-125, 13))
    all_answered(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-110))
    accepted(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-50))
    by = county.by(OFFICER, LEAD)
    homes = findings.draft_finding(
        review,
        title="One home in eight was reported for damp or mould",
        lines=lines_of(review, "need"),
        by=by,
        at=at,
        text="Three Rivers Housing Association lets 1,412 homes in Harrowfield. In the last two winters 176 of them, one in "
        "eight, were reported for damp or mould.",
    )
    counted = item_of(county, review, "housing", "homes")
    for figure in ("Homes: 1,412", "Reported for damp or mould: 176", "reported for damp or mould in the last two winters"):
        quoted(county, homes, counted, figure, OFFICER, LEAD, at)
    blamed = findings.draft_finding(
        review,
        title="Tenants say that they are blamed for damp",
        lines=lines_of(review, "experience"),
        by=by,
        at=at,
        text="Tenants told the association that they do not know who to ring, that they are passed from one office to another, "
        "and that damp is put down to the way they live.",
    )
    told = item_of(county, review, "housing", "lived-experience")
    for words in ("they do not know who to ring", "damp is put down to the way they live"):
        quoted(county, blamed, told, words, OFFICER, LEAD, at)
    for finding in (homes, blamed):
        findings.propose_finding(finding, by=by, at=at)
    yield from facts_checked(county, review, OFFICER, LEAD, (-49, -38))
    yield (at := county.at(-30))
    settled(county, (homes, blamed), OFFICER, LEAD, at)
    recommended(
        county,
        review,
        "housing",
        "Visit within two weeks every home reported for damp, and tell the tenant in writing what will be done and who to ring.",
        "Nine visits in ten are made within two weeks.",
        [homes, blamed],
        OFFICER,
        LEAD,
        at,
    )
    recommended(
        county,
        review,
        "harrowfield",
        "Inspect fifty of the 176 homes that were reported, and publish what is found.",
        "Fifty inspections are made and their results published.",
        [homes],
        OFFICER,
        LEAD,
        at,
    )
    report = reports.begin_report(review)
    reports.write_summary(
        report,
        "In the last two winters one in eight of the homes that Three Rivers lets in Harrowfield was reported for damp or mould. "
        "Its tenants say that damp is put down to the way they live. We ask for a visit within two weeks and for inspections.",
        by=by,
        at=at,
    )
    yield (at := county.at(-10, 19))
    signing.sign(
        review, review.lead, office="Chair", votes=(7, 2, 1), meeting_on=london_day(at), by=county.by("amrit", LEAD), at=at
    )
    yield (at := county.at(-4))
    release = datetime.combine(county.today + timedelta(days=2), time(9, 30), LONDON).astimezone(UTC)
    scheduled(report, release, by=by, at=at)
