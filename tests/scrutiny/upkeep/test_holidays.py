"""The administrator's pages of bank holidays: a list is sent, looked at, and only then counts."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from scrutiny.upkeep import holiday_views, views
from tests.conftest import NOW
from tests.scrutiny.demo.test_raw_words import RAW, words_of
from tests.scrutiny.official import official_list
from tests.scrutiny.rules.test_holidays import LATE, MESSY

SignedIn = Callable[..., FlaskClient]


def send(client: FlaskClient, content: bytes, name: str = "bank-holidays.json") -> tuple[int, str]:
    """The answer to a list sent, with the page it leads to."""
    sent = {"file": (io.BytesIO(content), name)}
    answer = client.post("/administration/holidays", data=sent, content_type="multipart/form-data", follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_list_is_shown_before_it_counts_and_counts_once_it_is_used(signed_in: SignedIn) -> None:
    client = signed_in("administrator")
    status, page = send(client, LATE)
    assert status == 200
    assert "16 March 2026 (Jubilee) is new in England and Wales." in page
    assert "What it would change" in page
    explain = "/api/v1/deadlines/explain?clock=working_after:20&from=2026-03-02"
    assert client.get(explain).get_json()["due"] == "2026-03-30"
    client.post("/administration/holidays/1", data={})
    shown = client.get("/administration/holidays/1").get_data(as_text=True)
    assert "Ada Winn" in shown
    assert not RAW.findall(words_of(shown)), "no key, reference or day in figures"
    assert client.get(explain).get_json()["due"] == "2026-03-31"
    assert "What it changed" in client.get("/administration/holidays/1").get_data(as_text=True)
    assert "in use since" in client.get("/administration/holidays").get_data(as_text=True)


def test_an_older_list_is_used_only_where_that_is_ticked(signed_in: SignedIn) -> None:
    client = signed_in("administrator")
    send(client, LATE)
    client.post("/administration/holidays/1", data={})
    _, page = send(client, official_list())
    assert "This list lacks 16 March 2026, known for England and Wales." in page
    assert "Tick the box" in client.post("/administration/holidays/2", data={}).text
    assert client.post("/administration/holidays/2", data={"older": "y"}).status_code == 302


def test_a_list_with_dates_that_do_not_exist_is_refused_in_its_own_sentences(signed_in: SignedIn) -> None:
    if not MESSY.is_file():
        pytest.skip(f"there is no {MESSY}: set SHARED_DATA to the folder of real and messy files")
    client = signed_in("administrator")
    _, page = send(client, MESSY.read_bytes(), "m60.json")
    assert "m60.json, line 1, scotland: Scotland is missing" in page
    assert "the date of Christmas Day, 2026-13-25, does not exist" in page
    assert "No list has been sent yet." in page


def test_staleness_is_loud_to_the_administrator_and_in_the_health_check(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, told = signed_in("administrator"), "Bank holidays of Scotland are known only to 31 December 2028"
    monkeypatch.setattr(views, "now", lambda: NOW)
    ready = client.get("/health/ready").get_json()
    assert ready["holidays_known_to"]["scotland"] == "2028-12-31"
    assert ready["warnings"] == []
    monkeypatch.setattr(views, "now", lambda: datetime(2028, 10, 2, 9, 0, tzinfo=UTC))
    monkeypatch.setattr(holiday_views, "today", lambda: date(2028, 10, 2))
    assert any(sentence.startswith(told) for sentence in client.get("/health/ready").get_json()["warnings"])
    for address in ("/administration", "/administration/holidays"):
        assert told in client.get(address).get_data(as_text=True)


def test_a_list_that_reaches_further_silences_it(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in("administrator")
    always = {date(2029, 3, 30): "Good Friday", date(2029, 12, 25): "Christmas Day"}
    next_year = {
        d: {day.replace(year=2029): "A day" for day in _days(d)} | always
        for d in ("england-and-wales", "scotland", "northern-ireland")
    }
    send(client, official_list(added=next_year))
    client.post("/administration/holidays/1", data={})
    monkeypatch.setattr(holiday_views, "today", lambda: date(2028, 10, 2))
    page = client.get("/administration/holidays").get_data(as_text=True)
    assert "are known only to" not in page
    assert "31 Dec 2029" in page


def _days(division: str) -> list[date]:
    """The bank holidays of 2027 in a division."""
    from tests.workflows.calendars import CALENDARS

    return [day for day in CALENDARS.of(division).holidays if day.year == 2027]


def test_to_others_the_pages_are_not_there(signed_in: SignedIn, client: FlaskClient) -> None:
    send(signed_in("administrator"), LATE)
    for who in ("officer", "responder", "stranger"):
        assert signed_in(who).get("/administration/holidays").status_code == 404
        assert signed_in(who).get("/administration/holidays/1").status_code == 404
        assert signed_in(who).post("/administration/holidays/1").status_code == 404
    assert client.get("/administration/holidays/1").status_code == 302
