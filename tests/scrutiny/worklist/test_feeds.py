"""Calendar feeds: behind a key that can be revoked, in one capacity, showing nothing its holder may not see."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from scrutiny.accounts import queries as accounts
from scrutiny.accounts import service
from scrutiny.accounts.models import Person
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting


def _key(app: Flask, cast: SimpleNamespace, who: str, kind: str = "feed") -> str:
    """A key of one of the cast."""
    with app.app_context(), writes_now():
        person = db.session.get_one(Person, getattr(cast, who))
        return service.make_key(person, kind=kind, name="Mine", by=acting(who), at=NOW)


def _events(client: FlaskClient, address: str) -> dict[str, date]:
    """Summary and day of each event of a feed, read by a calendar program's own reader."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.content_type == "text/calendar; charset=utf-8"
    return {str(one["SUMMARY"]): one["DTSTART"].dt for one in Calendar.from_ical(response.data).walk("VEVENT")}


def test_a_key_opens_the_feed_without_signing_in(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, client: FlaskClient
) -> None:
    """What is due, as whole days; the same UID at each reading."""
    address = f"/inbox.ics?key={_key(app, cast, 'responder')}"
    assert _events(client, address) == {"5 of 5 items left: Children's mental health": date(2026, 4, 21)}
    first, second = ([str(one["UID"]) for one in Calendar.from_ical(client.get(address).data).walk("VEVENT")] for _ in range(2))
    assert first == second == [f"request-{asked.police}-answer-2026-04-21@localhost"]


def test_a_revoked_unknown_or_other_key_opens_nothing(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, client: FlaskClient
) -> None:
    """Not even that there is a feed."""
    secret = _key(app, cast, "responder")
    with app.app_context(), writes_now():
        key = accounts.key_with(secret, "feed")
        assert key is not None
        service.revoke_key(key, by=acting("responder"), at=NOW)
    for wrong in (secret, "feed_guessed", _key(app, cast, "responder", kind="api")):
        assert client.get(f"/inbox.ics?key={wrong}").status_code == 404
        assert client.get(f"/reviews/R-2026-001/calendar.ics?key={wrong}").status_code == 404


def test_a_key_opens_no_page_but_a_feed(app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, client: FlaskClient) -> None:
    """In an address of a page it is no sign-in."""
    secret = _key(app, cast, "officer")
    assert client.get(f"/inbox?key={secret}").status_code == 302
    assert client.get(f"/reviews/R-2026-001?key={secret}").status_code == 302


def test_a_feed_shows_nothing_its_holder_may_not_see(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, client: FlaskClient
) -> None:
    """An agency finds no review; an observer finds phases only; an officer finds what is due."""
    keys = {who: _key(app, cast, who) for who in ("responder", "stranger", "partner_inspector", "officer")}
    review = "/reviews/R-2026-001/calendar.ics?key="
    assert client.get(review + keys["responder"]).status_code == 404
    assert not any("(R-2026-001/P05)" in summary for summary in _events(client, "/inbox.ics?key=" + keys["stranger"]))
    observed = _events(client, review + keys["partner_inspector"])
    assert observed
    assert all(summary.startswith("“") for summary in observed)
    assert _events(client, "/inbox.ics?key=" + keys["partner_inspector"]) == observed
    assert "31 items due from 6 agencies: Children's mental health" in _events(client, review + keys["officer"])
