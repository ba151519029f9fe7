"""A review in its accuracy check: antisocial behaviour in Loamchester, with corrections offered and one decided."""

from __future__ import annotations

from scrutiny.demo.deeds import ANSWERERS, accepted, all_answered, asked, file_of, item_of, lines_of, opened, quoted
from scrutiny.demo.layers import CITY_CODE
from scrutiny.demo.papers import table
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.findings import queries as finding_queries
from scrutiny.findings import service as findings
from scrutiny.requests import interests

LEAD, OFFICER = "joint", "tomasz"
INCIDENTS = (
    ("Month", "Incidents", "At night"),
    (("January", 151, 88), ("February", 160, 92), ("March", 174, 97), ("April", 203, 121), ("May", 231, 140), ("June", 244, 151)),
)
NIGHT_DUTY = (("Nights", "Officers in the centre"), (("Friday and Saturday", 6), ("Sunday to Thursday", 2)))


def story(county: Loamshire) -> Story:
    """From opening in the spring to corrections this week."""
    yield (at := county.at(-120, 9))
    review = opened(
        county,
        title="Antisocial behaviour in the centre of Loamchester",
        subject="crime",
        place=county.place(CITY_CODE, at=at),
        lead=LEAD,
        partners=("osc",),
        officer=OFFICER,
        at=at,
        reason="Traders sent a petition of 1,900 names about the streets at night.",
        in_scope="Streets and squares inside the ring road, by day and by night.",
        out_of_scope="Licensing of single premises.",
    )
    yield (at := county.at(-108))
    asked(county, review, OFFICER, LEAD, at)
    interests.declare(
        review, county.agency("city"), "I answer requests for the city council.", by=county.by(OFFICER, LEAD), at=at
    )
    yield (at := county.at(-90, 16))
    files = {
        "police/police-data": [table("Incidents by month", *INCIDENTS)],
        "police/police-vulnerability": [table("Night duty", *NIGHT_DUTY)],
    }
    all_answered(county, review, OFFICER, LEAD, at, files=files)
    yield (at := county.at(-80))
    accepted(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-20))
    by = county.by(OFFICER, LEAD)
    rise = findings.draft_finding(
        review,
        title="Incidents at night rose by more than two thirds",
        text="Incidents at night rose from 88 in January to 151 in June. Loamshire Police had six officers on duty in the centre "
        "at weekends, and none in the week. About four in ten incidents involve somebody known to a mental health service.",
        lines=lines_of(review, "need"),
        by=by,
        at=at,
    )
    data, duty = item_of(county, review, "police", "police-data"), item_of(county, review, "police", "police-vulnerability")
    for figure, cell in (("88", "C2"), ("151", "C7")):
        quoted(county, rise, data, figure, OFFICER, LEAD, at, file=file_of(data, ".csv"), cell=cell)
    quoted(county, rise, duty, "6", OFFICER, LEAD, at, file=file_of(duty, ".csv"), cell="B2")
    quoted(county, rise, data, "four in ten involve somebody known to a mental health service", OFFICER, LEAD, at)
    doors = findings.draft_finding(
        review,
        title="Tenants do not know who to ring",
        text="Tenants told Three Rivers Housing Association that they do not know who to ring and are passed from one office to "
        "another.",
        lines=lines_of(review, "experience", "together"),
        by=by,
        at=at,
    )
    said = item_of(county, review, "housing", "lived-experience")
    quoted(county, doors, said, "they do not know who to ring", OFFICER, LEAD, at)
    quoted(county, doors, said, "they are passed from one office to another", OFFICER, LEAD, at)
    visits = findings.draft_finding(
        review,
        title="Referrals are made and seldom followed up",
        text="Loamshire Fire and Rescue Authority referred 187 people to other agencies and learnt what became of 61.",
        lines=lines_of(review, "together"),
        by=by,
        at=at,
    )
    referred = item_of(county, review, "fire", "fire-partners")
    quoted(
        county,
        visits,
        referred,
        "We referred 187 people to other agencies and learnt what became of 61 of them",
        OFFICER,
        LEAD,
        at,
    )
    for finding in (rise, doors, visits):
        findings.propose_finding(finding, by=by, at=at)
    yield (at := county.at(-8))
    findings.start_accuracy_check(review, by=by, at=at)
    yield (at := county.at(-5, 11))
    checks = {check.agency_id: check for check in finding_queries.checks_of_review(review.id)}
    police = checks[county.agencies["police"]]
    for words, right, grounds in (
        ("none in the week", "two in the week", "The table we sent says that two are on duty in the week."),
        ("88 in January", "96 in January", "Eight incidents were entered late."),
    ):
        extract = next(one for one in police.extracts if words in one.text)
        findings.offer_correction(extract, words=words, correction=right, grounds=grounds, by=county.by("rhys", "police"), at=at)
    findings.finish_accuracy_check(police, by=county.by("dee", "police"), at=at)
    fire = checks[county.agencies["fire"]]
    findings.finish_accuracy_check(fire, by=county.by(ANSWERERS["fire"][0], "fire"), at=at)
    yield (at := county.at(-2, 15))
    first = next(c for extract in police.extracts for c in extract.corrections if c.words == "none in the week")
    findings.decide_correction(
        first,
        "make",
        decision="The table says two. We had read it wrongly.",
        text=rise.text.replace("none in the week", "two in the week"),
        seen=rise.version,
        by=by,
        at=at,
    )
    quoted(county, rise, duty, "2", OFFICER, LEAD, at, file=file_of(duty, ".csv"), cell="B3")
