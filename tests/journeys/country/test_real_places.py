"""The whole journey on real places: agencies from real boundaries, a review opened, answered, found on, signed, reported."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config.settings import PROJECT_ROOT
from scrutiny import transaction
from scrutiny.accounts.models import Person
from scrutiny.adapters import fitted
from scrutiny.agencies.models import Agency
from scrutiny.answering import service as answering
from scrutiny.asking import service as requests
from scrutiny.bodies.queries import actor_of
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.findings import accuracy, citing
from scrutiny.findings import service as findings
from scrutiny.formats import london_day
from scrutiny.recommendations import service as recommendations
from scrutiny.reports import jobs, readiness, service, signing
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from tests.delivered import issue_and_deliver
from tests.journeys.country.conftest import SAME_BYTES, flask, overlaps, real
from tests.scrutiny.adapters.conformance import faults_of
from workflows.roles import Actor

pytestmark = [pytest.mark.slow, pytest.mark.data, SAME_BYTES]
AT = datetime.now(UTC)  # people are invited by a command, which reads the clock, so the story begins now
RELEASE = AT + timedelta(days=60)
PLACES = {"E06000064": "Westmorland and Furness", "E08000025": "Birmingham"}
WORDS = "Waiting times rose from eleven to nineteen weeks between 2024 and 2026."


def _published(path: str, place: str, area: str, code: str) -> set[str]:
    """The codes a published lookup gives for a place."""
    file = real(path)
    with gzip.open(file, "rt", encoding="utf-8-sig") if file.suffix == ".gz" else file.open(encoding="utf-8-sig") as lines:
        return {row[area] for row in csv.DictReader(lines) if row[place] == code and row[area]}


def test_westmorland_and_furness_is_cut_by_two_icbs(country: Flask) -> None:
    """24.15% of its people and 56.9% of its land in the north east; the rest in Lancashire and South Cumbria."""
    found = overlaps(country, "E06000064", "icb")
    assert set(found) == {"E54000048", "E54000050"}
    assert found["E54000050"]["share_of_people"] == pytest.approx(0.2415, abs=0.0001)
    assert found["E54000048"]["share_of_people"] == pytest.approx(0.7585, abs=0.0001)
    assert found["E54000050"]["share_of_area"] == pytest.approx(0.569, abs=0.001)
    assert found["E54000048"]["share_of_area"] == pytest.approx(0.431, abs=0.001)


@pytest.mark.parametrize("code", PLACES)
def test_who_covers_it_agrees_with_the_published_lookups(country: Flask, code: str) -> None:
    """Police, fire and integrated care boards, code for code."""
    police = _published("lookups/lookup_ltla24_csp24_pfa24.csv", "ltla24_code", "pfa24_code", code)
    fire = _published("lookups/lookup_ltla24_fra24.csv", "ltla24_code", "fra24_code", code)
    assert set(overlaps(country, code, "police")) == police
    assert set(overlaps(country, code, "fire")) == fire
    small = _published("lookups/lookup_lsoa21_ward24_ltla24.csv.gz", "ltla24_code", "lsoa21_code", code)
    with gzip.open(real("lookups/lookup_lsoa21_icb24.csv.gz"), "rt", encoding="utf-8-sig") as lines:
        icbs = {row["icb24_code"] for row in csv.DictReader(lines) if row["lsoa21_code"] in small}
    assert set(overlaps(country, code, "icb")) == icbs


@pytest.mark.parametrize(("code", "name"), PLACES.items())
def test_a_review_of_a_real_place_is_opened_answered_and_reported(country: Flask, code: str, name: str) -> None:
    """From the commands to the printed report, which is left in var/journeys to be looked at."""
    slug = name.lower().replace(" ", "-")
    reference = _opened(country, code, slug, name)
    with country.app_context():
        edition_id = _told(reference, slug)
        assert jobs.release_reports(at=RELEASE) == "1 released"
        edition = db.session.get_one(Edition, edition_id)
        assert edition.state == "released"
        files = {file.kind: file for file in edition.files}
        pdf = fitted.files().read(files["pdf"].sha256)
        snapshot = edition.snapshot or {}
    left = PROJECT_ROOT / "var" / "journeys" / f"{slug}.pdf"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(pdf)
    assert faults_of(pdf) == []
    assert snapshot["place"]["name"] == name
    boards = [group for group in snapshot["map"]["groups"] if group["kind"] == "Integrated care board"]
    assert bool(boards) == (code == "E06000064")
    client = country.test_client()
    page = client.get(f"/places/{code}")
    assert page.status_code == 200
    assert name in page.text
    assert client.get(f"/reports/{reference}").status_code == 200
    assert client.get(f"/reports/{reference}.pdf").data == pdf


def _opened(app: Flask, code: str, slug: str, name: str) -> str:
    """A body, its people, and a review opened by the command; its reference."""
    path = Path(app.config["SETTINGS"].files_url.removeprefix("file://")).parent / f"{slug}.csv"
    with app.app_context():
        council = db.session.scalars(select(Agency).where(Agency.codes.any(code=code))).first()
        assert council is not None
        host, council_id = council.name, council.id
    path.write_text(f"slug,name,kind,host_agency,nation\n{slug},{name} Scrutiny Committee,council-committee,{host},england\n")
    flask(app, "bodies", "load", str(path))
    for role, email in (("scrutiny-officer", f"officer@{slug}.example"), ("chair", f"chair@{slug}.example")):
        flask(app, "people", "invite", email, "--name", f"The {role}", "--body", slug, "--role", role)
    answers = ("--agency", str(council_id), "--role", "responder")
    flask(app, "people", "invite", f"council@{slug}.example", "--name", "A Responder", *answers)
    said = flask(
        app,
        "reviews",
        "open",
        "--method",
        "council-task-and-finish",
        "--place",
        code,
        "--body",
        slug,
        "--title",
        f"Children's mental health in {name}",
        "--json",
    )
    opened = json.loads(said)
    assert len(opened["requests"]) >= 4
    return str(opened["review"])


def _acting(email: str) -> Actor:
    """Somebody invited by email."""
    return actor_of(db.session.scalars(select(Person).where(Person.email == email)).one(), on=AT.date())


def _told(reference: str, slug: str) -> int:
    """Issued, answered, found on, checked, recommended, signed and scheduled; the edition's id."""
    with transaction.writes_now():
        officer, chair = _acting(f"officer@{slug}.example"), _acting(f"chair@{slug}.example")
        responder = _acting(f"council@{slug}.example")
        review = db.session.scalars(select(Review).where(Review.reference == reference)).one()
        drafts = db.session.scalars(
            select(EvidenceRequest).where(EvidenceRequest.review_id == review.id).order_by(EvidenceRequest.number)
        ).all()
        issue_and_deliver(review, [draft for draft in drafts if draft.items], by=officer, at=AT)
        item = next(draft for draft in drafts if draft.agency_id == responder.agency).items[0]
        answer = answering.keep_answer(item, answering.Typed(text=WORDS), by=responder, at=AT)
        answering.submit_item(item, by=responder, at=AT)
        requests.accept_item(item, by=officer, at=AT)
        finding = findings.draft_finding(
            review,
            title="Children wait too long",
            text="Children and young people wait too long for help.",
            lines=[review.lines[0]],
            judgement="",
            by=officer,
            at=AT,
        )
        citing.cite(finding, lodging=answer.lodging, quotation="rose from eleven to nineteen weeks", by=officer, at=AT)
        findings.propose_finding(finding, by=officer, at=AT)
        for check in accuracy.start_accuracy_check(review, by=officer, at=AT):
            accuracy.finish_accuracy_check(check, by=responder, at=AT)
        findings.settle_finding(finding, by=officer, at=AT)
        row = recommendations.draft_recommendation(
            review,
            text="Publish waiting times every month.",
            measure="Twelve monthly figures are published.",
            done_by=(AT + timedelta(days=400)).date(),
            agency=item.request.agency,
            findings=[finding],
            by=officer,
            at=AT,
        )
        recommendations.move_recommendation(row, "propose", by=officer, at=AT)
        report = service.begin_report(review)
        service.write_summary(report, f"Children in {review.place.name} wait too long for help.", by=officer, at=AT)
        signing.sign(review, review.lead, office="Chair", votes=(7, 0, 1), meeting_on=AT.date(), by=chair, at=AT)
        seen = {caution.key for caution in readiness.cautions(review, on=london_day(RELEASE))}
        return service.schedule_release(report, RELEASE, seen=seen, by=officer, at=AT).id
