"""The pages of the count: from a figure to its row in two clicks, what is published, and what only officers see and do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.extensions import db
from scrutiny.ledger import service
from scrutiny.ledger.models import LedgerSource
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import keep
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]
PAGE = "/places/E10900001/count"
COUNCIL = """service,amount,transfer_to,ring_fence
adult-social-care,"£1,000,000.00",,
public-health,200.00,Loamshire Police,safer streets
other,50.00,Loamshire Fire and Rescue,
Leaf collecting,33.33,,
housing,,,
"""
POLICE = "service,amount,transfer_from\n03.1,900.00,\n03.1,200.00,Loamshire County Council\n"


@pytest.fixture
def counted(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """The council's accounts, not published yet, and the published ones of the police."""
    with app.app_context():
        council = keep(cast.county_council, COUNCIL, body_id=cast.committee, title="Council accounts")
        police = keep(cast.police, POLICE, body_id=cast.committee, title="Police accounts")
        service.publish(police, by=acting("officer"), at=NOW)
        db.session.commit()
        return SimpleNamespace(council=council.id, police=police.id)


def test_a_figure_leads_to_the_row_of_its_source_in_two_clicks(counted: SimpleNamespace, client: FlaskClient) -> None:
    page = client.get(PAGE).text
    (first,) = set(re.findall(r'href="([^"]*/count/figures\?[^"]*body=[^"]*service=03[^"]*)"', page))
    second = re.search(r'href="(/count/sources/\d+\?row=\d+)"', client.get(first.replace("&amp;", "&")).text)
    assert second is not None
    row = client.get(second.group(1)).text
    for words in ("Row 2", "£900.00", "03.1 Police services", "accounts.csv", "SHA-256"):
        assert words in row


def test_coverage_is_said_first_and_names_who_is_not_counted(counted: SimpleNamespace, client: FlaskClient) -> None:
    page = client.get(PAGE).text
    said = page.index("1 of 7 public bodies that serve this place is counted for 2024 to 2025. Not counted:")
    assert said < page.index("spent here, each pound once")
    assert "West Loamshire Integrated Care Board" in page[said : said + 400]


def test_what_is_not_published_is_seen_by_the_officers_of_its_council_alone(
    counted: SimpleNamespace, signed_in: SignIn, client: FlaskClient
) -> None:
    officer = signed_in("officer")
    for path in (PAGE, f"{PAGE}.csv", f"{PAGE}.json", f"/count/sources/{counted.council}"):
        assert "Leaf collecting" in officer.get(path).text or path == PAGE
        for reader in (client, signed_in("councillor"), signed_in("lead_inspector"), signed_in("responder")):
            found = reader.get(path)
            assert "Leaf collecting" not in found.text
            assert "1,000,000" not in found.text
            assert found.status_code == (404 if "sources" in path else 200)
    assert "Some of these figures are not published" in officer.get(PAGE).text
    assert client.get("/count/sources").status_code == 302
    assert signed_in("responder").get("/count/sources").status_code == 404


def test_an_officer_sees_what_publishing_changes_and_publishes(
    counted: SimpleNamespace, signed_in: SignIn, client: FlaskClient
) -> None:
    officer, address = signed_in("officer"), f"/count/sources/{counted.council}"
    page = officer.get(address).text
    assert "changes from £0.00 to £1,000,283.33" in page
    assert "There is nothing in the column “amount”." in page
    done = officer.post(f"{address}/publish", follow_redirects=True).text
    assert "“Council accounts” is published and in the count." in done
    shown = client.get(PAGE).text
    assert "Loamshire County Council paid £200.00 to Loamshire Police, and both record it." in shown
    assert "£50.00 paid to Loamshire Fire and Rescue, of which nothing is counted for this year" in shown
    assert "Not placed under a service" in shown
    plain = json.loads(client.get(f"{PAGE}.json").text)
    assert (plain["matched"], plain["netted"]) == (20_000, 100_000_000 + 20_000 + 5_000 + 3_333 + 90_000 - 20_000)


def test_only_those_who_look_after_a_source_publish_or_withdraw_it(
    counted: SimpleNamespace, signed_in: SignIn, client: FlaskClient, app: Flask
) -> None:
    for who in ("councillor", "chair", "lead_inspector", "responder", "administrator"):
        for deed in ("publish", "withdraw"):
            assert signed_in(who).post(f"/count/sources/{counted.council}/{deed}").status_code == 404
            assert signed_in(who).post(f"/count/sources/{counted.police}/{deed}").status_code == 404
    with app.app_context():
        assert db.session.get_one(LedgerSource, counted.council).state == "pending"
        assert db.session.get_one(LedgerSource, counted.police).state == "published"


def test_withdrawing_asks_for_a_reason_and_keeps_what_was_typed(
    counted: SimpleNamespace, signed_in: SignIn, client: FlaskClient
) -> None:
    officer, address = signed_in("officer"), f"/count/sources/{counted.police}"
    assert "Enter why you are withdrawing this source" in officer.post(f"{address}/withdraw", data={"why": " "}).text
    again = officer.post(f"{address}/withdraw", data={"why": "They sent us the wrong year"}, follow_redirects=True).text
    assert "is withdrawn. Its figures are no longer in the count." in again
    assert client.get(address).status_code == 404
    assert "Nothing is counted for this place yet" in client.get(PAGE).text
    twice = officer.post(f"{address}/withdraw", data={"why": "Once more, with these words"}).text
    assert "This source is withdrawn" in twice


def test_the_csv_holds_every_figure_of_the_page(counted: SimpleNamespace, client: FlaskClient) -> None:
    rows = client.get(f"{PAGE}.csv").text.splitlines()
    assert len(rows) == 2
    assert rows[0].startswith("place,year,body,")
    assert ",90000,0," in rows[1]


def test_change_after_inflation_and_a_year_without_a_price_level(app: Flask, cast: SimpleNamespace, client: FlaskClient) -> None:
    with app.app_context():
        for year, amount in ((2023, "95.90"), (2024, "110.00"), (2030, "1.00"), (2031, "2.00")):
            source = keep(cast.police, f"service,amount\n03.1,{amount}\n", year)
            service.publish(source, by=acting("officer"), at=NOW) if source.body_id else None
            source.state, source.published_at = "published", NOW
        db.session.commit()
    assert "10.0% more" in client.get(f"{PAGE}?year=2024").text
    late = client.get(f"{PAGE}?year=2031").text
    assert "Real terms are not shown" in late
    assert "has no figure for 2030 to 2031" in late


def test_a_place_and_a_year_that_nothing_is_counted_of(counted: SimpleNamespace, client: FlaskClient) -> None:
    assert "Years that are counted" in client.get(f"{PAGE}?year=1999").text
    assert client.get(f"{PAGE}/figures?year=1999").status_code == 404
    assert client.get(f"{PAGE}/figures?body=99999").status_code == 404
    assert client.get("/places/E99999999/count").status_code == 404
    assert client.get(f"{PAGE}?year=two").status_code == 200
    assert 'href="/places/E10900001/count' in client.get("/places/E10900001").text
