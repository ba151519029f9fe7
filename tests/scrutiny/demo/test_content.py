"""What the demonstration says is sound: findings rest on evidence that says so, recommendations follow from their finding."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scrutiny.extensions import db
from scrutiny.findings.models import Citation, Finding
from scrutiny.recommendations.models import Recommendation
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
#: Figures of a finding that are worked out from what it cites: how.
WORKED_OUT = {("Children in Marlbury wait too long", "15%"): (211, 1372)}
#: Numbers written as one hyphenated word, as they stand in answers.
VALUES = {"thirty-one": "31", "forty-four": "44", "sixty-two": "62"}


def _findings() -> list[Finding]:
    """Every finding of the demonstration that has not been withdrawn."""
    rows = select(Finding).where(Finding.state != "withdrawn").order_by(Finding.review_id, Finding.number)
    return list(db.session.scalars(rows.options(joinedload(Finding.review))))


def _figures(text: str) -> set[str]:
    """The figures of a text, in digits or hyphenated words: 14%, 10:05am, 1,372, sixty-two as 62."""
    digits = {figure.rstrip(",") for figure in re.findall(r"\d[\d,]*(?::\d\d)?(?:am|pm|%)?", text)}
    return digits | {VALUES[word] for word in re.findall(r"[a-z]+-[a-z]+", text.lower()) if word in VALUES}


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
        for finding in _findings():
            quoted = set().union(*(_figures(row.quotation) for row in finding.citations))
            for figure in _figures(finding.text):
                if (finding.title, figure) in WORKED_OUT:
                    part, whole = WORKED_OUT[finding.title, figure]
                    assert f"{part / whole:.0%}" == figure
                    assert {str(part), f"{whole:,}"} <= quoted
                else:
                    assert figure in quoted, (finding.title, figure, quoted)


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
