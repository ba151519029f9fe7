"""The register of gaps: noted, changed and closed by a body; to others only what is public, and never a quiet review."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.audit.models import AuditEntry
from scrutiny.extensions import db
from scrutiny.gaps.models import GapEntry
from scrutiny.reviews.models import ReviewDraft
from tests.scrutiny.gaps.test_gaps import looked
from tests.scrutiny.public.test_place import statements, words
from tests.scrutiny.reviews.acting import opened

SignIn = Callable[..., FlaskClient]
BARROW = "E07900002"
SAID = {"why": "Two surgeries closed", "todo": "Ask the board to explain", "is_public": "y", "by_on": ["1", "9", "2026"]}


@pytest.fixture
def noted(signed_in: SignIn, cast: SimpleNamespace) -> str:
    """A gap of general practice that the committee has noted and lets the public read; its address."""
    gap = f"not-looked-at:general-practice:{cast.west_icb}"
    answer = signed_in("officer").post(f"/places/{BARROW}/gaps/note?gap={gap}", data=SAID)
    assert answer.status_code == 302, words(answer.text)
    return str(answer.location)


def test_what_was_found_never_names_a_review_that_is_not_out(
    app: Flask, signed_in: SignIn, client: FlaskClient, cast: SimpleNamespace
) -> None:
    with app.app_context():
        reference = looked(cast, out=None, announced_on=None).reference
    officer, gap = signed_in("officer"), f"?gap=not-looked-at:general-practice:{cast.west_icb}"
    assert reference in officer.get(f"/places/{BARROW}/gaps/act{gap}").text, "the committee works on it"
    public = officer.post(f"/places/{BARROW}/gaps/note{gap}", data=SAID).location
    assert "No review published in the last 5 years" in client.get(public).text
    assert reference not in client.get(public).text + client.get("/gaps/register.json").text
    draft = officer.post(f"/places/{BARROW}/gaps/act{gap}").location
    with app.app_context():
        answers = db.session.get_one(ReviewDraft, int(draft.rsplit("/", 1)[-1])).answers
    assert reference not in answers["scope_before"]["reason"], "letters may say it to others"


def version_of(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(address).text)
    assert found is not None
    return found[1]


def test_a_gap_is_noted_changed_looked_at_and_closed(app: Flask, signed_in: SignIn, client: FlaskClient, noted: str) -> None:
    officer = signed_in("officer")
    page = words(client.get(noted).text)
    for said in (
        "Two surgeries closed",
        "Ask the board to explain",
        "1 September 2026",
        "Noted",
        "No review published in the last",
    ):
        assert said in page
    assert "Noted here" in words(client.get(f"/places/{BARROW}/gaps").text)
    stale = version_of(officer, f"{noted}/change")
    assert officer.post(f"{noted}/change", data=SAID | {"todo": "Visit them", "version": stale}).status_code == 302
    behind = officer.post(f"{noted}/change", data=SAID | {"todo": "Write to them", "version": stale})
    assert behind.status_code == 409
    assert "Visit them" in behind.text
    assert "Write to them" in behind.text, "both versions stand there"
    assert officer.post(f"{noted}/move/look", data={"version": stale}).status_code == 200
    assert "Somebody else has changed this" in words(officer.post(f"{noted}/move/look", data={"version": stale}).text)
    assert officer.post(f"{noted}/move/look", data={"version": version_of(officer, noted)}).status_code == 302
    for data, said in (
        ({}, "Choose the outcome"),
        ({"outcome": "accepted"}, "Say why: what was asked for and of whom, or why the gap is accepted"),
        ({"outcome": "review-opened", "review": "R-1999-001"}, "Your body has no review “R-1999-001”"),
    ):
        refused = officer.post(f"{noted}/close", data=data | {"version": version_of(officer, f"{noted}/close")})
        assert refused.status_code == 200
        assert said in words(refused.text)
    done = {"outcome": "power-asked", "why": "Asked the minister for one", "version": version_of(officer, f"{noted}/close")}
    assert officer.post(f"{noted}/close", data=done).status_code == 302
    assert "Asked the minister for one" in words(client.get(noted).text)
    assert officer.post(f"{noted}/change", data=SAID | {"version": version_of(officer, noted)}).status_code == 200
    assert officer.post(f"{noted}/move/reopen", data={"version": version_of(officer, noted)}).status_code == 302
    assert "Asked the minister for one" not in client.get(noted).text
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry.event).where(AuditEntry.about == "gap:1").order_by(AuditEntry.number))
        assert list(rows) == ["gap_noted", "gap_changed", "gap_looked_at", "gap_closed", "gap_reopened"]


def test_bad_input_is_said_and_nothing_typed_is_lost(signed_in: SignIn, cast: SimpleNamespace, noted: str) -> None:
    officer = signed_in("officer")
    again = officer.post(f"/places/{BARROW}/gaps/note?gap=not-looked-at:general-practice:{cast.west_icb}", data=SAID)
    assert "Your body has noted this gap already" in words(again.text)
    assert "Two surgeries closed" in again.text
    empty = officer.post(f"/places/{BARROW}/gaps/note?gap=not-looked-at:libraries:{cast.county_council}", data={"todo": "Kept"})
    assert {"Say why it matters", "Kept"} <= {said for said in ("Say why it matters", "Kept") if said in empty.text}
    assert officer.post(f"/places/{BARROW}/gaps/note?gap=no-power:magic:1", data=SAID).status_code == 404


def test_only_what_is_public_is_known_to_others_and_never_a_quiet_review(
    app: Flask, signed_in: SignIn, client: FlaskClient, cast: SimpleNamespace, noted: str
) -> None:
    officer = signed_in("officer")
    with app.app_context():
        reference = opened(cast, title="Quiet matter", partners=[]).reference
        db.session.commit()
    before = words(client.get(noted).text).replace("State Noted", "State Being looked at")
    done = {"outcome": "review-opened", "review": reference, "version": version_of(officer, f"{noted}/close")}
    assert officer.post(f"{noted}/close", data=done).status_code == 302
    assert reference in officer.get(noted).text
    for reader in (client, signed_in("lead_inspector"), signed_in("responder")):
        told = reader.get(noted).text + reader.get("/gaps/register.json").text + reader.get("/gaps/register.csv").text
        assert reference not in told
        assert "A review was opened" not in told
        assert json.loads(reader.get("/gaps/register.json").text)["gaps"][0]["state"] == "looking"
    assert words(client.get(noted).text) == before, "as while it is being looked at"
    with app.app_context():
        entry = db.session.scalars(select(GapEntry)).one()
        assert entry.review is not None
        entry.review.announced_on = date(2026, 3, 1)
        db.session.commit()
    assert reference in client.get(noted).text, "once it is announced"
    with app.app_context():
        db.session.scalars(select(GapEntry)).one().is_public = False
        db.session.commit()
    for reader in (client, signed_in("lead_inspector"), signed_in("responder")):
        assert reader.get(noted).status_code == 404
        assert json.loads(reader.get("/gaps/register.json").text)["gaps"] == []
    assert officer.get(noted).status_code == 200


def test_only_those_who_plan_for_its_body_change_it(signed_in: SignIn, client: FlaskClient, noted: str) -> None:
    for who, status in (("lead_inspector", 403), ("responder", 403), ("councillor", 403)):
        assert signed_in(who).post(f"{noted}/move/look", data={"version": "1"}).status_code == status, who
        assert signed_in(who).get(f"{noted}/change").status_code == status, who
        assert signed_in(who).post(f"{noted}/close", data={"outcome": "accepted", "why": "x"}).status_code == status, who
    assert client.get(f"{noted}/change").status_code == 302


def test_the_list_takes_the_same_statements_for_one_and_for_many(
    app: Flask, signed_in: SignIn, client: FlaskClient, cast: SimpleNamespace, noted: str
) -> None:
    said = []
    for size in (1, 3):
        client.get("/gaps/register")
        with statements(app) as run:
            assert client.get("/gaps/register").status_code == 200
        said.append(len(run))
        if size == 1:
            for service in ("libraries", "highways"):
                gap = f"not-looked-at:{service}:{cast.county_council}"
                assert signed_in("officer").post(f"/places/{BARROW}/gaps/note?gap={gap}", data=SAID).status_code == 302
    assert said[0] == said[1]
