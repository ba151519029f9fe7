"""Area reports: the same as the page of the place and the API say, a new one where something changed, old ones readable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.areas.models import Area
from scrutiny.areas.queries import area_on
from scrutiny.areas.service import place_of
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.recommendations import service as recommendations
from scrutiny.recommendations.models import Addressee
from scrutiny.recommendations.service import Check
from scrutiny.reports import jobs, rhythms
from scrutiny.snapshots import printing
from scrutiny.snapshots.signed_content import digest_of_plain
from tests.scrutiny.reports.story import RELEASE, scheduled
from tests.scrutiny.reviews.acting import acting

APRIL = RELEASE.replace(month=4, day=1)


def _words(page: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.replace("\u00a0", " ")).split())


def _editions() -> list[str]:
    """The months of the area reports that are out, in order."""
    rows = select(Edition).join(Edition.report).where(Edition.state == "released", Edition.why != "First edition")
    return [edition.why for edition in db.session.scalars(rows.order_by(Edition.id))]


def _answer(move: str, at: datetime) -> None:
    """The agency answers the recommendation."""
    with transaction.writes_now():
        addressee = db.session.get_one(Addressee, 1)
        recommendations.respond(addressee, move, response="There is no money.", by=acting("fire_responder"), at=at)


@pytest.fixture
def released(app: Flask, cast: SimpleNamespace) -> str:
    """A report that is out."""
    with app.app_context():
        edition = scheduled(cast)
        jobs.release_reports(at=RELEASE)
        return edition.report.reference


def test_the_report_of_a_county_tells_what_was_found_in_its_districts(
    app: Flask, client: FlaskClient, released: str, cast: SimpleNamespace
) -> None:
    """Page, report and API: one answer, also where the review was of a part of the place and the agency rejected it."""
    with app.app_context():
        _answer("reject", RELEASE)
        with transaction.writes_now():
            addressee = db.session.get_one(Addressee, 1)
            recommendations.settle_response(
                addressee, "close_not_accepted", Check("We asked twice."), by=acting("officer"), at=RELEASE
            )
            county = db.session.get_one(Area, cast.county)
            place, code = place_of([county], at=RELEASE).id, county.code
        assert jobs.publish_area_report(place, RELEASE)
    page, report = client.get(f"/places/{code}").text, client.get(f"/reports/A-{code}").text
    api = client.get(f"/api/v1/recommendations?place={code}").json
    assert [row["review"] for row in api] == [released]
    assert released in [row["reference"] for row in client.get(f"/api/v1/reports?place={code}").json]
    for told in (_words(page), _words(report), " ".join(api[0]["account"]) + api[0]["outcome"]):
        assert "Closed as not accepted" in told
        assert "rejected it on 3 March 2026: “There is no money.”" in told
        assert "closed it as not accepted on 3 March 2026: “We asked twice.”" in told
    assert "about Barrow End" in _words(report)
    assert "This report says what one published review found about" in _words(report)
    assert "the one recommendation it made" in _words(report)
    assert "Every recommendation has been closed" not in report
    assert client.get("/api/v1/recommendations?place=E07900001").json == [], "another district shares none of its land"


@pytest.mark.usefixtures("context")
def test_a_month_in_which_nothing_changed_has_no_report(cast: SimpleNamespace) -> None:
    """What came of a recommendation is a change; time that passes is none, until a response is late."""
    scheduled(cast)
    jobs.release_reports(at=RELEASE)
    _answer("accept", RELEASE + timedelta(days=2))
    assert jobs.compose_area_reports(at=APRIL) == "1 area reports for April 2026"
    assert jobs.compose_area_reports(at=APRIL.replace(month=5)) == ""
    with transaction.writes_now():
        later = APRIL.date().replace(year=2027, month=9)
        recommendations.return_progress(
            db.session.get_one(Addressee, 1),
            status="slipped",
            text="The rooms are late.",
            new_date=later,
            by=acting("fire_responder"),
            at=APRIL.replace(month=5, day=10),
        )
    assert jobs.compose_area_reports(at=APRIL.replace(month=6)) == "1 area reports for June 2026"
    assert _editions() == ["April 2026", "June 2026"]


def test_an_earlier_month_is_not_called_replaced(app: Flask, client: FlaskClient, released: str) -> None:
    """It was true on its day; it leads to the latest."""
    with app.app_context():
        jobs.compose_area_reports(at=APRIL)
        _answer("accept", APRIL)
        jobs.compose_area_reports(at=APRIL.replace(month=5))
        assert _editions() == ["April 2026", "May 2026"]
    first = client.get("/reports/A-E07900002?edition=1").text
    assert "replaced" not in first
    assert "The latest report of Barrow End is May 2026 ." in _words(first)
    assert "Not delivered yet" in _words(first), "how it stood when that month was sealed"
    latest = client.get("/reports/A-E07900002").text
    assert "The latest report" not in latest
    assert "accepted it on 1 April 2026" in _words(latest)


def test_an_area_report_sealed_in_the_first_form_is_read_for_ever(app: Flask, client: FlaskClient, released: str) -> None:
    """It kept the state and the words of open recommendations, and no more."""
    with app.app_context():
        jobs.compose_area_reports(at=APRIL)
        with transaction.writes_now():
            edition = db.session.scalars(select(Edition).where(Edition.why == "April 2026")).one()
            edition.snapshot = _first_form(edition.snapshot or {})
            edition.digest = digest_of_plain(edition.snapshot)
        html = printing.html_of(edition.snapshot or {}, edition.digest)
        assert "Partly accepted" in printing.recommendations_csv(edition.snapshot or {}).decode()
    for told in (_words(html), _words(client.get("/reports/A-E07900002").text)):
        assert "Partly accepted" in told
        assert "Response: “Two of three.”" in told
        assert "Publish waiting times every month." in told


def _first_form(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A snapshot as it was sealed at first."""
    kept = ("review", "number", "agency", "text", "done_by")
    rows = [
        {key: row[key] for key in kept} | {"state": "partly_accepted", "response": "Two of three.", "late": False}
        for row in snapshot["recommendations"]
    ]
    findings = [{key: value for key, value in row.items() if key != "place"} for row in snapshot["findings"]]
    reviews = [{key: value for key, value in row.items() if key != "place"} for row in snapshot["reviews"]]
    return snapshot | {"form": "area-scrutiny/report/1", "recommendations": rows, "findings": findings, "reviews": reviews}


def test_an_administrator_chooses_how_often_a_place_has_one_and_stops_it(
    app: Flask, released: str, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """On the page and by command; at most in those months, and only where something changed."""
    ada = signed_in("administrator")
    at = "/administration/area-reports"
    page = ada.get(at).text
    assert "Barrow End" in page
    assert "Every month" in _words(page)
    assert "There is a problem" in ada.post(at, data={"places": "Nowhere", "rhythm": "monthly"}).text
    wrong = ada.post(at, data={"places": "E07900001"}).text
    assert "Choose how often" in wrong or "Every month" in wrong
    with app.app_context():
        place, other = (place_of([area_on(code, APRIL.date())], at=APRIL).id for code in ("E07900002", "E07900001"))
        db.session.commit()
        assert rhythms.places_due(APRIL) == [place]
    stopped = ada.post(f"{at}/{place}", data={"rhythm": "stopped"}, follow_redirects=True).text
    assert "No more area reports of Barrow End will be published. Those published stay." in stopped
    assert ada.post(f"{at}/{place}", data={"rhythm": "hourly"}).status_code == 200
    added = ada.post(at, data={"places": "E07900001", "rhythm": "quarterly"}, follow_redirects=True).text
    assert "if anything has changed" in _words(added)
    with app.app_context():
        due = {month: rhythms.places_due(APRIL.replace(month=month)) for month in (4, 5, 7)}
        assert due == {4: [other], 5: [], 7: [other]}
        assert rhythms.next_day("quarterly", date(2026, 11, 30)) == date(2027, 1, 1)
        assert rhythms.next_day("yearly", date(2026, 4, 1)) == date(2027, 4, 1)
        assert rhythms.next_day("monthly", date(2026, 12, 31)) == date(2027, 1, 1)
    runner = app.test_cli_runner()
    assert "next area report of Barrow End" in runner.invoke(args=["reports", "rhythm", "E07900002", "yearly"]).output
    listed = json.loads(runner.invoke(args=["reports", "rhythms", "--json"]).stdout)
    assert {row["place"]: row["rhythm"] for row in listed} == {"E07900001": "quarterly", "E07900002": "yearly"}
    assert runner.invoke(args=["reports", "rhythm", "E00000000", "yearly"]).exit_code == 1
    assert ada.get(f"{at}/999999").status_code == 404
    for who in ("officer", "fire_responder"):
        assert signed_in(who).get(at).status_code in (403, 404)
        assert signed_in(who).post(f"{at}/{place}", data={"rhythm": "monthly"}).status_code in (403, 404)
