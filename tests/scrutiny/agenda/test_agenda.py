"""The agenda of a place, a body and an agency: joined by overlap, to each reader what they may know, on every surface alike."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.asking import service as requests
from scrutiny.extensions import db
from scrutiny.public_calendar.service import load_calendar
from scrutiny.reviews.models import Phase, Review
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.public.test_place import statements, words
from tests.scrutiny.reviews.acting import acting, opened
from workflows.roles import OPERATOR_ACTOR

SignIn = Callable[..., FlaskClient]
DAYS = "?from=2026-01-01&to=2027-12-31"
WEST, CORLEY, COUNTY = "E54900001", "E07900003", "E10900001"
CALENDAR = (
    "kind,title,from,to,area,nation,agency,body\n"
    f"poll,District election,2026-03-26,2026-05-07,E07900002,,,\n"
    f"school-holiday,Easter holiday,2026-03-30,2026-04-10,{COUNTY},,,\n"
    "blackout,Police conference,2026-05-11,2026-05-15,,,Loamshire Police,\n"
    "blackout,Inspectors away,2026-06-01,2026-06-12,,,,ofsted\n"
    "blackout,Scottish fair,2026-06-01,2026-06-12,,scotland,,\n"
)


@pytest.fixture
def filled(app: Flask, cast: SimpleNamespace) -> str:
    """A review of Barrow End announced, one that is not, its requests sent, and a calendar."""
    with app.app_context():
        review = opened(cast, title="Housing", announced_on=date(2026, 3, 1))
        drafts = requests.draft_requests(review, by=acting("officer"), at=NOW)
        issue_and_deliver(review, drafts, by=acting("officer"), at=NOW)
        opened(cast, title="Quiet matter", partners=[])
        load_calendar(CALENDAR.encode(), "days.csv", by=OPERATOR_ACTOR, at=NOW)
        db.session.commit()
        return review.reference


def _titles(client: FlaskClient, address: str) -> set[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return {one["title"] for one in json.loads(answer.text)["items"]}


def test_a_place_is_joined_by_overlap_with_its_share(client: FlaskClient, filled: str) -> None:
    answer = json.loads(client.get(f"/places/{WEST}/agenda.json{DAYS}").text)
    review = next(one for one in answer["items"] if one["kind"] == "review")
    assert (review["title"], review["share_of_place"]) == ("Housing", pytest.approx(1 / 3, abs=0.001))
    poll = next(one for one in answer["items"] if one["kind"] == "poll")
    assert poll["share_of_place"] == pytest.approx(1 / 3, abs=0.001)
    assert _titles(client, f"/places/{CORLEY}/agenda.json{DAYS}") == {"Easter holiday", "End of the financial year"} | {
        "Winter pressures in hospitals"
    }, "Corley shares no ground with Barrow End"
    assert "Housing (R-" not in client.get(f"/places/{CORLEY}/agenda{DAYS}").text


def test_each_reader_finds_what_they_may_know(client: FlaskClient, signed_in: SignIn, filled: str) -> None:
    address = f"/places/{COUNTY}/agenda.json{DAYS}"
    public, officer = _titles(client, address), _titles(signed_in("officer"), address)
    assert "Housing" in public
    assert not [title for title in public if "Quiet" in title or "due" in title]
    assert "Quiet matter" in officer
    assert any("answers due: Housing" in title for title in officer)
    lead = _titles(signed_in("lead_inspector"), address)
    assert "Quiet matter" not in lead
    assert any("answers due: Housing" in title for title in lead), "the inspectorate works on it"
    police = json.loads(signed_in("responder").get(address).text)["items"]
    assert {one["agency"] for one in police if one["kind"] == "due"} == {"Loamshire Police"}, "its own days, and no other's"


def test_a_body_and_an_agency_have_one_of_their_own(client: FlaskClient, signed_in: SignIn, filled: str) -> None:
    assert "Inspectors away" in _titles(signed_in("lead_inspector"), f"/agenda.json{DAYS}")
    assert "Inspectors away" in _titles(client, f"/agenda.json{DAYS}&body=ofsted")
    police = _titles(signed_in("responder"), f"/agenda.json{DAYS}")
    assert {"Police conference", "District election", "Easter holiday"} <= police
    assert "Inspectors away" not in police
    assert "Scottish fair" not in police
    assert client.get("/agenda").status_code == 302
    assert client.get("/agenda?body=nobody").status_code == 404
    assert client.get("/agenda?agency=999999").status_code == 404


def test_every_surface_says_the_same(app: Flask, client: FlaskClient, filled: str) -> None:
    address = f"/places/{WEST}/agenda"
    titles = _titles(client, f"{address}.json{DAYS}")
    page = words(client.get(f"{address}{DAYS}").text)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{address}.csv{DAYS}").text)))
    feed = icalendar.Calendar.from_ical(client.get(f"{address}.ics{DAYS}").data)
    events = {str(event["summary"]): event for event in feed.walk("VEVENT")}
    assert titles == {row["title"] for row in rows} == set(events)
    assert all(title in page for title in titles)
    assert "Barrow End (33% of this place)" in page
    holiday = events["Easter holiday"]
    assert (holiday.decoded("dtstart"), holiday.decoded("dtend")) == (date(2026, 3, 30), date(2026, 4, 11))
    said = app.test_cli_runner().invoke(args=["agenda", "show", WEST, "--from", "2026-01-01", "--to", "2027-12-31", "--json"])
    assert {one["title"] for one in json.loads(said.stdout)["items"]} == titles


def test_filters_and_what_cannot_be_read(app: Flask, client: FlaskClient, filled: str) -> None:
    assert _titles(client, f"/places/{WEST}/agenda.json{DAYS}&kind=poll") == {"District election"}
    assert "Housing" in _titles(client, f"/places/{WEST}/agenda.json{DAYS}&kind=carnival&period=never"), "an unknown kind is none"
    assert client.get(f"/places/{WEST}/agenda?from=soon").status_code == 404
    assert client.get(f"/places/{WEST}/agenda?from=2027-01-01&to=2026-01-01").status_code == 200
    run = app.test_cli_runner().invoke
    assert "before the first" in run(args=["agenda", "show", WEST, "--from", "2027-01-01", "--to", "2026-01-01"]).stderr
    assert run(args=["agenda", "show", "E99999999"]).exit_code == 1


def test_the_statements_do_not_grow_with_the_reviews(app: Flask, client: FlaskClient, cast: SimpleNamespace, filled: str) -> None:
    counts = []
    for more in (1, 8):
        with app.app_context():
            for number in range(more):
                opened(cast, title=f"Review {more}-{number}", announced_on=date(2026, 3, 1))
            db.session.commit()
        client.get(f"/places/{WEST}/agenda{DAYS}")
        with statements(app) as said:
            client.get(f"/places/{WEST}/agenda{DAYS}")
        counts.append(len(said))
    assert counts[0] == counts[1] <= 20


def test_a_review_is_listed_in_its_own_days_and_not_once_it_is_withdrawn(app: Flask, client: FlaskClient, filled: str) -> None:
    """A stage after the report is on the agenda; the review itself, which ended before, is not."""
    address = f"/places/{CORLEY}/agenda.json?from=2026-09-01&to=2027-12-31"
    with app.app_context():
        review = db.session.scalars(select(Review).where(Review.reference == filled)).one()
        place = next(area.code for area in review.place.areas)
        review.state, review.reported_at = "reported", NOW
        phases = list(db.session.scalars(select(Phase).where(Phase.review_id == review.id).order_by(Phase.id)))
        phases[-1].title, phases[-1].starts_on, phases[-1].ends_on = "Monitoring", date(2026, 9, 7), date(2026, 12, 1)
        db.session.commit()
    address = f"/places/{place}/agenda.json?from=2026-09-01&to=2027-12-31"
    assert {"Housing"} & _titles(client, address) == set()
    assert "Monitoring: Housing" in _titles(client, address)
    with app.app_context():
        review = db.session.scalars(select(Review).where(Review.reference == filled)).one()
        review.state, review.reported_at = "withdrawn", None
        db.session.commit()
    assert not any("Housing" in title for title in _titles(client, f"/places/{place}/agenda.json{DAYS}") if "Due" not in title)


def test_whom_a_review_asked_is_known_with_its_list_and_not_before(
    app: Flask, client: FlaskClient, signed_in: SignIn, cast: SimpleNamespace, filled: str
) -> None:
    """The review is announced and public; that it asked this agency is not, until the list is out. On every surface."""
    address = f"/agenda.{{}}{DAYS}&agency={cast.police}"
    assert "Housing" in _titles(client, f"/places/{CORLEY}/agenda.json{DAYS}") | _titles(
        client, f"/places/{WEST}/agenda.json{DAYS}"
    )
    for asking in (client, signed_in("stranger")):
        assert "Housing" not in _titles(asking, address.format("json"))
        for form in ("csv", "ics"):
            assert "Housing" not in asking.get(address.format(form)).text
        assert "Housing" not in words(asking.get(f"/agenda{DAYS}&agency={cast.police}").text)
    assert "Housing" in _titles(signed_in("responder"), address.format("json"))
    with app.app_context():
        review = db.session.scalars(select(Review).where(Review.reference == filled)).one()
        review.list_released_on = date(2026, 3, 1)
        db.session.commit()
    assert "Housing" in _titles(client, address.format("json"))


def test_a_calendar_file_names_whose_it_is_and_holds_what_is_public(signed_in: SignIn, client: FlaskClient, filled: str) -> None:
    officer = signed_in("officer")
    page = officer.get(f"/agenda{DAYS}").text
    (address,) = re.findall(r'href="(/agenda\.ics[^"]*)"', page)
    address = address.replace("&amp;", "&")
    assert "body=" in address
    assert "Quiet matter" in words(page)
    assert "Quiet matter" not in officer.get(address).text, "a calendar program asks as nobody"
    assert client.get(address).status_code == 200
