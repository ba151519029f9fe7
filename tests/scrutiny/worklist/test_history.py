"""What happened in a review, as its bodies may know it; its letters; nothing of how an agency works before it sends."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.answering import letters as answering_letters
from scrutiny.answering import service as answering
from scrutiny.approving import letters as approving_letters
from scrutiny.asking import service as asking
from scrutiny.audit.models import AuditEntry
from scrutiny.audit.service import note
from scrutiny.checking import letters as checking_letters
from scrutiny.correspondence import queries as correspondence
from scrutiny.correspondence.jobs import post_letters
from scrutiny.delegation.service import pass_item
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import writes_now
from scrutiny.worklist.access import AGENCY_OWN_LETTERS
from scrutiny.worklist.history import sentence
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting
from tests.scrutiny.worklist.conftest import words_of

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def worked(app: Flask, asked: SimpleNamespace) -> SimpleNamespace:
    """The police keep an answer, send it to their certifier, who sends one back and one on."""
    with app.app_context(), writes_now():
        items = db.session.get_one(EvidenceRequest, asked.police).items
        for item in items[:2]:
            answering.keep_answer(item, answering.Typed(text="Twelve."), by=acting("responder"), at=NOW)
        answering.send_to_certifier(items[:2], by=acting("responder"), at=NOW)
        answering.send_back(items[0], "Which year?", by=acting("certifier"), at=NOW)
        answering.submit_item(items[1], by=acting("certifier"), at=NOW)
    return asked


def test_the_history_says_who_did_what_for_whom_and_to_what(
    worked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """One short sentence each, with the name, the capacity, the moment and the record."""
    words = words_of(signed_in("officer").get("/reviews/R-2026-001/history"))
    assert (
        "Issued a request by Olwen Price, Loamshire Overview and Scrutiny Committee 2 March 2026 at 9:30am R-2026-001/P05"
        in words
    )
    assert "Sent an answer by Supt Dee Marsh, Loamshire Police 2 March 2026 at 9:30am R-2026-001/P05/2" in words


def test_an_answer_is_one_row_of_the_history(app: Flask, worked: SimpleNamespace, signed_in: Callable[..., FlaskClient]) -> None:
    """Entered by hand or sent, once; that its evidence was begun and lodged stays in the trail, and is not told beside it."""
    with app.app_context(), writes_now():
        item = db.session.get_one(EvidenceRequest, worked.police).items[2]
        entered = asking.ByHand(came_by="post", received_by="Olwen Price", received_on=LATER.date(), text="Twelve")
        asking.enter_answer(item, entered, by=acting("officer"), at=LATER)
    with app.app_context():
        kept = set(db.session.scalars(select(AuditEntry.event).where(AuditEntry.at == LATER)))
        assert {"evidence_drafted", "evidence_lodged", "item_entered"} <= kept
    words = words_of(signed_in("officer").get("/reviews/R-2026-001/history"))
    assert words.count("Entered an answer that came by post") == 1
    assert words.count("Sent an answer by Supt Dee Marsh") == 1
    assert "Began an answer" not in words
    assert "Lodged" not in words


def test_the_history_names_agencies_and_can_be_of_one(worked: SimpleNamespace, signed_in: Callable[..., FlaskClient]) -> None:
    """What it did and what was done about what it was asked; and no more than the reader may know of it."""
    client = signed_in("officer")
    whole = client.get("/reviews/R-2026-001/history")
    assert "R-2026-001/P05/2, Loamshire Police" in words_of(whole)
    assert "R-2026-001/P05/1" not in words_of(whole)
    others = {one for one in re.findall(r"R-2026-001/P\d\d", words_of(whole)) if one != "R-2026-001/P05"}
    assert others
    police = re.search(r'<option value="(\d+)"[^>]*>Loamshire Police<', whole.text)[1]
    words = words_of(client.get(f"/reviews/R-2026-001/history?agency={police}"))
    assert "Sent an answer by Supt Dee Marsh" in words
    assert "Issued a request" in words
    assert "P05/1" not in words
    assert [one for one in others if one in words] == []


def test_how_an_agency_works_on_an_answer_is_not_told(worked: SimpleNamespace, signed_in: Callable[..., FlaskClient]) -> None:
    """Saved, handed on, with the certifier, sent back: its own affair, to lead and partner alike."""
    for who in ("officer", "chair", "lead_inspector"):
        words = words_of(signed_in(who).get("/reviews/R-2026-001/history"))
        assert "P05/2" in words
        assert "P05/1" not in words
        assert "certifier" not in words
        assert "Rhys Cole" not in words


def test_who_holds_a_question_is_not_told_when_an_administrator_hands_it_over(
    app: Flask, worked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), writes_now():
        item = db.session.get_one(EvidenceRequest, worked.police).items[2]
        pass_item(item, db.session.get_one(Person, acting("colleague").person), by=acting("administrator"), at=LATER)
    for who in ("officer", "lead_inspector"):
        words = words_of(signed_in(who).get("/reviews/R-2026-001/history"))
        assert "Ada Winn" not in words
        assert "P05/3" not in words


def test_an_email_is_told_with_what_it_was_and_to_whom(
    app: Flask, worked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """People and offices are named, to those who may read the list of letters; an agency's own letters are its own affair."""
    with app.app_context():
        post_letters(at=NOW)
    for who in ("officer", "inspector"):
        words = words_of(signed_in(who).get("/reviews/R-2026-001/history"))
        assert re.search(r"Sent an email [^.]*? Evidence request, to Rhys Cole", words)
        assert re.search(r"Sent an email [^.]*? Evidence request, to Loamshire County Council", words)
        assert "to Supt Dee Marsh" not in words
        for kind in ("Answers to approve", "Answer sent back", "Receipt"):
            assert kind not in words


def test_readings_of_what_is_personal_are_told_to_those_who_run_the_review(
    app: Flask, asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """A partner is not told who read what."""
    with app.app_context(), writes_now():
        note("evidence_read", about="lodging:1", within=f"review:{asked.id}", by=acting("officer"), at=NOW)
        note("finding_drafted", about="finding:1", within=f"review:{asked.id}", by=acting("inspector"), at=NOW)
    told = {who: words_of(signed_in(who).get("/reviews/R-2026-001/history")) for who in ("officer", "inspector", "councillor")}
    assert [who for who, words in told.items() if "Opened restricted evidence" in words] == ["officer"]
    assert [who for who, words in told.items() if "Ines Park" in words] == ["officer", "inspector"]


def test_what_is_named_in_a_sentence_of_the_trail_is_never_markup(app: Flask) -> None:
    """Names and days stand in the sentence as they were noted, also where there are several."""
    noted = {
        "agency_footprint_added": {"area": "<b>Upper & Lower</b>"},
        "agency_changed": {"changed": ["<i>name</i>", "kind"]},
        "extension_granted": {"until": "2026-03-13"},
        "items_handed_on": {"items": [1, 2], "on": "<u>2026-04-01</u>"},
    }
    with app.app_context():
        said = [str(sentence(AuditEntry(event=event, fields=fields))) for event, fields in noted.items()]
    assert said == [
        "Added the area &lt;b&gt;Upper &amp; Lower&lt;/b&gt; to the footprint",
        "Changed the agency's details: &lt;i&gt;name&lt;/i&gt;, kind",
        "Granted more time, until Friday 13 March 2026",
        "Passed 2 items to the agency’s successor, from &lt;u&gt;2026-04-01&lt;/u&gt;",
    ]


def test_letters_an_agencys_people_write_to_each_other_are_not_listed(
    worked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """The letters to the agency and to the officers are; who certifies, who was handed what, and receipts are not."""
    client = signed_in("officer")
    words = words_of(client.get("/reviews/R-2026-001/letters"))
    assert "Evidence request Rhys Cole (responder@example.org)" in words
    assert "Supt Dee Marsh" not in words
    with client.application.app_context():
        own = [one.id for one in correspondence.letters_within("review:1") if one.kind in AGENCY_OWN_LETTERS]
    assert own
    assert {client.get(f"/reviews/R-2026-001/letters/{one}").status_code for one in own} == {404}


def test_every_letter_from_an_agency_to_its_own_people_is_known_as_such() -> None:
    """A kind written there and not told to the askers is the agency's own."""
    kinds = {
        call.args[0].value
        for room in (answering_letters, approving_letters, checking_letters)
        for call in ast.walk(ast.parse(Path(room.__file__).read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_write" and isinstance(call.args[0], ast.Constant)
    }
    assert kinds == set(AGENCY_OWN_LETTERS)


def test_partners_see_to_whom_but_neither_address_nor_text(asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]) -> None:
    """The words of letters are for those who run the review."""
    officer, partner = signed_in("officer"), signed_in("inspector")
    assert "@example.org" not in partner.get("/reviews/R-2026-001/letters").get_data(as_text=True)
    assert "Evidence request Rhys Cole" in words_of(partner.get("/reviews/R-2026-001/letters"))
    assert partner.get("/reviews/R-2026-001/letters/1").status_code == 404
    assert "Dear " in words_of(officer.get("/reviews/R-2026-001/letters/1"))


def test_the_history_takes_the_same_number_of_statements_however_long(
    app: Flask, asked: SimpleNamespace, signed_in: Callable[..., FlaskClient], statements: Callable[[], list[str]]
) -> None:
    """Names are read together."""
    client = signed_in("officer")
    client.get("/reviews/R-2026-001/history")
    sent = statements()
    client.get("/reviews/R-2026-001/history")
    few = len(sent)
    with app.app_context(), writes_now():
        for number in range(60):
            who = ("officer", "chair", "inspector")[number % 3]
            note("review_revised", about=f"review:{asked.id}", within=f"review:{asked.id}", by=acting(who), at=NOW)
    sent = statements()
    assert "Changed the review" in words_of(client.get("/reviews/R-2026-001/history"))
    assert len(sent) == few
