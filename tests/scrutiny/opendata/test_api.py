"""The API: shares as published, plain errors, ETags, keys, and a document that tells the truth about all of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings

from scrutiny import transaction
from scrutiny.accounts import service as accounts
from scrutiny.accounts.models import Person
from scrutiny.extensions import db
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting, opened


def test_the_shares_of_a_split_place_are_given(client: FlaskClient, cast: SimpleNamespace) -> None:
    """As `flask agencies answering` gives them."""
    found = {row["id"]: row for row in client.get("/api/v1/agencies?code=E07900002").json}
    assert found[cast.west_icb]["share_of_people"] == pytest.approx(2000 / 4500, abs=1e-6)
    assert found[cast.west_icb]["share_of_area"] == 0.5
    assert found[cast.police]["share_of_people"] == 1.0


def test_a_postcode_gets_those_who_answer_there(client: FlaskClient, cast: SimpleNamespace) -> None:
    """And for one service only where one is named."""
    found = {row["id"] for row in client.get("/api/v1/agencies?postcode=lm11aa").json}
    assert cast.west_icb in found
    assert cast.east_icb not in found
    social = client.get("/api/v1/agencies?postcode=lm11aa&service=adult-social-care").json
    assert [row["id"] for row in social] == [cast.county_council]


def test_an_area_says_what_it_is_and_what_it_shares(client: FlaskClient) -> None:
    """As `flask areas show` and `flask areas overlaps` give it."""
    area = client.get("/api/v1/areas/E07900002").json
    assert (area["name"], area["people"], area["area_km2"], area["from"]) == ("Barrow End", 4500, 100.0, "2020-04-01")
    boards = client.get("/api/v1/areas/E07900002/overlaps?with=icb").json
    assert {row["code"]: row["share_of_area"] for row in boards} == {"E54900001": 0.5, "E54900002": 0.5}


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/api/v1/areas/E07999999", 404, "There is no area with the code E07999999"),
        ("/api/v1/areas/E07900002?on=soon", 422, "on: Write a day that exists, like 2026-11-27"),
        ("/api/v1/agencies?postcode=nowhere", 409, "not a whole postcode"),
        ("/api/v1/agencies?code=E07900002&service=magic", 409, "There is no service called magic"),
        ("/api/v1/deadlines/explain?clock=magic:1&from=2026-01-05", 422, "clock: There is no clock"),
        ("/api/v1/deadlines/explain?clock=magic:1&from=2026-02-30", 422, "from: Write a day that exists, like 2026-11-27"),
        ("/api/v1/deadlines/explain?clock=magic:1&from=2026-02-30", 422, "clock: There is no clock"),
        ("/api/v1/deadlines/explain", 422, "from: Give a day, like 2026-11-27"),
        ("/api/v1/deadlines/explain", 422, "clock: Give a clock, such as working_after:20"),
        ("/api/v1/deadlines/explain?clock=working_after:20&from=2026-01-05&nation=mars", 422, "Write one of england"),
        ("/api/v1/deadlines/explain?clock=calendar_after:9999&from=2026-01-05", 409, "more than ten years"),
        ("/api/v1/reviews/R-2026-999", 404, ""),
        ("/api/v1/nothing", 404, ""),
    ],
)
def test_an_error_says_what_is_wrong(client: FlaskClient, address: str, status: int, said: str) -> None:
    """In JSON, with the same two fields each time."""
    answer = client.get(address)
    assert (answer.status_code, answer.json["code"]) == (status, status)
    assert said in answer.json["message"]


def test_nothing_can_be_changed_and_the_answer_says_what_is_allowed(client: FlaskClient) -> None:
    """405 keeps its Allow."""
    answer = client.post("/api/v1/reviews", json={})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    """ETag and If-None-Match."""
    first = client.get("/api/v1/methods")
    again = client.get("/api/v1/methods", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_due_date_shows_its_working(client: FlaskClient) -> None:
    """Every day of the count."""
    found = client.get("/api/v1/deadlines/explain?clock=working_after:20&from=2026-03-23").json
    assert found["due"] == "2026-04-22"
    assert {"date": "2026-04-03", "counted": False, "why": "Good Friday"} in found["steps"]


def test_a_key_opens_what_its_person_may_see_and_nothing_once_revoked(
    app: Flask, client: FlaskClient, cast: SimpleNamespace
) -> None:
    """The officer's own review before it is announced."""
    with app.app_context(), transaction.writes_now():
        reference = opened(cast).reference
        person = db.session.get_one(Person, cast.officer)
        secret = accounts.make_key(person, kind="api", name="test", by=acting("officer"), at=NOW)
    with_key = {"Authorization": f"Bearer {secret}"}
    assert client.get(f"/api/v1/reviews/{reference}").status_code == 404
    assert client.get(f"/api/v1/reviews/{reference}", headers=with_key).json["reason"] == "Waiting times have doubled."
    assert [row["reference"] for row in client.get("/api/v1/reviews", headers=with_key).json] == [reference]
    assert client.get("/api/v1/reviews", headers={"Authorization": "Bearer api_wrong"}).status_code == 401
    with app.app_context(), transaction.writes_now():
        key = accounts.queries.key_with(secret, "api")
        assert key is not None
        accounts.revoke_key(key, by=acting("officer"), at=NOW)
    assert client.get("/api/v1/reviews", headers=with_key).status_code == 401


def test_the_document_describes_every_address(client: FlaskClient) -> None:
    """OpenAPI 3.1, with the key it takes."""
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for path in ("/areas/{code}/overlaps", "/reviews/{reference}/matrix", "/deadlines/explain"):
        assert f"/api/v1{path}" in document["paths"]


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_the_document_tells_the_truth(app: Flask, mode: schemathesis.GenerationMode) -> None:
    """schemathesis asks each address many things, well and badly formed, and compares the answers with the document."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is schemathesis.GenerationMode.POSITIVE or any(one.location == "query" for one in operation.iter_parameters()):
            _hold_to_its_word(operation, mode)


def _hold_to_its_word(operation: schemathesis.APIOperation, mode: schemathesis.GenerationMode) -> None:
    """A few cases of one address: no failure of the server, no answer that the document does not know."""

    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate()

    check()
