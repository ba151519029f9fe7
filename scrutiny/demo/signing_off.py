"""A review to be signed: special needs in Loamchester, with one signature, one voided, and an inspector's dissent."""

from __future__ import annotations

from scrutiny.demo.deeds import accepted, all_answered, asked, item_of, lines_of, opened, quoted, recommended, settled
from scrutiny.demo.layers import CITY_CODE
from scrutiny.demo.papers import table
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.findings import service as findings
from scrutiny.reports import service as reports
from scrutiny.reports import signing

LEAD, OFFICER = "learning", "leo"
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
    quoted(county, plans, timeliness, "Fewer than half were issued within twenty weeks", "ines", "learning", at)
    waits = findings.draft_finding(
        review,
        title="Girls wait longest to have autism recognised",
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
        title="The partnership",
        overall=True,
        judgement="inconsistent",
        text="The arrangements lead to inconsistent experiences: good where one person holds the plan, poor where nobody does.",
        lines=lines_of(review, "leadership"),
        by=ines,
        at=at,
    )
    steps = item_of(county, review, "jobcentre", "adult-steps")
    quoted(county, whole, steps, "thirty-one of them found paid work", "ines", "learning", at)
    for finding in (plans, waits, whole):
        findings.propose_finding(finding, by=ines, at=at)
    yield (at := county.at(-12))
    settled(county, (plans, waits, whole), OFFICER, LEAD, at)
    recommended(
        county,
        review,
        "city",
        "Issue nine plans in ten within twenty weeks.",
        "Ninety in a hundred for two terms together.",
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
        "The median of one quarter.",
        [waits],
        OFFICER,
        LEAD,
        at,
    )
    reports.write_summary(
        reports.begin_report(review),
        by=county.by(OFFICER, LEAD),
        at=at,
        summary="Children in Loamchester with special needs are known to many people and held by few. Plans come "
        "late, and girls wait "
        "longest of all.",
    )
    yield (at := county.at(-9))
    signing.sign(review, county.body("care"), office="Lead inspector", by=county.by("cara", "care"), at=at)
    yield (at := county.at(-6))
    # A word changed after the signature: the clock finds the two apart and enters the voiding.
    findings.reopen_finding(plans, by=county.by(OFFICER, LEAD), at=at)
    findings.revise_finding(
        plans,
        title=plans.title,
        text="Fewer than half of plans were issued within twenty weeks, and none in two special schools.",
        lines=list(plans.lines),
        seen=plans.version,
        by=ines,
        at=at,
    )
    settled(county, (plans,), OFFICER, LEAD, at)
    yield (at := county.at(-3))
    signing.dissent(
        review,
        county.body(LEAD),
        finding=whole,
        by=ines,
        at=at,
        text="I would have judged this widespread. Inconsistent is too kind a word where a child waits sixty-two weeks.",
    )
    signing.sign(review, county.body(LEAD), office="Lead inspector", by=county.by(OFFICER, LEAD), at=at)
