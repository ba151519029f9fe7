"""Everything an agency was asked: what it lists, what a zip of it holds, and who may read it."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.adapters import fitted, shares
from scrutiny.agency_record import bundle
from scrutiny.agency_record.asked import Chosen, asked_of, requests_put_to
from scrutiny.answering import declining
from scrutiny.answering import service as answering
from scrutiny.answering.service import Typed
from scrutiny.asking.service import accept_item, withdraw_item
from scrutiny.audit.models import AuditEntry
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Holder
from scrutiny.stored_files.intake import receive
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.evidence.test_service import a_pdf
from tests.scrutiny.requests.answering_scene import TODAY, ask
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]
LETTERS = a_pdf("Letters to the ward")


@pytest.fixture
def answered(app: Flask, cast: SimpleNamespace) -> int:
    """The fire service was asked three things: it answered one with two files of one name, refused one, left one. The request."""
    with app.app_context(), writes_now():
        asked, by = ask(cast, "fire"), acting("fire_responder")
        first, second, _ = asked.items[:3]
        answering.keep_answer(first, Typed(text="Twelve pumps", figures="Pumps: 12"), by=by, at=NOW)
        answering.keep_file(first, receive("letters.pdf", LETTERS), by=by, at=NOW)
        answering.keep_file(first, receive("=calls.csv", b"Year,Calls\n2025,4\n"), by=by, at=NOW)
        answering.submit_request(asked.request, [first], by=by, at=NOW)
        accept_item(first, by=asked.by("officer"), at=NOW)
        declining.refuse_item(second, "It names people", by=by, at=NOW + timedelta(hours=1))
        return asked.request.id


def states(who: str, chosen: Chosen = Chosen()) -> list[tuple[int, str]]:  # noqa: B008
    """Number and state of each item listed for somebody."""
    by = acting(who)
    return [(one.item.number, one.state) for one in asked_of(by, TODAY, chosen, requests_put_to(by.agency or 0, TODAY))]


def test_every_item_is_listed_with_how_it_stands(app: Flask, answered: int) -> None:
    with app.app_context():
        request = db.session.get_one(EvidenceRequest, answered)
        lead, year = request.review.lead.id, TODAY.year
        assert states("fire_responder")[:3] == [(1, "accepted"), (2, "refused"), (3, "open")]
        assert states("fire_responder", Chosen(state="refused")) == [(2, "refused")]
        assert states("fire_responder", Chosen(year=year - 1)) == []
        assert states("fire_responder", Chosen(lead, year, "accepted")) == [(1, "accepted")]
        assert states("fire_responder", Chosen(requester=lead + 99)) == []
        assert states("responder") == []
        with writes_now():
            withdraw_item(request.items[2], why="No longer needed", by=acting("officer"), at=NOW)
            request.state = "closed"
        assert states("fire_responder")[2] == (3, "withdrawn")
        assert {state for _, state in states("fire_responder")[3:]} <= {"lapsed"}


def test_the_page_says_it_and_its_links_lead_on(signed_in: SignIn, answered: int) -> None:
    client = signed_in("fire_responder")
    assert "/asked" in client.get("/inbox").text
    page = client.get("/asked").text
    for words in ("Everything you have been asked", "Twelve pumps", "It names people", "letters.pdf", "accepted 1, refused 1"):
        assert words in page
    assert client.get(f"/answering/{answered}/receipt").status_code == 200
    only = client.get("/asked?state=refused").text
    assert "Twelve pumps" not in only
    assert "/asked.zip?state=refused" in only
    for odd in ("?state=magic&year=x&requester=%00", "?page=99", "?year=99999999999999999999"):
        assert client.get(f"/asked{odd}").status_code == 200
    rows = list(csv.reader(io.StringIO(client.get("/asked.csv").get_data().decode("utf-8-sig"))))
    assert [row[7] for row in rows[1:3]] == ["Accepted", "Refused"]
    assert hashlib.sha256(LETTERS).hexdigest() in rows[1][11]


def test_the_zip_holds_what_was_sent_byte_for_byte_and_is_noted(app: Flask, signed_in: SignIn, answered: int) -> None:
    sent = signed_in("fire_responder").get("/asked.zip")
    assert (sent.status_code, sent.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(sent.data)) as archive:
        assert archive.testzip() is None
        rows = list(csv.DictReader(io.StringIO(archive.read("contents.csv").decode("utf-8-sig"))))
        assert {row["Path"] for row in rows} == set(archive.namelist()) - {"contents.csv"}
        for row in rows:
            content = archive.read(row["Path"])
            assert int(row["Bytes"]) == len(content)
            if not row["Path"].endswith("answer.txt"):
                assert hashlib.sha256(content).hexdigest() == row["SHA-256"]
        assert any(archive.read(name) == LETTERS for name in archive.namelist())
        texts = " ".join(archive.read(name).decode() for name in archive.namelist() if name.endswith("answer.txt"))
    assert "Twelve pumps" in texts
    assert "Pumps: 12" in texts
    assert "It names people" in texts
    with app.app_context():
        [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "agency_record_taken"))
        assert (entry.about, entry.fields["files"]) == (f"agency:{acting('fire_responder').agency}", 2)


def test_whoever_has_a_zip_may_take_another(signed_in: SignIn, answered: int) -> None:
    """The place of somebody who has all that was sent, or went away, is free again: a person has one."""
    client = signed_in("fire_responder")
    for read in (True, False, True):
        with client.get("/asked.zip") as sent:
            assert sent.status_code == 200
            assert not read or sent.get_data()
    assert not shares.BUNDLING._at_work


def test_a_file_that_is_gone_is_said_in_the_list_and_the_rest_is_there(app: Flask, signed_in: SignIn, answered: int) -> None:
    with app.app_context():
        fitted.files().erase(hashlib.sha256(LETTERS).hexdigest())
    with zipfile.ZipFile(io.BytesIO(signed_in("fire_responder").get("/asked.zip").data)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("contents.csv").decode("utf-8-sig"))))
        assert [row["What it is"] for row in rows if row["Note"]] == ["letters.pdf"]
        assert not any("letters" in name for name in archive.namelist())
        assert any("calls" in name for name in archive.namelist())


def test_too_much_for_one_zip_is_said_before_and_refused(
    signed_in: SignIn, answered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("fire_responder")
    monkeypatch.setattr(bundle, "MOST_BYTES", 10)
    assert "too much for one download" in client.get("/asked").text
    assert client.get("/asked.zip").status_code == 409
    monkeypatch.undo()
    assert "Nothing has been sent that fits" in client.get("/asked.zip?state=withdrawn").text


def test_nobody_else_reads_it(app: Flask, client: FlaskClient, signed_in: SignIn, answered: int) -> None:
    for path in ("/asked", "/asked.csv", "/asked.zip"):
        assert client.get(path).status_code == 302
        for who in ("officer", "councillor", "inspector", "administrator"):
            assert signed_in(who).get(path).status_code == 404, (who, path)
    for who in ("responder", "stranger"):
        assert "Twelve pumps" not in signed_in(who).get("/asked").text


def test_an_item_that_passed_on_keeps_its_old_answers_and_hides_its_new_ones(
    app: Flask, cast: SimpleNamespace, answered: int
) -> None:
    with app.app_context():
        with writes_now():
            items = db.session.get_one(EvidenceRequest, answered).items
            for item in items[:3]:
                db.session.add(Holder(item_id=item.id, agency_id=cast.east_icb, from_on=TODAY))
        with writes_now():
            item = db.session.get_one(EvidenceRequest, answered).items[2]
            answering.keep_answer(item, Typed(text="From the successor"), by=acting("stranger"), at=NOW)
            answering.submit_item(item, by=acting("stranger"), at=NOW)
        old = asked_of(acting("fire_responder"), TODAY, Chosen(), requests_put_to(cast.fire, TODAY))
        assert [(one.state, len(one.rows)) for one in old[:3]] == [("passed", 1), ("passed", 1), ("passed", 0)]
        new = asked_of(acting("stranger"), TODAY, Chosen(), requests_put_to(cast.east_icb, TODAY))
        assert [one.put_to for one in new] == ["Loamshire Fire and Rescue"] * 3
        assert [row.words for one in new for row in one.rows if row.words] == ["From the successor"]
