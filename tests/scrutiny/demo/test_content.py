"""What the demonstration says is sound: findings rest on evidence that says so, recommendations follow from their finding."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scrutiny.agencies.models import Agency
from scrutiny.demo import answers
from scrutiny.editions.models import Report
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.findings.models import Citation, Finding
from scrutiny.recommendations.models import Recommendation
from scrutiny.recommendations.queries import of_review
from scrutiny.reviews.models import Review

pytestmark = pytest.mark.slow

#: Read by hand: review, finding, what it rests on (agency, evidence), what follows from it (agency, what is to be done).
SOUND = {
    ("Buses and getting to care in Fenmere and Stonewold", "Morning clinics begin before the first bus arrives"): (
        {("Loam Valley NHS", "Getting to the service"), ("Loamshire County", "Performance and benchmarks")},
        {
            ("Loam Valley NHS", "Offer patients from these two districts no clinic before 10:30am"),
            ("Loamshire County", "Time the first 14 and the first 17 bus"),
            ("NHS West", "Pay for community transport"),
            ("NHS West", "Pay for a taxi where a patient"),
            ("Loam Valley NHS", "Show the times of the 14 and the 17"),
        },
    ),
    (
        "Buses and getting to care in Fenmere and Stonewold",
        "Evening clinics halve the number missed, but few can get home from one",
    ): (
        {("Loam Valley NHS", "Getting to the service"), ("Loamshire County", "Performance and benchmarks")},
        {
            ("Loam Valley NHS", "Hold two evening clinics a week"),
            ("Loamshire County", "Run the 14 and the 17 until half an hour after the last evening clinic"),
        },
    ),
    ("Children’s mental health in Marlbury", "Children in Marlbury wait too long"): (
        {("Loam Valley NHS", "Waiting times and activity")},
        {("Loam Valley NHS", "Publish waiting times for Marlbury")},
    ),
    ("Children’s mental health in Marlbury", "Referrals go astray between agencies"): (
        {("Loam Valley NHS", "Waiting times and activity"), ("Loamshire Fire", "Referrals between agencies")},
        {
            ("Loamshire County", "Agree with both health boards one form and one list"),
            ("Loamshire Police", "Refer children on the shared form"),
            ("Loamshire Fire", "Refer children met on safe and well visits on the shared form"),
        },
    ),
    ("Children’s mental health in Marlbury", "The clinic is out of reach without a car"): (
        {("Loam Valley NHS", "Waiting times and activity"), ("Loamshire County", "Needs assessment")},
        {("NHS East", "Open a clinic for children and young people in Marlbury"), ("NHS West", "Pay for travel to appointments")},
    ),
    ("Children’s mental health in Marlbury", "Most schools have a trained lead, but children are seen later"): (
        {("Loamshire County", "Performance and benchmarks")},
        {("Loamshire County", "Train a mental health lead in each school that has none")},
    ),
    ("Damp and mould in rented homes in Harrowfield", "One home in eight was reported for damp or mould"): (
        {("Three Rivers", "Homes, repairs and plans")},
        {("Three Rivers", "Visit within two weeks every home"), ("Harrowfield District", "Inspect fifty of the 176 homes")},
    ),
    ("Damp and mould in rented homes in Harrowfield", "Tenants say that they are blamed for damp"): (
        {("Three Rivers", "What people tell you")},
        {("Three Rivers", "Visit within two weeks every home")},
    ),
    ("Antisocial behaviour in the centre of Loamchester", "Incidents at night rose by more than two thirds"): (
        {("Loamshire Police", "Crime and incidents"), ("Loamshire Police", "Vulnerability and prevention")},
        set(),
    ),
    ("Antisocial behaviour in the centre of Loamchester", "Tenants do not know who to ring"): (
        {("Three Rivers", "What people tell you")},
        set(),
    ),
    ("Antisocial behaviour in the centre of Loamchester", "Referrals are made and seldom followed up"): (
        {("Loamshire Fire", "Referrals between agencies")},
        set(),
    ),
    ("Special educational needs in Loamchester", "Too few plans come in time"): (
        {("Loamchester City", "Timeliness of plans")},
        {("Loamchester City", "Issue nine plans in ten within twenty weeks")},
    ),
    ("Special educational needs in Loamchester", "Children wait more than a year for assessment of autism"): (
        {("Loam Valley NHS", "Waits for therapy and diagnosis")},
        {("NHS West", "Bring the wait for an assessment of autism under eighteen weeks")},
    ),
    ("Special educational needs in Loamchester", "Experiences are inconsistent across the partnership"): (
        {
            ("Jobcentre Plus", "Steps into adult life"),
            ("Loamchester City", "Timeliness of plans"),
            ("Loam Valley NHS", "Waits for therapy and diagnosis"),
        },
        set(),
    ),
    ("Help and protection of children in Loamshire", "Most contacts are decided within a day, but fewer than in spring"): (
        {("Loamshire County", "Contacts and decisions")},
        set(),
    ),
}
#: Figures and number words of a finding that are worked out from what it cites: the figures of its citations, and whether
#: they come to it.
WORKED_OUT = {
    ("Children in Marlbury wait too long", "15%"): ({"211", "1,372"}, f"{211 / 1372:.0%}" == "15%"),
    ("Children in Marlbury wait too long", "98"): ({"96", "2"}, 96 + 2 == 98),
    ("Children in Marlbury wait too long", "doubled"): ({"96", "200", "2", "11"}, (200 + 11) / (96 + 2) > 2),
    ("Children in Marlbury wait too long", "two"): ({"96", "200"}, True),  # two years: the columns of the table it cites
    ("Most schools have a trained lead, but children are seen later", "three"): ({"19", "31"}, True),  # its three columns
    ("Morning clinics begin before the first bus arrives", "one in seven"): ({"14%"}, round(1 / 0.14) == 7),
    ("One home in eight was reported for damp or mould", "one in eight"): ({"1,412", "176"}, round(1412 / 176) == 8),
    ("Incidents at night rose by more than two thirds", "two thirds"): ({"88", "151"}, (151 - 88) / 88 > 2 / 3),
    ("Too few plans come in time", "half"): ({"168", "377"}, 168 / 377 < 0.5),
}
#: Numbers written as one hyphenated word, as they stand in answers.
VALUES = {"thirty-one": "31", "forty-four": "44", "sixty-two": "62"}
#: What tells a number in words: a share, a multiple or a count; 'one' alone is most often no number.
_COUNT = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty|fifty"
#: The same count in figures, as a cell holds it.
IN_FIGURES = {"two": "2", "six": "6", "seven": "7"}
NUMBER_WORDS = re.compile(
    rf"\b(?:(?:one|{_COUNT})(?: \w+)? in (?:{_COUNT})|two thirds|half|halves?|thirds?|quarter|doubled|twice|{_COUNT})\b",
    re.IGNORECASE,
)


def _findings() -> list[Finding]:
    """Every finding of the demonstration that has not been withdrawn."""
    rows = select(Finding).where(Finding.state != "withdrawn").order_by(Finding.review_id, Finding.number)
    return list(db.session.scalars(rows.options(joinedload(Finding.review))))


def _figures(text: str) -> set[str]:
    """The figures of a text, in digits or hyphenated words: 14%, 10:05am, 1,372, sixty-two as 62."""
    digits = {figure.rstrip(",") for figure in re.findall(r"\d[\d,]*(?::\d\d)?(?:am|pm|%)?", text)}
    return digits | {VALUES[word] for word in re.findall(r"[a-z]+-[a-z]+", text.lower()) if word in VALUES}


def _number_words(text: str) -> set[str]:
    """The numbers a text tells in words: 'one home in eight' as 'one in eight', 'halve' as 'half'."""
    found = {re.sub(r"^(\w+) \w+ in ", r"\1 in ", one.casefold()) for one in NUMBER_WORDS.findall(text)}
    return {"half" if one.startswith("hal") else one for one in found}


def _starts(table: set[tuple[str, str]], row: tuple[str, str]) -> list[tuple[str, str]]:
    """The rows of a table written by hand that a row of the record fits: both begin with the words of the table."""
    return [one for one in table if row[0].startswith(one[0]) and row[1].startswith(one[1])]


def test_every_finding_rests_on_the_evidence_read_for_it(loamshire: Flask) -> None:
    """No finding is there that nobody has read against its evidence, and none cites what says something else."""
    with loamshire.app_context():
        findings = _findings()
        assert {(finding.review.title, finding.title) for finding in findings} == set(SOUND)
        for finding in findings:
            expected, _ = SOUND[finding.review.title, finding.title]
            cited = {(row.lodging.evidence.agency.name, row.lodging.evidence.title) for row in finding.citations}
            assert all(_starts(expected, row) for row in cited), (finding.title, cited)
            assert len({_starts(expected, row)[0] for row in cited}) == len(expected), (finding.title, cited)


def test_every_figure_of_a_finding_stands_in_what_it_cites(loamshire: Flask) -> None:
    """A figure that is worked out is worked out here too."""
    with loamshire.app_context():
        findings = _findings()
        assert findings
        for finding in findings:
            quoted = set().union(*(_figures(row.quotation) for row in finding.citations))
            for figure in _figures(finding.text):
                if (finding.title, figure) in WORKED_OUT:
                    figures, comes_to = WORKED_OUT[finding.title, figure]
                    assert comes_to, (finding.title, figure)
                    assert figures <= quoted, (finding.title, figure, figures - quoted)
                else:
                    assert figure in quoted, (finding.title, figure, quoted)


def test_every_number_word_of_a_finding_stands_in_what_it_cites_or_is_worked_out(loamshire: Flask) -> None:
    """A quarter, doubled, one in seven, eighteen weeks: in the title as in the text."""
    with loamshire.app_context():
        faults = []
        for finding in _findings():
            words = " ".join(f"{row.quotation} {row.row_head} {row.column_head}" for row in finding.citations)
            figures = set().union(*(_figures(row.quotation) for row in finding.citations))
            names = {agency.name.casefold() for agency in db.session.scalars(select(Agency).order_by(Agency.id))}
            text = f"{finding.title}. {finding.text}".casefold()
            for name in names:
                text = text.replace(name, "")
            for number in _number_words(text):
                worked, comes_to = WORKED_OUT.get((finding.title, number), (set(), False))
                stands = number in _number_words(words) or IN_FIGURES.get(number) in figures
                if not (stands or (comes_to and worked <= figures)):
                    faults.append((finding.title, number, words))
        assert not faults, "\n".join(map(str, faults))


def test_every_number_of_a_summary_stands_in_a_finding_of_its_report(loamshire: Flask) -> None:
    with loamshire.app_context():
        reports = db.session.scalars(select(Report).where(Report.review_id.is_not(None), Report.summary != "")).all()
        assert len(reports) > 2
        for report in reports:
            rows = [finding for finding in _findings() if finding.review_id == report.review_id]
            told = " ".join(f"{finding.title}. {finding.text}" for finding in rows)
            told += " ".join(row.text for row in of_review(report.review_id))
            made = len(of_review(report.review_id))
            for figure in _figures(report.summary):
                assert figure in _figures(told), (report.reference, figure)
            for number in _number_words(report.summary):
                if number == "twice":  # more than twice as many as two years before
                    assert "doubled" in told
                elif f"{number} recommendations" in report.summary:
                    assert IN_FIGURES[number] == str(made)
                elif number != "three" or "Three Rivers" not in report.summary:
                    assert number in _number_words(told), (report.reference, number)


def test_each_ground_for_keeping_evidence_from_the_public_is_true_of_it(loamshire: Flask) -> None:
    """Prices only where money is told, provisional counts only where counts are, few people only where it says so."""
    with loamshire.app_context():
        rows = db.session.scalars(select(Lodging).where(Lodging.exempt_ground != "").order_by(Lodging.id)).all()
        assert rows
        for row in rows:
            told, ground = f"{row.evidence.text} {row.evidence.figures}", row.exempt_ground
            holds = {
                answers.PRICES: "£" in told,
                answers.PROVISIONAL: "£" not in told and bool(re.search(r": \d", told)),
                answers.TO_COME: "plan" in told,
                answers.FEW: "last month" in told,
                answers.WITHIN: not re.search(r"£|\d", told),
            }
            assert holds[ground], (ground, told)


def test_every_recommendation_follows_from_the_finding_it_was_read_with(loamshire: Flask) -> None:
    """Each stands in the table under its finding, and every one in the table is there."""
    with loamshire.app_context():
        told = {(title, heading): set() for title, heading in SOUND}
        rows = db.session.scalars(select(Recommendation).join(Review).order_by(Recommendation.id)).all()
        for row in rows:
            assert row.findings, row.text
            for finding in row.findings:
                assert finding.review_id == row.review_id
                _, follows = SOUND[row.review.title, finding.title]
                fits = _starts(follows, (row.addressees[0].agency.name, row.text))
                assert fits, (finding.title, row.text)
                told[row.review.title, finding.title].update(fits)
        assert told == {key: follows for key, (_, follows) in SOUND.items()}


def test_shares_add_up_and_no_citation_was_taken_by_eye(loamshire: Flask) -> None:
    """The sums a reader will do first: a seventh of appointments, an eighth of homes, two thirds more at night."""
    assert round(2631 / 18420 * 100) == 14
    assert pytest.approx(1 / 8, abs=0.001) == 176 / 1412
    assert (151 - 88) / 88 > 2 / 3
    assert 168 / 377 < 0.5
    assert (200 + 11) / (96 + 2) > 2
    with loamshire.app_context():
        assert not db.session.scalars(select(Citation).where(Citation.by_eye.is_(True)).order_by(Citation.id)).all()
