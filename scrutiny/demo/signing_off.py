"""A review to be signed: special needs in Loamchester, with one signature, one voided, and an inspector's dissent."""

from __future__ import annotations

from scrutiny.agreement import service as agreement
from scrutiny.agreement import status
from scrutiny.demo.agreeing import agreed
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
    settled,
)
from scrutiny.demo.layers import CITY_CODE
from scrutiny.demo.papers import table
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.findings import service as findings
from scrutiny.reports import dissenting, signing
from scrutiny.reports import service as reports

LEAD, OFFICER = "learning", "leo"
#: Who says for each body whether it agrees with a finding.
SPEAKERS = {LEAD: OFFICER, "care": "cara"}
#: What the partner asked for before it agreed, and what it added when it did.
NO_TOTAL = "Say how many of how many young people found paid work: the evidence has both figures."
#: The finding about the whole area, as it was agreed in the end.
WHOLE = (
    "Young people are helped into work: of 44 who began a supported internship, 31 found paid work. But fewer than half of plans "
    "came within twenty weeks, and children wait more than a year for assessment of autism."
)
PLANS = (
    ("Month", "Asked for", "Issued", "Within 20 weeks"),
    (("April", 36, 30, 14), ("May", 41, 33, 13), ("June", 38, 35, 18), ("July", 29, 31, 15)),
)


def story(county: Loamshire) -> Story:
    """From notice to the signatures of this week."""
    yield (at := county.at(-75, 9))
    review = opened(
        county,
        title="Special educational needs in Loamchester",
        place=county.place(CITY_CODE, at=at),
        lead=LEAD,
        partners=("care",),
        officer=OFFICER,
        at=at,
        method="area-send",
        reason="The city was last inspected five years ago.",
        in_scope="Children and young people up to 25 and their families.",
    )
    asked(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-66, 14))
    all_answered(county, review, OFFICER, LEAD, at, files={"city/plan-timeliness": [table("Plans by month", *PLANS)]})
    yield (at := county.at(-60))
    accepted(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-40))
    ines, femi = county.by("ines", "learning"), county.by("femi", "care")
    plans = findings.draft_finding(
        review,
        title="Too few plans come in time",
        text="Fewer than half of plans were issued within twenty weeks.",
        lines=lines_of(review, "experiences"),
        by=ines,
        at=at,
    )
    timeliness = item_of(county, review, "city", "plan-timeliness")
    for words in ("Fewer than half were issued within twenty weeks", "Plans issued: 377", "Issued within 20 weeks: 168"):
        quoted(county, plans, timeliness, words, "ines", "learning", at)
    waits = findings.draft_finding(
        review,
        title="Children wait more than a year for assessment of autism",
        text="The median wait for an assessment of autism is sixty-two weeks, and longer for girls.",
        lines=lines_of(review, "experiences", "commissioning"),
        by=femi,
        at=at,
    )
    quoted(
        county,
        waits,
        item_of(county, review, "trust", "therapy-waits"),
        "sixty-two weeks at the median, and longer for girls than for boys",
        "femi",
        "care",
        at,
    )
    whole = findings.draft_finding(
        review,
        title="Experiences are inconsistent across the partnership",
        overall=True,
        judgement="inconsistent",
        text=WHOLE.replace(": of 44 who began a supported internship, 31 found paid work", ""),
        lines=lines_of(review, "leadership"),
        by=ines,
        at=at,
    )
    steps, therapy = item_of(county, review, "jobcentre", "adult-steps"), item_of(county, review, "trust", "therapy-waits")
    for item, words in (
        (steps, "Forty-four began a supported internship and thirty-one of them found paid work"),
        (timeliness, "Fewer than half were issued within twenty weeks"),
        (therapy, "sixty-two weeks at the median"),
    ):
        quoted(county, whole, item, words, "ines", "learning", at)
    for finding in (plans, waits, whole):
        findings.propose_finding(finding, by=ines, at=at)
    yield (at := county.at(-40, 15))
    not_yet = agreement.Word("not_yet", status.digest_of(whole), NO_TOTAL)
    agreement.say(whole, county.body("care"), not_yet, by=county.by("cara", "care"), at=at)
    yield (at := county.at(-40, 17))
    findings.revise_finding(
        whole,
        title=whole.title,
        text=WHOLE,
        lines=list(whole.lines),
        judgement=whole.judgement,
        overall=True,
        seen=whole.version,
        by=ines,
        at=at,
    )
    yield from facts_checked(county, review, OFFICER, LEAD, (-39, -28), silent=("jobcentre",))
    yield (at := county.at(-14))
    agreed(county, (plans, waits), SPEAKERS, at)
    agreed(county, (whole,), {LEAD: OFFICER}, at)
    agreed(county, (whole,), {"care": "cara"}, at, comment="We would look at this again once the new school opens.")
    yield (at := county.at(-12))
    settled(county, (plans, waits, whole), OFFICER, LEAD, at)
    recommended(
        county,
        review,
        "city",
        "Issue nine plans in ten within twenty weeks.",
        "The share of plans issued within twenty weeks is 90% or more in two terms running.",
        [plans],
        OFFICER,
        LEAD,
        at,
    )
    recommended(
        county,
        review,
        "west-icb",
        "Bring the wait for an assessment of autism under eighteen weeks.",
        "The median wait in one quarter is under 18 weeks, for girls and for boys.",
        [waits],
        OFFICER,
        LEAD,
        at,
    )
    reports.write_summary(
        reports.begin_report(review),
        by=county.by(OFFICER, LEAD),
        at=at,
        summary="Young people with special educational needs in Loamchester are helped into work. But fewer than half of plans "
        "come within twenty weeks, and the median wait for assessment of autism is sixty-two weeks, longer for girls than boys.",
    )
    yield (at := county.at(-9))
    signing.sign(review, county.body("care"), office="Lead inspector", by=county.by("cara", "care"), at=at)
    yield (at := county.at(-6))
    # A word changed after the signature: the clock finds the two apart and enters the voiding.
    findings.reopen_finding(plans, "Two special schools were left out of the count.", by=county.by(OFFICER, LEAD), at=at)
    findings.revise_finding(
        plans,
        title=plans.title,
        text="Fewer than half of plans, 168 of 377, were issued within twenty weeks.",
        lines=list(plans.lines),
        seen=plans.version,
        by=ines,
        at=at,
    )
    agreed(county, (plans,), SPEAKERS, at)
    settled(county, (plans,), OFFICER, LEAD, at)
    yield (at := county.at(-3))
    dissenting.dissent(
        review,
        county.body(LEAD),
        finding=whole,
        by=ines,
        at=at,
        text="I would have judged the failings widespread. Inconsistent is too kind a word where a child waits sixty-two weeks.",
    )
    signing.sign(review, county.body(LEAD), office="Lead inspector", by=county.by(OFFICER, LEAD), at=at)
