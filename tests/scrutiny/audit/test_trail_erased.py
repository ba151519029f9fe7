"""A trail that was erased or cut is missed by what is there: reviews, requests, answers and editions come by deeds alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import text

from scrutiny import transaction
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.worklist import verifying
from tests.conftest import NOW
from tests.scrutiny.evidence.test_seals import send
from tests.scrutiny.reviews.acting import acting

ERASED = [
    "DELETE FROM audit_entry",
    "DELETE FROM audit_seal",
    "DELETE FROM audit_head",
    "DELETE FROM backup_made",
    "UPDATE edition SET audit_number = NULL, audit_digest = ''",
    "UPDATE evidence SET text = 'forged'",
]
HEADLESS = ["DELETE FROM audit_head"]
CUT = [
    "DELETE FROM audit_entry WHERE number > 1",
    "DELETE FROM audit_seal",
    "UPDATE audit_head SET number = 1, digest = (SELECT digest FROM audit_entry WHERE number = 1)",
]


@pytest.fixture
def sent(app: Flask, cast: SimpleNamespace) -> None:
    """An answer with a file, sent."""
    with app.app_context():
        send(cast)
        db.session.remove()


def by_other_hands(app: Flask, statements: list[str]) -> None:
    """Something done to the database past every session."""
    with app.app_context(), db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (ERASED, "review:1 is there, and no row of the trail is about review:1"),
        (ERASED, "evidence_request:1 is there, and no row of the trail is about request:1"),
        (ERASED, " is there, and no row of the trail is about item:"),
        (HEADLESS, "The trail ends at row"),
        (CUT, " is there, and no row of the trail is about item:"),
    ],
    ids=["a review", "a request", "an answer", "the head alone", "all but its first row"],
)
def test_a_trail_that_was_erased_is_missed_and_nothing_is_sealed_over_it(app: Flask, statements: list[str], said: str) -> None:
    by_other_hands(app, statements)
    run = app.test_cli_runner()
    found = run.invoke(args=["audit", "verify"])
    assert found.exit_code == 1
    assert said in found.output
    sealed = run.invoke(args=["audit", "seal"])
    assert sealed.exit_code == 1
    assert "run flask audit verify" in sealed.output
    assert run.invoke(args=["audit", "verify"]).output == found.output, "nothing was made good"


@pytest.mark.usefixtures("sent")
def test_the_page_of_the_trail_says_so_too(app: Flask) -> None:
    by_other_hands(app, ERASED)
    with app.app_context():
        assert "review:1 is there, and no row of the trail is about review:1" in verifying.verify().faults


@pytest.mark.usefixtures("sent")
def test_a_deed_done_since_makes_nothing_good(app: Flask) -> None:
    by_other_hands(app, ERASED)
    with app.app_context(), transaction.writes_now():
        note("agency_changed", about="agency:1", by=acting("officer"), at=NOW)
    run = app.test_cli_runner()
    assert run.invoke(args=["audit", "verify"]).exit_code == 1
    assert run.invoke(args=["audit", "seal"]).exit_code == 1


def test_a_database_of_nothing_but_people_and_agencies_is_whole(app: Flask, cast: SimpleNamespace) -> None:
    found = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert found.exit_code == 0, found.output
