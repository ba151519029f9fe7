"""A review that is reported: children's mental health in Marlbury, with recommendations answered in every way there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

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
    reported,
    responded,
    scheduled,
    sender,
    settled,
)
from scrutiny.demo.layers import DISTRICT_CODES
from scrutiny.demo.papers import Paper, Sheet, Sheets, Table, table, workbook
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.evidence.models import EvidenceFile
from scrutiny.findings import queries as finding_queries
from scrutiny.findings import service as findings
from scrutiny.findings.models import Finding
from scrutiny.formats import london_day
from scrutiny.recommendations import queries as recommendation_queries
from scrutiny.recommendations import service as recommendations
from scrutiny.recommendations.approvals import Progress
from scrutiny.reports import dissenting, signing
from scrutiny.reports import service as reports
from scrutiny.requests.models import Item
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
                "Of 1,372 children, 211 waited longer than eighteen weeks, and eleven of them longer than a year.",
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
                (("General practice", 802, 128), ("School", 516, 202), ("Police", 110, 50), ("Family", 291, 55)),
            ),
        ),
    ),
)
PERFORMANCE: Sheets = {
    "By year": (
        ("Measure", "First year", "Second year", "Last year"),
        [
            ("Children seen within four weeks by the school team", "71%", "66%", "58%"),
            ("Schools with a trained mental health lead", 19, 24, 31),
            ("Schools in Marlbury", 34, 34, 34),
        ],
    ),
    "By school": (
        ("School", "Pupils", "Referrals"),
        [("Marlbury High", 1204, 141), ("St Oswin’s", 866, 97), ("Loam Bridge Academy", 1011, 88), ("The Meadows", 143, 52)],
    ),
}
INCIDENTS = (("Type", "First year", "Last year"), (("Concern for a child", 212, 301), ("Missing child", 64, 71)))
SUMMARY = (
    "Last year 211 children in Marlbury waited longer than eighteen weeks for help with their mental health, more than twice as "
    "many as two years before. The clinic is an hour and twenty minutes away by bus. A quarter of referrals are sent back, and "
    "the agencies that refer children cannot see whether a child has been referred already. We ask for one form, a clinic in "
    "the town, and waits that everybody can see."
)
#: agency, the finding it follows from, what is asked, how it will be known to be done
WANTED = (
    (
        "county",
        "forms",
        "Agree with both health boards one form and one list for every child, whoever refers them.",
        "One form and one list are in use in every school and surgery.",
    ),
    (
        "east-icb",
        "travel",
        "Open a clinic for children and young people in Marlbury on at least three days a week.",
        "The clinic is open and sees 20 children a week.",
    ),
    (
        "trust",
        "waits",
        "Publish waiting times for Marlbury by length of wait every month.",
        "Twelve monthly tables are published.",
    ),
    (
        "police",
        "forms",
        "Refer children on the shared form once it is agreed, and stop using the force’s own.",
        "Nine in ten referrals from the police come on the shared form.",
    ),
    (
        "west-icb",
        "travel",
        "Pay for travel to appointments, by one scheme for the board’s whole area, for every family without a car.",
        "A scheme is open to every family that needs it.",
    ),
    (
        "fire",
        "forms",
        "Refer children met on safe and well visits on the shared form, and ask what became of each.",
        "The number referred and the number with a known outcome are published every quarter.",
    ),
    ("county", "schools", "Train a mental health lead in each school that has none.", "All 34 schools have a trained lead."),
)


def story(county: Loamshire) -> Story:
    """From opening, nine months ago, to progress on what was recommended."""
    yield (at := county.at(-270, 9))
    review = opened(
        county,
        title="Children’s mental health in Marlbury",
        subject="health",
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
    """Four findings, each on evidence that says what the finding says and that anybody may look up."""
    at = county.at(-150)
    by = county.by(OFFICER, LEAD)
    item = item_of(county, review, "trust", "trust-waiting")
    paper = Cited(item, file_of(item, ".pdf"), file_of(item, ".xlsx"))
    for title, text, lines, cite in (
        ("Children in Marlbury wait too long", WAITING, ("need", "reach"), _cite_waits),
        ("Referrals go astray between agencies", ASTRAY, ("together",), _cite_forms),
        ("The clinic is out of reach without a car", FAR, ("reach",), _cite_travel),
        ("Most schools have a trained lead, but children are seen later", SCHOOLS, ("change",), _cite_schools),
    ):
        finding = findings.draft_finding(review, title=title, text=text, lines=lines_of(review, *lines), by=by, at=at)
        cite(county, finding, paper, at)
        findings.propose_finding(finding, by=by, at=at)


WAITING = (
    "Last year 211 of 1,372 children (15%) waited longer than eighteen weeks for a first appointment. Two years before, 98 did: "
    "waits have doubled in two years, and the number of clinicians did not change. Loam Valley NHS Foundation Trust told us so "
    "itself."
)
ASTRAY = (
    "School nurses and Loamshire Police each refer on a form of their own, and neither can see whether a child has already been "
    "referred. A quarter of referrals were sent back because the form was not complete. Loamshire Fire and Rescue Authority "
    "referred 187 people to other agencies and learnt what became of 61."
)
FAR = (
    "The clinic in Marlbury closed four years ago. Families now travel to Loamchester, an hour and twenty minutes by bus with "
    "one change. One household in five in Marlbury has no car."
)
SCHOOLS = (
    "The number of schools in Marlbury with a trained mental health lead rose from 19 to 31 of 34 in three years. In the same "
    "years the share of children seen within four weeks by the school team fell from 71% to 58%."
)


@dataclass(frozen=True, slots=True)
class Cited:
    """The trust’s answer: its paper, or where this machine cannot print, the tables of it."""

    item: Item
    paper: EvidenceFile | None
    tables: EvidenceFile | None

    def quote(self, county: Loamshire, finding: Finding, at: datetime, *, words: str, page: int, figure: str, cell: str) -> None:
        """The sentence on its page, or the figure that says the same in its cell."""
        if self.paper is not None:
            quoted(county, finding, self.item, words, OFFICER, LEAD, at, file=self.paper, page=page)
        else:
            quoted(county, finding, self.item, figure, OFFICER, LEAD, at, file=self.tables, cell=cell)


def _cite_waits(county: Loamshire, finding: Finding, trust: Cited, at: datetime) -> None:
    """How many waited, then and now, and that there were no more clinicians."""
    words = "Of 1,372 children, 211 waited longer than eighteen weeks, and eleven of them longer than a year."
    trust.quote(county, finding, at, words=words, page=1, figure="200", cell="Table 1!C4")
    words = "Wait Two years ago Last year … 18 to 52 weeks 96 200 Over 52 weeks 2 11"
    trust.quote(county, finding, at, words=words, page=1, figure="96", cell="Table 1!B4")
    words = "Referrals rose by 31 per cent in two years. The number of clinicians did not change."
    trust.quote(county, finding, at, words=words, page=2, figure="2", cell="Table 1!B5")


def _cite_forms(county: Loamshire, finding: Finding, trust: Cited, at: datetime) -> None:
    """The forms, what was sent back, and what is never heard of again."""
    words = "School nurses and the police each use their own form. Neither can see whether a child has already been referred."
    trust.quote(county, finding, at, words=words, page=2, figure="202", cell="Table 2!C3")
    words = "A quarter of referrals were sent back because the form was not complete"
    trust.quote(county, finding, at, words=words, page=2, figure="50", cell="Table 2!C4")
    fire = item_of(county, finding.review, "fire", "fire-partners")
    words = "We referred 187 people to other agencies and learnt what became of 61 of them"
    quoted(county, finding, fire, words, OFFICER, LEAD, at)


def _cite_travel(county: Loamshire, finding: Finding, trust: Cited, at: datetime) -> None:
    """How far the clinic is, and who has no car."""
    if trust.paper is not None:
        for words in (
            "The clinic in the old cottage hospital closed four years ago.",
            "Families now travel to Loamchester, which takes an hour and twenty minutes by bus with one change.",
        ):
            quoted(county, finding, trust.item, words, OFFICER, LEAD, at, file=trust.paper, page=1)
    needs = item_of(county, finding.review, "county", "needs-assessment")
    quoted(county, finding, needs, "one household in five in Marlbury has no car", OFFICER, LEAD, at)


def _cite_schools(county: Loamshire, finding: Finding, trust: Cited, at: datetime) -> None:
    """The leads trained, and the children seen in time."""
    team = item_of(county, finding.review, "county", "council-performance")
    sheet = file_of(team, ".xlsx")
    for figure, cell in (
        ("19", "By year!B3"),
        ("31", "By year!D3"),
        ("34", "By year!D4"),
        ("71%", "By year!B2"),
        ("58%", "By year!D2"),
    ):
        quoted(county, finding, team, figure, OFFICER, LEAD, at, file=sheet, cell=cell)


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
        findings.finish_accuracy_check(check, by=county.by(sender(agency), agency), at=at)
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
    """Seven recommendations, each to one agency and each on the finding it follows from."""
    at = county.at(-95)
    found = dict(zip(("waits", "forms", "travel", "schools"), finding_queries.of_review(review.id), strict=True))
    for n, (agency, finding, text, measure) in enumerate(WANTED):
        done_by = county.today + timedelta(days=120 + 30 * n)
        recommended(county, review, agency, text, measure, [found[finding]], OFFICER, LEAD, at, done_by=done_by)


def _report(county: Loamshire, review: Review) -> Story:
    """The committee votes, one member dissents, and the report comes out on its morning."""
    report = reports.begin_report(review)
    reports.write_summary(report, SUMMARY, by=county.by(OFFICER, LEAD), at=county.at(-95))
    yield (at := county.at(-70, 19))
    dissenting.dissent(
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
    release = county.at(-50, 9, 30)
    scheduled(report, release, by=county.by(OFFICER, LEAD), at=at)
    yield release


def _follow(county: Loamshire, review: Review) -> Story:
    """What each agency says and does: accepted, in part, rejected, noted, awaited, said to be done, done and checked."""
    said = (
        ("county", "accept", "Accepted by cabinet. The form is drafted and will be tried in six schools after half term."),
        ("east-icb", "accept_in_part", "We will open a clinic on two days a week; three cannot be staffed this year."),
        (
            "trust",
            "reject",
            "Numbers as small as Marlbury’s would let families be recognised. We publish by quarter for the county.",
        ),
        ("police", "note", "The chief constable will answer when the force’s own review of referrals is finished."),
        ("west-icb", "", ""),
        ("fire", "accept", "Accepted. Crews have carried the form since the first of the month."),
        ("county", "accept", "Accepted, and paid for from the public health grant."),
    )
    yield (at := county.at(-36))
    rows = [row.addressees[0] for row in recommendation_queries.of_review(review.id)]
    for addressee, (agency, move, words) in zip(rows, said, strict=True):
        if move:
            responded(county, addressee, agency, (move, words), at)
    yield (at := county.at(-20))
    returns = (
        (0, "county", "on-track", "Six schools use the form; two surgeries join next month."),
        (1, "east-icb", "slipped", "The rooms need a new fire door before patients may use them."),
        (5, "fire", "achieved", "Every crew uses the form. Fourteen children were referred in the first month."),
        (6, "county", "achieved", "The last three schools have a trained lead, so all 34 do."),
    )
    for n, agency, status, words in returns:
        later = county.today + timedelta(days=210) if status == "slipped" else None
        reported(county, rows[n], agency, Progress(status, words, later), at)
    edition = reports.begin_report(review).editions[-1]
    reports.report_error(
        edition,
        where="Finding 2",
        text="Some of the forms that were sent back came from head teachers, not from school nurses.",
        address="resident@marlbury.example",
        by=ANYONE,
        at=at,
    )
    yield (at := county.at(-12))
    check = recommendations.Check("The officer rang all 34 schools, and each named its lead.", "Notes of the 34 calls.")
    recommendations.settle_response(rows[6], "verify", check, by=county.by(OFFICER, LEAD), at=at)
