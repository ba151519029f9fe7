"""Many places at once, by anyone: sent, waited for, taken away, deleted; and the same by machine."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.agencies import bulk_jobs as lists
from scrutiny.transaction import writes_now
from tests.conftest import NOW


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lists the page would have started in a process of their own."""
    ids: list[int] = []
    monkeypatch.setattr(lists, "start", ids.append)
    return ids


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page stands at the moment of the tests."""
    monkeypatch.setattr("scrutiny.public.bulk_views.now", lambda: NOW)


def test_a_list_is_sent_waited_for_and_taken_away(app: Flask, client: FlaskClient, started: list[int]) -> None:
    sent = client.post("/many", data={"places": "LM1 1AA\nnonsense <b>\nE07900002\n", "kinds": ["police"]})
    assert sent.status_code == 302
    page = client.get(sent.location)
    assert "waiting to begin" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert "Check again" in page.text
    assert client.get(f"{sent.location}/answers.csv").status_code == 404
    with app.app_context():
        lists.carry_out(started[0], clock=lambda: NOW)
    page = client.get(sent.location)
    assert "3 rows answered as at 2 March 2026, 1 row of them without an area" in page.text
    assert "nonsense &lt;b&gt;" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    table = list(csv.DictReader(io.StringIO(client.get(f"{sent.location}/answers.csv").text)))
    assert [row["asked"] for row in table] == ["LM1 1AA", "nonsense <b>", "E07900002"]
    assert table[0]["Police force"] == "Loamshire Police"
    book = client.get(f"{sent.location}/answers.xlsx")
    assert book.data.startswith(b"PK")
    assert client.post(f"{sent.location}/forget").status_code == 302
    assert client.get(sent.location).status_code == 404
    assert client.get(f"{sent.location}/answers.csv").status_code == 404


def test_a_file_is_read_by_its_column(client: FlaskClient, started: list[int]) -> None:
    file = (io.BytesIO(b"name,postcode\nAda,LM1 1AA\n"), "people.csv")
    sent = client.post("/many", data={"file": file})
    assert sent.status_code == 302
    assert len(started) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Paste a list of postcodes or codes, or choose a file"),
        ({"places": "LM1 1AA\n" * 10_001}, "10,000 is the most at once: send it in parts"),
        ({"file": (io.BytesIO(b"PK\x03\x04rest"), "list.xlsx")}, "This is a workbook or zip file, not CSV"),
        ({"file": (io.BytesIO(b"name,town\nAda,Ashby\n"), "list.csv")}, "has no column called “postcode”"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(
    client: FlaskClient, started: list[int], data: dict[str, object], said: str
) -> None:
    page = client.post("/many", data=data)
    assert page.status_code == 200
    assert said in page.text
    assert started == []


def test_an_address_somebody_made_up_leads_nowhere(client: FlaskClient) -> None:
    assert client.get("/many/1").status_code == 404
    assert client.get("/many/WzEsIngiXQ.abc").status_code == 404


def test_one_network_may_send_only_so_many_lists_an_hour(client: FlaskClient, started: list[int]) -> None:
    for _ in range(31):
        last = client.post("/many", data={"places": "LM1 1AA"})
        if last.status_code == 429:
            break
        if "Other lists are being answered" in last.text or last.status_code == 302:
            _forget_all(client)
    assert last.status_code == 429
    assert "Wait an hour" in last.text


def _forget_all(client: FlaskClient) -> None:
    """Drop what is going on, so that only the hourly limit is tried."""
    with client.application.app_context(), writes_now():
        lists.forget_old(at=NOW + lists.KEPT * 2)


def test_the_same_is_told_by_machine(client: FlaskClient) -> None:
    answer = client.get("/api/v1/many?places=lm11aa,E07900002,nonsense&kind=police&on=2026-03-02")
    assert answer.status_code == 200
    rows = answer.json
    assert rows is not None
    assert [row["asked"] for row in rows] == ["LM1 1AA", "E07900002", "nonsense"]
    assert rows[0]["agencies"][0]["agency"] == "Loamshire Police"
    assert (rows[2]["fault"], rows[2]["agencies"]) == (True, [])
    assert client.get("/api/v1/many?places=" + "LM1,1AA," * 60).status_code == 409
    assert client.get("/api/v1/many").status_code == 422
    assert client.get("/api/v1/many?places=LM1%201AA&kind=guild").status_code == 409
