"""Words published with a recommendation are erased by its agency or the lead, everywhere; that they were said stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, String, cast, func, literal_column, select

from scrutiny.approving.models import Approval
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings.models import PrivateNote
from scrutiny.findings.notes import keep_note
from scrutiny.pages import now
from scrutiny.recommendations import erasing, service
from scrutiny.recommendations.models import Addressee, ProgressReturn, ResponseStep
from scrutiny.reports import jobs
from scrutiny.transaction import writes_now
from tests.scrutiny.reports.story import RELEASE, scheduled
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]
NAMES = ("Zqfirst Hale", "Zqsecond Hale", "Zqthird Hale")


@pytest.fixture
def said(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """The fire service names a child in a response and in its progress, corrects the first, and the lead repeats the name."""
    with app.app_context():
        scheduled(cast)
        jobs.release_reports(at=RELEASE)
    with app.app_context(), writes_now():
        row, by, at = db.session.scalars(select(Addressee)).one(), acting("fire_responder"), now()
        service.respond(row, "accept", response=f"{NAMES[0]} was placed.", by=by, at=at)
        service.return_progress(row, status="on-track", text=f"{NAMES[1]} too.", new_date=None, by=by, at=at)
        service.respond(row, "correct_accept", response="A child was placed.", by=by, at=at)
        service.return_progress(row, status="achieved", text="Done.", new_date=None, by=by, at=at)
        check = service.Check(f"{NAMES[2]} told us otherwise.", f"A letter of {NAMES[2]}")
        service.settle_response(row, "reopen", check, by=acting("officer"), at=at)
        kept = {"recommendation": "Do it", "answer": "accepted", "response": f"{NAMES[0]} was placed."}
        db.session.add(
            Approval(
                kind=service.RESPONSE_DEED,
                subject_id=row.id,
                agency_id=row.agency_id,
                about=row.recommendation.reference,
                within=f"review:{row.recommendation.review_id}",
                facts={},
                before=kept,
                content=kept,
                digest="0" * 64,
                state="approved",
                written_by=by.reference,
                written_at=at,
            )
        )
        db.session.flush()
        review, steps, returns = row.recommendation.review.reference, row.steps, row.returns
        return SimpleNamespace(
            id=row.id,
            agency=row.agency_id,
            review=review,
            page=f"/recommendations/{row.id}/erase",
            first=f"step-{steps[0].id}",
            second=f"return-{returns[0].id}",
            third=f"step-{steps[-1].id}",
        )


def _read(client: FlaskClient, said: SimpleNamespace) -> set[str]:
    """The names somebody finds on the pages, in the tables and in the API."""
    pages = [
        f"/reports/{said.review}",
        f"/agencies/{said.agency}",
        "/places/E07900002",
        "/data/recommendations.csv",
        "/api/v1/recommendations",
        "/api/v1/search?q=Hale",
        f"/recommendations/{said.id}",
        f"/recommendations/{said.id}/check",
        f"/reviews/{said.review}/recommendations",
        f"/reviews/{said.review}/history",
    ]
    text = "".join(client.get(page).get_data(as_text=True) for page in pages)
    return {name for name in NAMES if name in text}


def _column(table: str, name: str) -> ColumnElement[object]:
    """A column as it is stored, whatever it is read as."""
    return literal_column(f'"{table}"."{name}"')


def _kept() -> list[str]:
    """Every column of every table that holds one of the names still."""
    return [
        f"{table.name}.{column.name} {name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        for name in NAMES
        if db.session.scalar(
            select(func.count()).select_from(table).where(cast(_column(table.name, column.name), String).contains(name))
        )
    ]


def test_what_was_published_with_a_name_is_gone_everywhere(app: Flask, said: SimpleNamespace, signed_in: SignIn) -> None:
    stranger, agency, lead = app.test_client(), signed_in("fire_responder"), signed_in("officer")
    assert _read(stranger, said) == set(NAMES), "all of it is public, and a correction leaves what it corrects"
    assert "Erase words that must not be public" in agency.get(f"/recommendations/{said.id}").text
    assert "Erase words that must not be public" in lead.get(f"/recommendations/{said.id}/check").text
    for client, what in ((agency, said.first), (agency, said.second), (lead, said.third)):
        assert client.get(said.page).status_code == 200
        assert client.post(said.page, data={"what": what, "why": "It names a child"}).status_code == 302
    for client in (stranger, agency, lead, signed_in("inspector")):
        assert _read(client, said) == set()
    shown = stranger.get(f"/reports/{said.review}").text
    assert shown.count("The words were erased on") == 3
    assert "It names a child" not in shown, "the reason is for those who are told"
    assert "A child was placed." in shown
    with app.app_context():
        assert _kept() == []
        told = set(db.session.scalars(select(Letter.person).where(Letter.kind == "response_words_erased")))
        assert {acting("officer").reference, acting("fire_responder").reference} <= told


def test_the_page_and_the_command_say_first_where_the_words_stand_besides(
    app: Flask, said: SimpleNamespace, signed_in: SignIn
) -> None:
    with app.app_context(), writes_now():
        row = db.session.get_one(Addressee, said.id)
        review = row.recommendation.review
        review.reason = f"We were told by {NAMES[1]} too, and {NAMES[0]} was placed."
        by = acting("officer")
        keep_note(review, f"Ask why {NAMES[0]} was placed.", by=by, at=now())
    lead, agency = signed_in("officer").get(said.page).text, signed_in("fire_responder").get(said.page).text
    assert "Review: " in lead
    assert "Review: " not in agency
    listed = app.test_cli_runner().invoke(args=["recommendations", "erase", str(said.id)])
    assert listed.exit_code == 0, listed.output
    assert f"{said.first}: " in listed.output
    assert "The same words are in: Review: " in listed.output
    refused = app.test_cli_runner().invoke(args=["recommendations", "erase", str(said.id), "--what", said.first])
    assert (refused.exit_code, "Say why this is erased" in refused.output) == (1, True)
    sent = ["recommendations", "erase", str(said.id), "--what", said.first, "--why", "It names a child", "--json"]
    done = json.loads(app.test_cli_runner().invoke(args=sent).output)
    assert (done["erased"], len(done["words"]), len(done["words"][0]["also_said_in"])) == (True, 1, 1)
    with app.app_context():
        assert {one for one in _kept() if NAMES[0] in one} == {f"review.reason {NAMES[0]}"}
        assert db.session.scalars(select(PrivateNote.text)).one() == "Ask why (erased)."


def test_nobody_else_erases_and_an_agency_erases_its_own_only(app: Flask, said: SimpleNamespace, signed_in: SignIn) -> None:
    sent = {"what": said.first, "why": "I do not like it"}
    for who, status in (("responder", 404), ("stranger", 404), ("councillor", 403), ("inspector", 403), ("administrator", 404)):
        client = signed_in(who)
        assert (client.get(said.page).status_code, client.post(said.page, data=sent).status_code) == (status, status), who
    assert signed_in("fire_responder").post(said.page, data=sent | {"what": said.third}).status_code == 200
    assert signed_in("officer").post(said.page, data=sent | {"why": " "}).status_code == 200
    with app.app_context():
        for model in (ResponseStep, ProgressReturn):
            assert db.session.scalars(select(model).where(model.erased_at.is_not(None))).all() == []


def test_short_words_are_struck_where_they_are_given_and_from_no_other_sentence(app: Flask, said: SimpleNamespace) -> None:
    """An agency that had answered "a" rewrote the letters kept of everybody."""
    with app.app_context(), writes_now():
        row, by, at = db.session.get_one(Addressee, said.id), acting("fire_responder"), now()
        service.return_progress(row, status="on-track", text="a", new_date=None, by=by, at=at)
        before = dict(db.session.execute(select(Letter.id, Letter.text)).all())
        erasing.erase_words(row, f"return-{row.returns[-1].id}", "It is nothing", by=by, at=at)
        after = dict(db.session.execute(select(Letter.id, Letter.text).where(Letter.id.in_(before))).all())
        assert before == after
