"""Who spends, on what and who decides: the same sums in chart, tables, CSV, JSON and the command, and all of them the net."""

from __future__ import annotations

import csv
import io
import json
import re
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.extensions import db
from scrutiny.ledger import service
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import keep
from tests.scrutiny.reviews.acting import acting

PAGE = "/places/E10900001/count"
COUNCIL = """service,amount,transfer_to,control
education,100.00,,direct
education,300.00,,none
public-health,200.00,Loamshire Police,influence
housing,-5.00,,
"""


@pytest.fixture
def counted(app: Flask, cast: SimpleNamespace) -> None:
    with app.app_context():
        for agency, text in (
            (cast.county_council, COUNCIL),
            (cast.police, "service,amount,transfer_from,control\n03.1,900.00,,direct\n03.1,150.00,Loamshire County Council,\n"),
        ):
            service.publish(keep(agency, text, body_id=cast.committee), by=acting("officer"), at=NOW)
        keep(cast.fire, "service,amount,control\n03.2,7777.00,direct\n", body_id=cast.committee)
        db.session.commit()


def test_sums_are_the_net_and_the_same_everywhere(counted: None, app: Flask, client: FlaskClient) -> None:
    plain = json.loads(client.get(f"{PAGE}.json").text)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}/summary.csv").text)))
    assert sum(int(row["pence"]) for row in rows) == plain["netted"] == 10_000 + 30_000 + 5_000 - 500 + 90_000
    assert [(row["service"], row["control"], int(row["pence"])) for row in rows] == [
        (row["service"], row["control"], row["pence"]) for row in plain["spending"]
    ]
    assert [(row["body_name"], row["control"]) for row in rows[:2]] == [
        ("Loamshire Police", "direct"),
        ("Loamshire County Council", ""),
    ]
    ran = app.test_cli_runner().invoke(args=["ledger", "count", "E10900001", "--json"])
    assert json.loads(ran.stdout)["netted"] == plain["netted"] + 777_700, "the command sees what is not published too"
    assert {row["control"] for row in json.loads(ran.stdout)["spending"]} == {"direct", "influence", "none", ""}


def test_each_chart_has_its_table_and_says_what_it_cannot_draw(counted: None, client: FlaskClient) -> None:
    page = client.get(PAGE).text
    who, decides = (
        re.search(rf"<svg[^>]*>.*?>{title}</title>.*?</svg>", page, re.DOTALL)
        for title in ("Who spends, and on what", "On what, and who decides how it is spent")
    )
    assert who is not None
    assert decides is not None
    for words in ("Loamshire Police", "£900", "Loamshire County Council: Education"):
        assert words in who.group()
    for words in ("Education: Decided locally", "Education: Decided elsewhere", "Influenced locally"):
        assert words in decides.group()
    assert "Spending by service and who decides, 2024 to 2025" in page
    assert "Sums below zero, such as refunds, are in the tables and cannot be drawn." in page
    assert "Fire" not in who.group()
    assert client.get(f"{PAGE}/summary.csv?year=1999").text.count("\n") == 1
