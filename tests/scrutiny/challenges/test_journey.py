"""A resident challenges a figure; it is confirmed, checked, answered by the agency's approver, and its writer is told."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.challenges import following
from scrutiny.challenges.models import Challenge, ChallengeOriginal
from scrutiny.extensions import db
from scrutiny.ledger import figures
from scrutiny.ledger import service as ledger
from scrutiny.ledger.models import LedgerCell, LedgerSource
from tests.conftest import NOW
from tests.scrutiny.challenges.scene import POLICE, figure, letters_to, post, published, secret_of, sent, values
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]


def test_from_the_figure_to_the_answer(app: Flask, cast: SimpleNamespace, client: FlaskClient, signed_in: SignIn) -> None:
    with app.app_context():
        cell = figure(cast.police, cast.committee)
    page = client.get("/places/E10900001/count/figures").text
    assert f"/challenges/new?about=figure:{cell}" in page.replace("%3A", ":")
    address = f"/challenges/new?about=figure:{cell}"
    form = client.get(address).text
    assert "Spending of Loamshire Police, 2024 to 2025: row 2 of source 1" in form
    assert "£900.00" in form
    wrong = "It is £9,000. Ask Jo on 01632 960 999."
    said = {
        "wrong": wrong,
        "name": "Rita Moss",
        "shows_name": "y",
        "address": "Rita@home.example",
        "link": "https://example.org/a",
    }
    assert "Check your email" in post(client, address, **said)
    with app.app_context():
        link = secret_of("challenge_confirm", "rita@home.example")
    assert "Confirm" in client.get(f"/challenges/confirm/{link}").text
    with app.app_context():
        assert db.session.get_one(Challenge, 1).state == "unconfirmed"
    assert "Your challenge is confirmed" in post(client, f"/challenges/confirm/{link}")
    assert "£9,000" not in client.get("/challenges").text
    officer = signed_in("officer")
    assert "1 challenge from the public to work on" in officer.get("/inbox").text
    work = officer.get("/challenges/desk/1").text
    assert "Ask Jo" in work
    assert "rita@home" not in work.lower()
    path = "/challenges/desk/1/publish"
    done = post(officer, path, **values(work, path), wrong="It is £9,000.", name="Rita Moss", link="https://example.org/a")
    assert "Published. Loamshire Police has it under My work, to answer." in done
    public = client.get("/challenges/C-2026-001").text
    assert "It is £9,000." in public
    assert "sent by Rita Moss" in public
    assert "Ask Jo" not in public
    with app.app_context():
        assert letters_to("rita@home.example") == ["challenge_confirm", "challenge_published"]
        assert db.session.scalars(select(ChallengeOriginal)).one().sealed
    _answered_by_the_approver(client, signed_in)
    with app.app_context():
        assert letters_to("rita@home.example")[-1] == "challenge_answered"


def _answered_by_the_approver(client: FlaskClient, signed_in: SignIn) -> None:
    """The responder writes, the approver approves, and only then everybody reads it."""
    responder = signed_in("responder")
    assert "Answer a challenge" in responder.get("/inbox").text
    path = "/challenges/desk/1/answer"
    text = responder.get(path).text
    too_early = post(responder, path, **values(text, ""), outcome="corrected", words="We have corrected it.")
    assert "No correction has been published since" in too_early
    kept = post(responder, path, **values(text, ""), outcome="agreed", words="We agree, and correct it in May.")
    assert "Sent to your approver" in kept
    assert "in May" not in client.get("/challenges/C-2026-001").text
    approver = signed_in("certifier")
    page = approver.get("/approvals/1").text
    seen = page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    assert "The answer is published." in post(approver, "/approvals/1", seen=seen)
    assert "We agree, and correct it in May." in client.get("/challenges/C-2026-001").text


def test_a_corrected_source_is_told_and_linked(app: Flask, cast: SimpleNamespace, client: FlaskClient) -> None:
    with app.app_context():
        cell = figure(cast.police, cast.committee)
        challenge = published(f"figure:{cell}")
        assert following.follow_all(at=NOW) == 0
        old = db.session.get_one(LedgerCell, cell).source
        _correct(old.id, cast)
        assert following.follow_all(at=NOW) == 1
        assert following.follow_all(at=NOW) == 0
        assert letters_to("resident@home.example")[-1] == "challenge_changed"
        reference = challenge.reference
    page = client.get(f"/challenges/{reference}").text
    assert "The source of this figure was corrected" in page
    assert "It has been corrected or withdrawn since" in page


def _correct(source_id: int, cast: SimpleNamespace) -> None:
    """Publish a source that replaces another."""

    old = db.session.get_one(LedgerSource, source_id)
    source = LedgerSource(
        agency_id=cast.police,
        body_id=cast.committee,
        title="Corrected accounts",
        publisher="Loamshire Police",
        year=2024,
        phase="outturn",
        stream="revenue",
        coverage="whole",
        confidence="B",
        file_name="corrected.csv",
    )
    text = POLICE.replace("900", "9000")
    read = figures.read_table(text.encode(), "corrected.csv", source)
    rows = ledger.Rows.of(read.cells, read.skipped, content=text.encode(), replaces=old)
    ledger.publish(ledger.store(source, rows, by=acting("officer"), at=NOW), by=acting("officer"), at=NOW)
    db.session.commit()


def test_what_is_not_published_is_nowhere_to_be_seen(
    app: Flask, cast: SimpleNamespace, client: FlaskClient, signed_in: SignIn
) -> None:
    with app.app_context():
        cell = figure(cast.police, cast.committee)
        sent(f"figure:{cell}", "Zqunseen words")
    for who in (client, signed_in("responder"), signed_in("councillor"), signed_in("lead_inspector"), signed_in("administrator")):
        assert who.get("/challenges/desk/1").status_code in (302, 404)
        for path in (
            "/challenges",
            "/challenges.csv",
            "/challenges.json",
            "/challenges.atom",
            f"/challenges/new?about=figure:{cell}",
        ):
            assert "Zqunseen" not in who.get(path).text
    assert "Zqunseen" in signed_in("officer").get("/challenges/desk/1").text
