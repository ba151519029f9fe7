"""What `transaction` does when another's writing comes between: the deed again, from its start, as if for the first time."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from flask import Flask, flash, g, get_flashed_messages, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from scrutiny import transaction
from scrutiny.accounts.models import Person
from scrutiny.audit import queries as audit
from scrutiny.audit.service import note
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused, Stale


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between attempts."""
    monkeypatch.setattr(transaction.time, "sleep", lambda seconds: None)


def _overtake(body_id: int) -> None:
    """Somebody else saves the body meanwhile: the version moves on behind this session's back."""
    body = db.session.get_one(Body, body_id)
    table = Body.__table__
    db.session.execute(table.update().where(table.c.id == body.id).values(version=body.version + 1))


def test_a_view_that_is_overtaken_begins_anew_with_its_files_and_says_it_once(app: Flask, cast: SimpleNamespace) -> None:
    """Message, file, `g` and trail are as if the first attempt had never been."""
    read, seen = [], []

    @transaction.writes
    def view() -> str:
        read.append(request.files["file"].read())
        seen.append("mark" in g)
        g.mark = True
        flash("Saved")
        body = db.session.get_one(Body, cast.committee)
        note("body_edited", about=body.reference, by=acting("officer"), at=NOW)
        if len(read) == 1:
            _overtake(cast.committee)
        body.name = "Another name"
        db.session.flush()
        return "done"

    with app.test_request_context("/", method="POST", data={"file": (io.BytesIO(b"words"), "a.txt")}):
        assert view() == "done"
        assert get_flashed_messages() == ["Saved"]
    assert read == [b"words", b"words"]
    assert seen == [False, False]
    with app.app_context():
        assert db.session.get_one(Body, cast.committee).name == "Another name"
        assert len(audit.latest()) == 1
        assert audit.faults_found() == []


def test_what_never_gets_through_is_told_in_a_sentence(app: Flask, cast: SimpleNamespace) -> None:
    """A record that is always newer than what was read: Stale, after so many attempts, and nothing kept."""
    tried = []

    def deed() -> None:
        tried.append(1)
        body = db.session.get_one(Body, cast.committee)
        _overtake(cast.committee)
        body.name = "Mine"
        db.session.flush()

    with app.app_context():
        with pytest.raises(Stale, match="Somebody else has changed"):
            transaction.run(deed)
        assert len(tried) == transaction.ATTEMPTS
        assert db.session.get_one(Body, cast.committee).name != "Mine"


def test_a_fault_of_ours_that_looks_like_a_race_is_not_hidden(app: Flask, cast: SimpleNamespace) -> None:
    """An address taken long ago stays taken, however often it is tried; the fault is shown as it is."""

    def deed() -> None:
        db.session.add(Person(email="officer@example.org", name="Twin"))
        db.session.flush()

    with app.app_context(), pytest.raises(IntegrityError):
        transaction.run(deed)


def test_a_refusal_is_not_tried_again(app: Flask) -> None:
    """The answer of a rule is the answer."""
    tried = []

    def deed() -> None:
        tried.append(1)
        raise Refused("No")

    with app.app_context(), pytest.raises(Refused, match="No"):
        transaction.run(deed)
    assert len(tried) == 1


def test_one_transaction_that_cannot_be_done_again_says_that_it_was_overtaken(app: Flask, cast: SimpleNamespace) -> None:
    """A stale write at any flush, not only at the last, is a refusal in a sentence."""
    with app.app_context(), pytest.raises(transaction.Overtaken, match="Somebody else"), transaction.writes_now():
        raise StaleDataError("as a flush within the deed raises it")


def test_a_row_that_may_exist_once_is_entered_or_found(app: Flask, cast: SimpleNamespace) -> None:
    """The transaction goes on after the row of another was found."""
    with app.app_context(), transaction.writes_now():
        there = select(Person).where(Person.email == "officer@example.org")
        person, new = transaction.enter_once(Person(email="officer@example.org", name="Twin"), lambda: db.session.scalar(there))
        assert (person.id, new) == (cast.officer, False)
        person.name = "Olwen Price-Jones"
    with app.app_context():
        assert db.session.get_one(Person, cast.officer).name == "Olwen Price-Jones"
