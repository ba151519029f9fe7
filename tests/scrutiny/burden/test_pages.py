"""The pages, files and commands of the ledger, and the page on which an agency says what answering cost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.audit.models import AuditEntry
from scrutiny.burden.plain import COLUMNS
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import writes_now
from tests.scrutiny.worklist.conftest import words_of

SignIn = Callable[..., FlaskClient]


def test_anyone_reads_who_asks_how_much_of_whom(asked: SimpleNamespace, client: FlaskClient) -> None:
    words = words_of(client.get("/burden"))
    for said in (
        "Counted: requests that are public",
        "2 questions asked 1 request",
        "Loamshire Overview and Scrutiny Committee asks Loamshire Fire and Rescue",
        "Agencies entered hours for 1 of 1 request: 2.5 hours. The estimate for the same requests is 2 hours.",
        "Hours entered and estimated hours are never added together.",
        "Asked: 0 in words or any form, 1 for figures, 1 for a document, 0 days at meetings.",
    ):
        assert said in words, said
    assert "Loamshire Police" not in words


@pytest.mark.parametrize(
    "by", ["body", "agency_kind", "place", "method", "power", "theme", "kind", "quarter", "year", "nonsense"]
)
def test_every_split_is_a_page(asked: SimpleNamespace, signed_in: SignIn, by: str) -> None:
    page = signed_in("responder").get(f"/burden?by={by}&period=all")
    words = words_of(page)
    assert page.status_code == 200
    assert "8 questions asked 3 requests" in words
    assert "Not known" not in words


def test_what_cannot_be_read_in_the_address_is_left_out_of_account(asked: SimpleNamespace, client: FlaskClient) -> None:
    page = client.get("/burden?period=soon&body=x&agency=-1&place=Ashby")
    assert "2 questions asked 1 request" in words_of(page)
    nowhere = words_of(client.get("/burden?place=Nowhere"))
    assert "“Nowhere”" in nowhere
    assert "0 questions asked 0 requests" in nowhere
    assert client.get("/agencies/99999/burden").status_code == 404


def test_an_agency_sees_all_of_its_own_and_what_is_due_next(
    asked: SimpleNamespace, cast: SimpleNamespace, client: FlaskClient, signed_in: SignIn
) -> None:
    own = words_of(signed_in("responder").get(f"/agencies/{cast.police}/burden?period=all"))
    assert "Counted: everything your agency was asked, public or not." in own
    assert "6 questions asked 2 requests" in own
    assert "Due next" in own
    assert "Office for Standards in Learning Children who go missing 3" in own
    others = words_of(client.get(f"/agencies/{cast.police}/burden?period=all"))
    assert "0 questions asked 0 requests" in others
    assert "Due next" not in others
    assert "only where 5 or more of them were asked something that is public" in others
    assert f'href="/agencies/{cast.police}/burden"' in signed_in("responder").get("/inbox").text


def test_a_place_says_it_for_each_thousand_people(asked: SimpleNamespace, client: FlaskClient) -> None:
    """Ashby: 2,500 people, and 105 minutes estimated."""
    words = words_of(client.get("/places/E07900001/burden"))
    assert "0.7 estimated hours for every 1,000 people" in words
    county = words_of(client.get("/places/E10900001/burden"))
    assert "2 questions asked" in county  # the review of Ashby lies in the county
    assert "0 questions asked" in words_of(client.get("/places/E07900003/burden"))
    assert '/places/E07900001/burden"' in client.get("/places/E07900001").text


@pytest.mark.parametrize("path", ["/burden", "/places/E07900001/burden", "/agencies/{fire}/burden"])
def test_the_files_say_what_the_page_says(asked: SimpleNamespace, cast: SimpleNamespace, client: FlaskClient, path: str) -> None:
    path = path.format(fire=cast.fire)
    sheet = list(csv.DictReader(io.StringIO(client.get(f"{path}.csv?period=all&by=kind").text)))
    assert tuple(sheet[0]) == COLUMNS
    assert [(row["by"], row["part"], row["asked"]) for row in sheet][-1] == ("total", "All years", "2")
    said = json.loads(client.get(f"{path}.json?period=all&by=kind").text)
    assert [str(part["asked"]) for part in said["parts"]] == [row["asked"] for row in sheet[:-1]]
    assert said["total"]["entered_minutes"] == 150
    assert said["total"]["files_sent"] == 0


def test_the_commands_say_the_same(app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    shown = run(args=["burden", "show", "--period", "all", "--by", "agency"])
    assert "Loamshire Police: 6 questions" in shown.output
    public = json.loads(run(args=["burden", "show", "--period", "all", "--public", "--json"]).output)
    assert public["total"]["asked"] == 2
    place = json.loads(run(args=["burden", "show", "--period", "all", "--place", "E07900001", "--json"]).output)
    assert place["total"]["asked"] == 8
    written = run(args=["burden", "export", f"{tmp_path}/burden.csv", "--by", "quarter", "--period", "all"])
    assert (written.exit_code, "Written to" in written.output) == (0, True)
    for wrong, said in (
        (["--period", "soon"], "is not a period"),
        (["--body", "nobody"], "no body called nobody"),
        (["--agency", "E0"], "No agency has the code E0"),
        (["--place", "Nowhere"], "Nowhere"),
    ):
        refused = run(args=["burden", "show", *wrong])
        assert refused.exit_code == 1
        assert said in refused.output
    assert run(args=["burden", "export", f"{tmp_path}/no/such/folder.csv"]).exit_code == 1


def test_the_api_says_what_the_file_says(asked: SimpleNamespace, client: FlaskClient, signed_in: SignIn) -> None:
    for query in ("period=all&by=kind", "period=fy2025", "period=all&by=place&place=E07900001"):
        answer = client.get(f"/api/v1/burden?{query}")
        assert answer.json == client.get(f"/burden.json?{query}").json, answer.json
    assert client.get("/api/v1/burden?period=soon").status_code == 422
    assert client.get("/api/v1/burden?by=colour").status_code == 422
    assert client.get("/api/v1/burden?period=all&place=nowhere").json["total"]["asked"] == 0
    assert signed_in("responder").get("/api/v1/burden?period=all").json["total"]["asked"] == 8
    assert "/api/v1/burden" in client.get("/api/v1/openapi.json").json["paths"]


def test_how_it_is_counted_names_every_source(asked: SimpleNamespace, client: FlaskClient) -> None:
    words = words_of(client.get("/burden/how"))
    for said in ("A question answered in figures 60 minutes", "As others quote it", "Every other kind", "365 days before"):
        assert said in words, said


def test_an_agency_says_what_answering_cost_and_says_it_again(app: Flask, asked: SimpleNamespace, signed_in: SignIn) -> None:
    client, path = signed_in("responder"), f"/answering/{asked.police}/effort"
    for typed, said in (
        ({"hours": "-3"}, "Enter hours of 0 or more"),
        ({"hours": "a lot"}, "such as 1.5"),
        ({"hours": "2", "pounds": "-1"}, "from £0"),
        ({"hours": "2", "pounds": "much"}, "number"),
    ):
        page = client.post(path, data=typed)
        assert page.status_code == 200
        assert said in words_of(page)
        assert all(f'value="{value}"' in page.text for value in typed.values()), "what was typed is still there"
    done = client.post(path, data={"hours": "about 2h 30", "pounds": "£1,200.50"}, follow_redirects=True)
    assert "Saved: 2.5 hours and £1,200." in words_of(done)
    assert 'value="2.5"' in client.get(path).text
    with app.app_context():
        request = db.session.get_one(EvidenceRequest, asked.police)
        assert (request.hours_spent, request.cost_pence, request.effort_at is not None) == (2.5, 120_050, True)
        assert db.session.scalars(select(AuditEntry.event)).all().count("effort_recorded") == 1
    again = client.post(path, data={"hours": "", "pounds": ""}, follow_redirects=True)
    assert "You have removed what answering cost." in words_of(again)


def test_two_who_say_it_at_once_see_both_versions(app: Flask, asked: SimpleNamespace, signed_in: SignIn) -> None:
    client, path = signed_in("responder"), f"/answering/{asked.police}/effort"
    with app.app_context(), writes_now():
        request = db.session.get_one(EvidenceRequest, asked.police)
        seen = request.version
        request.hours_spent = 9
    page = client.post(path, data={"hours": "4", "version": str(seen)})
    assert page.status_code == 409
    assert "Both versions" in page.text
    assert 'value="4"' in page.text


def test_another_agencys_effort_is_not_there(asked: SimpleNamespace, signed_in: SignIn) -> None:
    assert signed_in("fire_responder").get(f"/answering/{asked.police}/effort").status_code == 404
    assert signed_in("officer").post(f"/answering/{asked.police}/effort", data={"hours": "1"}).status_code == 404
