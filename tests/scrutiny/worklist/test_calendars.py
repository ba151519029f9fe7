"""Calendars of a review, an agency, a body and a person: behind an address that cannot be guessed and can be stopped."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from scrutiny.accounts.models import AccessKey, Person
from scrutiny.bodies import service as bodies
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.delegation import service as delegation
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.transaction import writes_now
from scrutiny.worklist.feeds import calendar_of
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting
from tests.scrutiny.worklist.conftest import Clock, words_of
from workflows.roles import OPERATOR_ACTOR, Appointment

SignIn = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def _the_same_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """The page of calendars reads it too."""
    monkeypatch.setattr("scrutiny.worklist.feed_views.now", clock)


def test_a_calendar_says_how_often_to_read_its_feed_in_the_words_of_the_standard_and_of_outlook() -> None:
    lines = calendar_of([], key="review-1", name="Dates", host="scrutiny.example", at=NOW).decode().split("\r\n")
    assert lines.count("REFRESH-INTERVAL;VALUE=DURATION:PT6H") == 1
    assert lines.count("X-PUBLISHED-TTL:PT6H") == 1


def _made(client: FlaskClient, shows: str) -> str:
    """The address of a new calendar, as its maker copies it."""
    page = client.post("/calendars", data={"shows": shows, "name": "Outlook"})
    found = re.search(r"http://localhost(/feeds/feed_[\w-]{43}\.ics)", page.text)
    assert found is not None, words_of(page)
    return found[1]


def _offered(client: FlaskClient) -> dict[str, str]:
    """What may be chosen, in words."""
    return dict(re.findall(r'<option value="([a-z]+:\d+)"[^>]*>([^<]+)</option>', client.get("/calendars").text))


def _events(client: FlaskClient, address: str) -> dict[str, date]:
    """Summary and day of each event, read by a calendar program's own reader."""
    response = client.get(address)
    assert (response.status_code, response.content_type) == (200, "text/calendar; charset=utf-8"), address
    return {str(one["SUMMARY"]): one["DTSTART"].dt for one in Calendar.from_ical(response.data).walk("VEVENT")}


def test_everybody_is_offered_what_is_theirs_and_nothing_else(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    review, police = f"review:{asked.id}", f"agency:{cast.police}"
    assert set(_offered(signed_in("officer"))) == {f"person:{cast.officer}", f"body:{cast.committee}", review}
    assert set(_offered(signed_in("partner_inspector"))) == {f"person:{cast.partner_inspector}", f"body:{cast.cqc}", review}
    assert set(_offered(signed_in("responder"))) == {f"person:{cast.responder}", police}
    assert set(_offered(signed_in("administrator"))) == {f"person:{cast.administrator}"}
    refused = signed_in("responder").post("/calendars", data={"shows": review, "name": ""})
    assert "There is a problem" in refused.text
    assert "/feeds/feed_" not in refused.text


def test_each_kind_shows_its_days_without_signing_in(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, client: FlaskClient
) -> None:
    due = "31 items due from 6 agencies: Children's mental health"
    for shows in (f"review:{asked.id}", f"body:{cast.committee}", f"person:{cast.officer}"):
        found = _events(client, _made(signed_in("officer"), shows))
        assert found[due] == date(2026, 4, 21), shows
    for shows in (f"agency:{cast.police}", f"person:{cast.responder}"):
        found = _events(client, _made(signed_in("responder"), shows))
        assert found == {"5 of 5 items left: Children's mental health": date(2026, 4, 21)}


def test_an_observer_finds_phases_only_in_each_of_them(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, client: FlaskClient
) -> None:
    for shows in (f"review:{asked.id}", f"body:{cast.cqc}", f"person:{cast.partner_inspector}"):
        found = _events(client, _made(signed_in("partner_inspector"), shows))
        assert found
        assert all(summary.startswith("“") for summary in found), shows


def test_a_persons_own_leaves_out_what_a_colleague_has(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, client: FlaskClient, app: Flask
) -> None:
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, asked.police)
        for item in request.items:
            delegation.hand_items([item], db.session.get_one(Person, cast.colleague), by=acting("responder"), at=NOW)
    mine = _made(signed_in("responder"), f"person:{cast.responder}")
    theirs = _made(signed_in("colleague"), f"person:{cast.colleague}")
    assert _events(client, mine) == {}
    assert len(_events(client, theirs)) == 1
    assert len(_events(client, _made(signed_in("responder"), f"agency:{cast.police}"))) == 1


def test_a_persons_own_joins_all_they_belong_to(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, client: FlaskClient, app: Flask
) -> None:
    with app.app_context(), writes_now():
        person, body = db.session.get_one(Person, cast.responder), db.session.get_one(Body, cast.ofsted)
        bodies.join(person, body, Appointment("inspector", date(2026, 1, 1)), by=OPERATOR_ACTOR, at=NOW)
    found = _events(client, _made(signed_in("responder"), f"person:{cast.responder}"))
    assert "5 of 5 items left: Children's mental health" in found
    assert "“Scoping” ends: Children's mental health" in found


def test_what_its_holder_may_no_longer_see_is_gone_from_it(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, client: FlaskClient, app: Flask
) -> None:
    """A body leaves the review; a person leaves the body."""
    review = _made(signed_in("lead_inspector"), f"review:{asked.id}")
    body = _made(signed_in("lead_inspector"), f"body:{cast.ofsted}")
    assert _events(client, review)
    with app.app_context(), writes_now():
        row = db.session.scalars(select(ReviewBody).where(ReviewBody.body_id == cast.ofsted)).one()
        row.to_on = date(2026, 3, 1)
    assert client.get(review).status_code == 404
    assert _events(client, body) == {}
    with app.app_context(), writes_now():
        held = select(BodyMembership).where(BodyMembership.person_id == cast.lead_inspector)
        db.session.scalars(held).one().to_on = date(2026, 3, 1)
    assert client.get(body).status_code == 401


def test_a_stopped_guessed_or_other_address_opens_nothing(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, client: FlaskClient, app: Flask
) -> None:
    officer = signed_in("officer")
    address = _made(officer, f"review:{asked.id}")
    with app.app_context():
        key = db.session.scalars(select(AccessKey)).one()
        assert address not in (key.key_hash, key.name)
        key_id, about = key.id, key.about
    assert about == f"body:{cast.committee}"
    assert signed_in("chair").post(f"/calendars/{key_id}/revoke").status_code == 404, "it is not theirs to stop"
    assert _events(client, address)
    assert client.get(address.replace("/feeds/", "/reviews?key=")).status_code == 302, "it is no sign-in"
    assert officer.post(f"/calendars/{key_id}/revoke").status_code == 302
    for wrong in (address, "/feeds/feed_guessed.ics", "/feeds/.ics"):
        assert client.get(wrong).status_code == 404
        assert officer.get(wrong).status_code == 404


def test_a_review_that_is_withdrawn_has_no_days_left(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, client: FlaskClient, app: Flask
) -> None:
    address = _made(signed_in("officer"), f"review:{asked.id}")
    with app.app_context(), writes_now():
        db.session.get_one(Review, asked.id).state = "withdrawn"
    assert _events(client, address) == {}


def test_the_same_entry_keeps_its_identity_from_one_reading_to_the_next(
    asked: SimpleNamespace, cast: SimpleNamespace, signed_in: SignIn, client: FlaskClient
) -> None:
    address = _made(signed_in("officer"), f"person:{cast.officer}")
    first, second = ([str(one["UID"]) for one in Calendar.from_ical(client.get(address).data).walk("VEVENT")] for _ in range(2))
    assert first == second
    assert len(set(first)) == len(first) > 5
