"""The public page of a report: what was sealed, how to check it, what came of it, and errors people report."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny import transaction
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.recommendations import service as recommendations
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import jobs
from scrutiny.reports.models import ErrorReport
from scrutiny.snapshots.signed_content import canonical
from tests.scrutiny.reports.story import RELEASE, WORDS, scheduled
from tests.scrutiny.reviews.acting import acting


def release(cast: SimpleNamespace) -> str:
    """A report that comes out: its reference."""
    edition_id = scheduled(cast).id
    jobs.release_reports(at=RELEASE)
    edition = db.session.get_one(Edition, edition_id)
    assert edition.state == "released"
    return edition.report.reference


@pytest.fixture
def released(as_built: Callable[..., str]) -> str:
    """A report that is out: its reference."""
    return as_built(release)


def words(page: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.replace(" ", " ")).split())


def test_the_page_says_what_was_sealed(client: FlaskClient, released: str) -> None:
    """Findings with numbered citations that lead to the evidence; recommendations by agency, and what they must do."""
    page = client.get(f"/reports/{released}").text
    said = words(page)
    assert "Children in Barrow End wait too long." in said
    assert "1. Children wait too long" in said
    assert "“waited longer than eighteen weeks”" in said
    assert '<a class="govuk-link" href="#evidence-1">' in page
    assert 'id="evidence-1"' in page
    assert "1. To Loamshire Fire and Rescue" in said
    assert "Publish waiting times every month." in said
    assert "7 for, 2 against, 1 abstained" in said
    assert "<svg" in page
    assert "West Loamshire Integrated Care Board" in said


def test_anybody_can_check_the_digest(client: FlaskClient, released: str) -> None:
    """The SHA-256 of the data is the digest on the page, and the data is the canonical JSON of the API's."""
    data = client.get(f"/reports/{released}/data.json")
    digest = hashlib.sha256(data.data).hexdigest()
    assert digest in client.get(f"/reports/{released}").text
    assert canonical(client.get(f"/api/v1/reports/{released}").json) == data.data
    assert json.loads(data.data)["edition"]["reference"] == released


def test_what_an_agency_answers_later_stands_beside_what_was_sealed(app: Flask, client: FlaskClient, released: str) -> None:
    """On the report, on the page of the place and on the agency's own."""
    assert "Not delivered yet" in words(client.get(f"/reports/{released}").text)
    with app.app_context(), transaction.writes_now():
        addressee = db.session.scalars(db.select(Addressee)).one()
        agency = addressee.agency_id
        recommendations.respond(
            addressee, "accept", response="We shall publish them from May.", by=acting("fire_responder"), at=RELEASE
        )
    for address in (f"/reports/{released}", "/places/E07900002", f"/agencies/{agency}"):
        page = words(client.get(address).text)
        assert "Accepted" in page, address
        assert "We shall publish them from May." in page, address


def test_the_place_shows_what_was_found_once_it_is_out(client: FlaskClient, released: str) -> None:
    """Its own page, that of the county around it, and the front page; not that of another district."""
    for address in ("/places/E07900002", "/places/E10900001"):
        page = client.get(address).text
        assert f'href="/reports/{released}#finding-1">Children wait too long' in page
    assert "Children&#39;s mental health" in client.get("/").text
    assert "No report yet." in client.get("/places/E07900001").text
    assert WORDS not in client.get("/places/E07900002").text


def test_the_monthly_area_report_has_its_page(app: Flask, client: FlaskClient, released: str) -> None:
    """It joins what was found and what is still open."""
    with app.app_context():
        jobs.compose_area_reports(at=RELEASE + timedelta(days=30))
    page = client.get("/places/E07900002").text
    assert "Area reports" in page
    area = words(client.get("/reports/A-E07900002").text)
    assert "Barrow End: area report, April 2026" in area
    assert "Children wait too long" in area
    assert "Publish waiting times every month." in area


def test_an_error_can_be_reported_by_anyone(app: Flask, client: FlaskClient, released: str) -> None:
    """A form that keeps what was typed when something is missing."""
    address = f"/reports/{released}/error"
    again = client.post(address, data={"where": "Finding 1", "text": "", "address": "not an address"})
    assert 'value="Finding 1"' in again.text
    assert "Say what is wrong" in again.text
    answer = client.post(address, data={"where": "Finding 1", "text": "It was 212.", "address": "jo@example.org"})
    assert "Thank you" in answer.text
    with app.app_context():
        error = db.session.scalars(db.select(ErrorReport)).one()
        assert (error.where, error.text, error.state) == ("Finding 1", "It was 212.", "reported")


def test_nobody_can_bury_those_who_run_a_review_in_letters(app: Flask, client: FlaskClient, released: str) -> None:
    """Each error writes letters: from one network only so many an hour, and what was typed is not lost."""
    typed = {"where": "Finding 1", "text": "It was 212.", "address": ""}
    answers = [client.post(f"/reports/{released}/error", data=typed) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 11
    assert "It was 212." in answers[-1].text
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(ErrorReport.id))) == 10


def test_an_edition_that_is_not_there_is_a_404(client: FlaskClient, released: str) -> None:
    """Neither is one that is no number taken for the newest."""
    assert client.get(f"/reports/{released}?edition=2").status_code == 404
    assert client.get(f"/reports/{released}?edition=1").status_code == 200
