"""An officer loads a file of payments on pages: columns proposed, rows left out named, choices kept, then loaded."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerSource
from scrutiny.payments.forms import ASKED
from scrutiny.payments.models import SpendProfile

FILE = (
    "Payments over £500\nPayee,Paid on,Eins,Zwei\nAcme Ltd,13/04/2024,1234.56,12.30\nBob Ltd,14/04/2024,12.00,7.70\n"
    "Acme Ltd,31/04/2024,1.00,2.00\n,,,see note\nTotal,,,22.00\n"
)
SignedIn = Callable[..., FlaskClient]


def send(client: FlaskClient, agency: int, content: bytes = FILE.encode(), name: str = "april.csv") -> str:
    """Send a file for an agency; the address of the page of its columns."""
    sent = {"file": (io.BytesIO(content), name), "spender": str(agency)}
    done = client.post("/count/payments", data=sent, content_type="multipart/form-data")
    assert done.status_code == 302, done.text
    return str(done.location)


def chosen(**said: str) -> dict[str, str]:
    """The form of columns as it is sent."""
    empty = dict.fromkeys(map(str, ASKED), "")
    return {**empty, "header_row": "2", "date": "2", "supplier": "1", "scale": "1", "date_order": "", "decimal_mark": "", **said}


def test_an_officer_maps_a_file_sees_what_is_left_out_and_loads_it(
    app: Flask, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    """Two columns could be the amount: the page asks; with one chosen it shows the sum beside the file's own."""
    client = signed_in("officer")
    page = send(client, cast.ashby_council)
    first = client.get(page).text
    assert "Several columns could be the amount: Eins, Zwei" in first
    shown = client.post(page, data=chosen(amount="4", show="1", profile="ashby-spend")).text
    assert "There is no such day as 31/04/2024." in shown
    assert "It states a total, and is not a payment: Total." in shown
    assert re.search(r"£22\.00, the same", shown)
    assert 'value="ashby-spend"' in shown
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LedgerSource)) == 0
    done = client.post(page, data=chosen(amount="4", load="1", profile="ashby-spend"), follow_redirects=True)
    assert "2 payments loaded, £20.00, as source 1. It is not published yet" in done.text
    with app.app_context():
        source = db.session.scalars(select(LedgerSource)).one()
        assert (source.body_id, source.pence, source.profile) == (cast.committee, 2_000, "ashby-spend")
    again = client.get(send(client, cast.ashby_council, FILE.replace("04/2024", "05/2024").encode(), "may.csv")).text
    assert 'value="ashby-spend"' in again
    assert "What would be loaded" in again


def test_what_is_wrong_is_said_and_what_was_chosen_stays(cast: SimpleNamespace, signed_in: SignedIn) -> None:
    """A year that is none, and a header row that holds nothing."""
    client = signed_in("officer")
    page = send(client, cast.ashby_council)
    wrong = client.post(page, data=chosen(amount="4", year="24", show="1", profile="mine")).text
    assert "Enter a year from 1990 to 2100" in wrong
    assert 'value="mine"' in wrong
    assert re.search(r'<option value="4" selected', wrong)
    wrong = client.post(page, data=chosen(amount="4", header_row="900", show="1")).text
    assert "Row 900, which is said to be the header, holds nothing." in wrong


@pytest.mark.parametrize(
    ("content", "says"),
    [(b'{"error": "no"}', "This is JSON, not a table"), (b"<html><body>404</body></html>", "This is a web page without a table")],
)
def test_a_file_that_is_no_table_is_told_on_its_page(
    cast: SimpleNamespace, signed_in: SignedIn, content: bytes, says: str
) -> None:
    """Nothing is stored."""
    client = signed_in("officer")
    assert says in client.get(send(client, cast.ashby_council, content)).text


def test_a_profile_is_saved_only_with_a_load(app: Flask, cast: SimpleNamespace, signed_in: SignedIn) -> None:
    """Looking keeps nothing."""
    client = signed_in("officer")
    client.post(send(client, cast.ashby_council), data=chosen(amount="4", show="1", profile="mine"))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SpendProfile)) == 0


def test_only_officers_load_and_each_sees_only_what_they_sent(
    client: FlaskClient, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    """A stranger signs in first; an agency and another officer find nothing there."""
    assert client.get("/count/payments").status_code == 302
    assert signed_in("responder").get("/count/payments").status_code == 404
    page = send(signed_in("officer"), cast.ashby_council)
    for other in ("responder", "inspector"):
        assert signed_in(other).get(page).status_code == 404


def test_the_link_stands_where_it_leads_somewhere(signed_in: SignedIn) -> None:
    """A chair opens reviews and loads no files."""
    assert "/count/payments" in signed_in("officer").get("/home", follow_redirects=True).text
    assert "/count/payments" not in signed_in("chair").get("/home", follow_redirects=True).text


def test_another_bodys_source_is_neither_told_of_corrected_nor_counted_twice(
    app: Flask, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    """A lead inspector who loads a file of the same name, or the same file, changes nothing of the committee's."""

    def load_as(who: str, content: bytes) -> str:
        client = signed_in(who)
        return client.post(send(client, cast.police, content), data=chosen(amount="4", load="1"), follow_redirects=True).text

    def publish_as(who: str, number: int) -> str:
        return signed_in(who).post(f"/count/sources/{number}/publish", follow_redirects=True).text

    load_as("officer", FILE.encode())
    for content in (FILE.encode(), FILE.replace("12.30", "12.40").encode()):
        told = load_as("lead_inspector", content)
        assert "source 1" not in told
    publish_as("officer", 1)
    for number in (2, 3):
        assert "Source 1 counts this money already: april.csv" in publish_as("lead_inspector", number)
    load_as("officer", FILE.replace("12.30", "12.50").encode())
    load_as("officer", FILE.replace("12.30", "12.60").encode())
    publish_as("officer", 5)
    with app.app_context():
        states = [db.session.get_one(LedgerSource, number).state for number in range(1, 6)]
    assert states == ["replaced", "pending", "pending", "replaced", "published"]
