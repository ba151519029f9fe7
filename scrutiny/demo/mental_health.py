"""A review that is reported: children's mental health in Marlbury, with recommendations answered in every way there is."""

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
    paper_or_tables,
    quoted,
    recommended,
    settled,
)
from scrutiny.demo.layers import DISTRICT_CODES
from scrutiny.demo.papers import Paper, Sheet, Sheets, Table, table, workbook
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.findings import queries as finding_queries
from scrutiny.findings import service as findings
from scrutiny.findings.models import Finding
from scrutiny.formats import london_day
from scrutiny.recommendations import queries as recommendation_queries
from scrutiny.recommendations import service as recommendations
from scrutiny.reports import service as reports
from scrutiny.reports import signing
from scrutiny.reviews.models import Review
from workflows.roles import ANYONE

LEAD, OFFICER = "osc", "olwen"
WAITS = Paper(
    "Waiting times for children in Marlbury",
    "Waiting times for children and young people in Marlbury",
    "Loam Valley NHS Foundation Trust",
    (
        Sheet(
            "How long children wait",
            (
                "This paper gives the waits of children and young people who live in Marlbury for a first appointment "
                "with the child "
                "and adolescent mental health service.",
                "One child in six waited longer than eighteen weeks, and eleven children waited longer than a year.",
                "The clinic in the old cottage hospital closed four years ago. Families now travel to Loamchester, "
                "which takes an "
                "hour and twenty minutes by bus with one change.",
            ),
            Table(
                "Children waiting, by length of wait",
                ("Wait", "Two years ago", "Last year"),
                (("Under 6 weeks", 402, 377), ("6 to 18 weeks", 561, 784), ("18 to 52 weeks", 96, 200), ("Over 52 weeks", 2, 11)),
            ),
        ),
        Sheet(
            "Why the waits grew",
            (
                "Referrals rose by 31 per cent in two years. The number of clinicians did not change.",
                "A quarter of referrals were sent back because the form was not complete, and half of those came "
                "again within "
                "three months.",
                "School nurses and the police each use their own form. Neither can see whether a child has already "
                "been referred.",
            ),
            Table(
                "Referrals by who made them",
                ("From", "Referrals", "Sent back"),
                (("General practice", 640, 102), ("School", 412, 161), ("Police", 88, 40), ("Family", 232, 44)),
            ),
        ),
    ),
)
PERFORMANCE: Sheets = {
    "By year": (
        ("Measure", "First year", "Second year", "Last year"),
        [
            ("Children seen within four weeks by the school team", "71 %", "66 %", "58 %"),
            ("Schools with a trained mental health lead", 19, 24, 31),
        ],
    ),
    "By school": (
        ("School", "Pupils", "Referrals"),
        [("Marlbury High", 1204, 141), ("St Oswin’s", 866, 97), ("Loam Bridge Academy", 1011, 88), ("The Meadows", 143, 52)],
    ),
}
INCIDENTS = (("Type", "First year", "Last year"), (("Concern for a child", 212, 301), ("Missing child", 64, 71)))
SUMMARY = (
    "Children in Marlbury wait longer for help with their mental health than anywhere else in Loamshire, and longest "
    "where they "
    "have furthest to travel. Good work is done in schools, but three agencies keep three lists of the same children. "
    "We ask for "
    "one way in, a clinic in the town, and waits that everybody can see."
)
#: agency, what is asked, how it will be known to be done
WANTED = (
    (
        "county",
        "Agree with both health boards one way in to help for every child, whoever refers them.",
        "One form and one list are in use in every school and surgery.",
    ),
    (
        "west-icb",
        "Open a clinic for children and young people in Marlbury on at least three days a week.",
        "The clinic is open and sees 20 children a week.",
    ),
    ("trust", "Publish waiting times for Marlbury by length of wait every month.", "Twelve monthly tables are published."),
    (
        "police",
        "Use the shared referral form, and tell schools within a day of an incident that touches a pupil.",
        "Nine incidents in ten are told within a day.",
    ),
    ("east-icb", "Pay for travel to appointments for families without a car.", "A scheme is open to every family that needs it."),
    ("fire", "Refer children met on safe and well visits through the one way in.", "Referrals are counted every quarter."),
    ("county", "Train a mental health lead in every school in Marlbury.", "All 34 schools have a trained lead."),
)


def story(county: Loamshire) -> Story:
    """From opening, nine months ago, to progress on what was recommended."""
    yield (at := county.at(-270, 9))
    review = opened(
        county,
        title="Children’s mental health in Marlbury",
        place=county.place(DISTRICT_CODES["Marlbury"], at=at),
        lead=LEAD,
        partners=("joint", "learning"),
        officer=OFFICER,
        at=at,
        reason="Two head teachers and the youth council told the committee that children wait a year for help.",
        in_scope="Waits, referrals and travel for children and young people who live in Marlbury; work in schools.",
        out_of_scope="Care in hospital, and services for adults.",
    )
    yield (at := county.at(-255))
    asked(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-240, 14))
    files = {
        "trust/trust-waiting": [paper_or_tables(county, WAITS, at)],
        "county/council-performance": [workbook("School mental health team", PERFORMANCE)],
        "police/police-data": [table("Incidents by year", *INCIDENTS)],
    }
    all_answered(county, review, OFFICER, LEAD, at, files=files)
    yield (at := county.at(-225))
    accepted(county, review, OFFICER, LEAD, at)
    yield (at := county.at(-150))
    _find(county, review)
    yield (at := county.at(-148))
    findings.start_accuracy_check(review, by=county.by(OFFICER, LEAD), at=at)
    yield from _check(county, review)
    yield (at := county.at(-95))
    settled(county, finding_queries.of_review(review.id), OFFICER, LEAD, at)
    _recommend(county, review)
    yield from _report(county, review)
    if review.state == "reported":
        yield from _follow(county, review)


def _find(county: Loamshire, review: Review) -> None:
    """Three findings, each on evidence that anybody may look up."""
    at = county.at(-150)
    by = county.by(OFFICER, LEAD)
    waits = findings.draft_finding(
        review,
        title="Children in Marlbury wait too long",
        text="One child in six waits longer than eighteen weeks for a first appointment, and waits have doubled in "
        "two years while "
        "the number of clinicians stayed the same. Loam Valley NHS Foundation Trust knows this and says it openly.",
        lines=lines_of(review, "need", "reach"),
        by=by,
        at=at,
    )
    item = item_of(county, review, "trust", "trust-waiting")
    paper = file_of(item, ".pdf")
    if paper is not None:
        words = "One child in six waited longer than eighteen weeks, and eleven children waited longer than a year."
        quoted(county, waits, item, words, OFFICER, LEAD, at, file=paper, page=1)
    quoted(county, waits, item, "median wait was eleven weeks", OFFICER, LEAD, at)
    apart = findings.draft_finding(
        review,
        title="Three agencies keep three lists",
        text="Schools, surgeries and Loamshire Police each refer on a form of their own, and none can see whether a "
        "child has "
        "already been referred. A quarter of referrals are sent back because of it.",
        lines=lines_of(review, "together"),
        by=by,
        at=at,
    )
    if paper is not None:
        words = "Neither can see whether a child has already been referred."
        quoted(county, apart, item, words, OFFICER, LEAD, at, file=paper, page=2)
    police = item_of(county, review, "police", "police-data")
    quoted(county, apart, police, "301", OFFICER, LEAD, at, file=file_of(police, ".csv"), cell="C2")
    schools = findings.draft_finding(
        review,
        title="Schools do well where they have a trained lead",
        text="Where a school has a trained lead, children are seen sooner and fewer are referred on. Nearly half of "
        "schools in "
        "Marlbury had none three years ago; most have one now.",
        lines=lines_of(review, "reach", "change"),
        by=by,
        at=at,
    )
    team = item_of(county, review, "county", "council-performance")
    quoted(county, schools, team, "58 %", OFFICER, LEAD, at, file=file_of(team, ".xlsx"), cell="By year!D2")
    for finding in (waits, apart, schools):
        findings.propose_finding(finding, by=by, at=at)


def _check(county: Loamshire, review: Review) -> Story:
    """Each agency looks at its extracts; the trust has a fact put right."""
    yield (at := county.at(-141))
    keys = {n: key for key, n in county.agencies.items()}
    checks = finding_queries.checks_of_review(review.id)
    for check in checks:
        agency = keys[check.agency_id]
        by = county.by(ANSWERERS[agency][0], agency)
        if agency == "trust":
            findings.offer_correction(
                check.extracts[0],
                words="waits have doubled in two years",
                correction="waits over eighteen weeks have doubled in two years",
                grounds="The median wait rose by two weeks.",
                by=by,
                at=at,
            )
        findings.finish_accuracy_check(check, by=by, at=at)
    yield (at := county.at(-134))
    for check in checks:
        for extract in check.extracts:
            for correction in extract.corrections:
                text = extract.finding.text.replace(correction.words, correction.correction)
                findings.decide_correction(
                    correction,
                    "make",
                    decision="The trust is right: the table shows it.",
                    text=text,
                    seen=extract.finding.version,
                    by=county.by(OFFICER, LEAD),
                    at=at,
                )


def _recommend(county: Loamshire, review: Review) -> None:
    """Seven recommendations, each to one agency."""
    at = county.at(-95)
    rests_on: list[Finding] = finding_queries.of_review(review.id)
    for n, (agency, text, measure) in enumerate(WANTED):
        chosen = [rests_on[n % len(rests_on)]]
        done_by = county.today + timedelta(days=120 + 30 * n)
        recommended(county, review, agency, text, measure, chosen, OFFICER, LEAD, at, done_by=done_by)


def _report(county: Loamshire, review: Review) -> Story:
    """The committee votes, one member dissents, and the report comes out on its morning."""
    yield (at := county.at(-70, 19))
    signing.dissent(
        review,
        county.body(LEAD),
        finding=None,
        text="I do not agree that one form will shorten a single wait. What is missing is clinicians, and we should "
        "have said so.",
        by=county.by("joan", LEAD),
        at=at,
    )
    signing.sign(
        review, review.lead, office="Chair", votes=(8, 1, 1), meeting_on=london_day(at), by=county.by("amrit", LEAD), at=at
    )
    yield (at := county.at(-63))
    report = reports.begin_report(review)
    reports.write_summary(report, SUMMARY, by=county.by(OFFICER, LEAD), at=at)
    release = county.at(-50, 9, 30)
    reports.schedule_release(report, release, by=county.by(OFFICER, LEAD), at=at)
    yield release


def _follow(county: Loamshire, review: Review) -> Story:
    """What each agency says and does: accepted, in part, rejected, noted, awaited, said to be done, done and checked."""
    said = (
        ("county", "accept", "Accepted by cabinet. The form is drafted and will be tried in six schools after half term."),
        ("west-icb", "accept_in_part", "We will open a clinic on two days a week; three cannot be staffed this year."),
        (
            "trust",
            "reject",
            "Numbers as small as Marlbury’s would let families be recognised. We publish by quarter for the county.",
        ),
        ("police", "note", "The chief constable will answer when the force’s own review of referrals is finished."),
        ("east-icb", "", ""),
        ("fire", "accept", "Accepted. Crews have carried the form since the first of the month."),
        ("county", "accept", "Accepted, and paid for from the public health grant."),
    )
    yield (at := county.at(-36))
    rows = [row.addressees[0] for row in recommendation_queries.of_review(review.id)]
    for addressee, (agency, move, words) in zip(rows, said, strict=True):
        if move:
            recommendations.respond(addressee, move, response=words, by=county.by(ANSWERERS[agency][0], agency), at=at)
    yield (at := county.at(-20))
    returns = (
        (0, "county", "on-track", "Six schools use the form; two surgeries join next month."),
        (1, "west-icb", "slipped", "The rooms need a new fire door before patients may use them."),
        (5, "fire", "achieved", "Every crew uses the form. Fourteen children were referred in the first month."),
        (6, "county", "achieved", "All 34 schools have a trained lead."),
    )
    for n, agency, status, words in returns:
        later = county.today + timedelta(days=210) if status == "slipped" else None
        recommendations.return_progress(
            rows[n], status=status, text=words, new_date=later, by=county.by(ANSWERERS[agency][0], agency), at=at
        )
    edition = reports.begin_report(review).editions[-1]
    reports.report_error(
        edition,
        where="Finding 2",
        text="The form is used by school nurses, not by schools.",
        address="resident@marlbury.example",
        by=ANYONE,
        at=at,
    )
    yield (at := county.at(-12))
    recommendations.settle_response(
        rows[6], "close", why="The officer rang ten schools of the 34; each named its lead.", by=county.by(OFFICER, LEAD), at=at
    )
