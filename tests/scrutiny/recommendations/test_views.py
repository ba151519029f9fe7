"""The pages: who may write, answer and follow a recommendation, and that a mistake loses nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reports import jobs
from tests.scrutiny.reports.story import RELEASE, answered, found, scheduled

SignIn = Callable[..., FlaskClient]
TYPED = {"text": "Publish the waits.", "measure": "They are published.", "done_by": ["31", "March", "2031"], "findings": ["1"]}


@pytest.fixture
def reference(app: Flask, cast: SimpleNamespace) -> str:
    """A review with one settled finding, kept."""
    with app.app_context(), transaction.writes_now():
        review, lodging = answered(cast)
        found(review, lodging, cast.fire)
        return str(review.reference)


@pytest.fixture
def addressee_id(app: Flask, cast: SimpleNamespace) -> int:
    """A recommendation that has been made, kept."""
    with app.app_context():
        scheduled(cast)
        jobs.release_reports(at=RELEASE)
        return db.session.scalars(select(Addressee.id)).one()


def test_an_inspector_of_the_partner_drafts_proposes_and_takes_back(
    app: Flask, reference: str, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    """Through the pages, with the month typed as a word."""
    client = signed_in("inspector")
    address = f"/reviews/{reference}/recommendations"
    assert client.post(f"{address}/new", data=TYPED | {"agency": str(cast.fire)}).status_code == 302
    for move, state in (("propose", "proposed"), ("take_back", "drafted")):
        assert client.post(f"{address}/2/move", data={"move": move}).status_code == 302
        with app.app_context():
            assert db.session.scalars(select(Recommendation.state).where(Recommendation.number == 2)).one() == state
    assert "Publish the waits." in client.get(address).text


def test_half_a_draft_is_saved_and_is_whole_before_it_is_proposed(
    app: Flask, reference: str, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    """Nothing was saved of a recommendation until it had its agency, its day and its measure."""
    client, address = signed_in("inspector"), f"/reviews/{reference}/recommendations"
    unreadable = {"text": "Publish the waits.", "done_by": ["31", "2", "2027"]}
    page = client.post(f"{address}/new", data=unreadable)
    assert page.status_code == 200
    assert "Publish the waits." in page.text
    assert "Say what should be done" in client.post(f"{address}/new", data={"text": " "}).text
    with app.app_context():
        assert len(db.session.scalars(select(Recommendation)).all()) == 1
    listed = client.post(f"{address}/new", data={"text": "Publish the waits."}, follow_redirects=True).text
    for words in ("Recommendation 2 is saved. Before you propose it: Choose who should do it.", "No agency yet", "No day yet"):
        assert words in listed
    for said in ("Give the day by which it is to be done", "Say how it will be measured"):
        assert f"<li>{said}</li>" in listed
    refused = client.post(f"{address}/2/move", data={"move": "propose"}, follow_redirects=True)
    assert "Choose who should do it" in refused.text
    kept = client.get(f"{address}/2").text
    assert "Publish the waits." in kept
    version = re.search(r'name="version"[^>]*value="(\d+)"', kept)
    assert version
    late = TYPED | {"agency": str(cast.fire), "done_by": ["1", "1", "2020"], "version": version[1]}
    assert "must be after today" in client.post(f"{address}/2", data=late, follow_redirects=True).text
    with app.app_context():
        row = db.session.scalars(select(Recommendation).where(Recommendation.number == 2)).one()
        assert (row.state, row.done_by) == ("drafted", date(2020, 1, 1))


def test_two_who_change_one_both_see_both(app: Flask, reference: str, signed_in: SignIn, cast: SimpleNamespace) -> None:
    """The second is shown what the first saved, beside what they typed themselves."""
    address = f"/reviews/{reference}/recommendations/1"
    typed = TYPED | {"agency": str(cast.fire), "version": "2"}
    with app.app_context():
        typed["version"] = str(db.session.scalars(select(Recommendation.version)).one())
    assert signed_in("inspector").post(address, data=typed | {"text": "What the first wrote."}).status_code == 302
    page = signed_in("officer").post(address, data=typed | {"text": "What the second wrote."})
    assert "What the first wrote." in page.text
    assert "What the second wrote." in page.text


@pytest.mark.parametrize("who", ["responder", "stranger", "administrator", "fire_responder"])
def test_nobody_else_finds_the_page(reference: str, signed_in: SignIn, who: str) -> None:
    """An agency, even one that is named, does not see what is being written about it."""
    assert signed_in(who).get(f"/reviews/{reference}/recommendations").status_code == 404


def test_the_agency_answers_and_the_body_follows(addressee_id: int, signed_in: SignIn) -> None:
    """Accept, return progress, check."""
    agency, officer = signed_in("fire_responder"), signed_in("officer")
    address = f"/recommendations/{addressee_id}"
    assert "Publish waiting times every month." in agency.get(address).text
    assert agency.post(address, data={"move": "accept", "response": "We will."}).status_code == 302
    assert agency.post(f"{address}/progress", data={"status": "achieved", "text": "Done."}).status_code == 302
    assert "Said to be done" in officer.get(f"{address}/check").text
    page = officer.post(f"{address}/check", data={"move": "verify", "why": "", "evidence": "Twelve tables."})
    assert "It will be published with the recommendation" in page.text
    assert "Twelve tables." in page.text, "what was typed is not lost"
    page = officer.post(f"{address}/check", data={"move": "supersede", "why": "A newer one.", "evidence": "", "replaced_by": "0"})
    assert "Choose the recommendation that replaces it" in page.text
    assert "A newer one." in page.text
    assert (
        officer.post(f"{address}/check", data={"move": "verify", "why": "Seen.", "evidence": "Twelve tables."}).status_code == 302
    )
    for page in (agency.get(address).text, officer.get(f"{address}/check").text):
        assert "Done and verified" in page
        assert "“Seen.” Evidence: Twelve tables." in page
    assert officer.post(f"{address}/check", data={"move": "stop_tracking", "why": "Again."}).status_code == 200
    assert "Again." not in officer.get(f"{address}/check").text


def test_a_published_response_is_corrected_in_the_open(app: Flask, addressee_id: int, signed_in: SignIn) -> None:
    """The earlier words stay beside the new ones, the lead is told, and what has been closed is corrected no more."""
    agency, officer = signed_in("fire_responder"), signed_in("officer")
    address = f"/recommendations/{addressee_id}"
    assert "Correct your response" not in agency.get(address).text
    agency.post(address, data={"move": "reject", "response": "We will not."})
    assert "Correct your response" in agency.get(address).text
    assert agency.post(address, data={"move": "correct_accept", "response": ""}).status_code == 200
    assert agency.post(address, data={"move": "correct_accept", "response": "We meant that we will."}).status_code == 302
    assert agency.post(address, data={"move": "correct_in_part", "response": "All but one."}).status_code == 302
    for page in (agency.get(address).text, officer.get(f"{address}/check").text):
        places = [page.index(words) for words in ("We will not.", "We meant that we will.", "All but one.")]
        assert places == sorted(places)
        assert page.count("corrected its response on") == 2
        assert page.count("rejected it on") == 1
    with app.app_context():
        subjects = [letter.subject for letter in db.session.scalars(select(Letter).where(Letter.kind == "response_given"))]
        assert sum("has corrected its response" in subject for subject in subjects) == 2 * len(subjects) / 3
    officer.post(f"{address}/check", data={"move": "close_not_done", "why": "Time is up.", "evidence": ""})
    assert "Correct your response" not in agency.get(address).text


@pytest.mark.parametrize("who", ["responder", "stranger", "icb_responder", "administrator", "officer"])
def test_another_agencys_recommendation_is_not_there(addressee_id: int, signed_in: SignIn, who: str) -> None:
    """Not to answer, not to return progress on."""
    client = signed_in(who)
    assert client.get(f"/recommendations/{addressee_id}").status_code == 404
    assert client.post(f"/recommendations/{addressee_id}", data={"move": "accept", "response": "x"}).status_code == 404
    assert client.get(f"/recommendations/{addressee_id}/progress").status_code == 404
