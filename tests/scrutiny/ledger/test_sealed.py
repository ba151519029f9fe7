"""What other hands do to the figures of a source is found; figures loaded before they were sealed can be sealed as they are."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import text

from scrutiny import transaction
from scrutiny.audit.service import seal_the_rest
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerSource
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import keep
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.usefixtures("context")
TABLE = "service,amount,stream\n09,100.00,revenue\n04,20.50,capital\nParks,,\n"


@pytest.fixture
def source_id(context: object, cast: SimpleNamespace) -> int:
    """A source with two figures and a row left out; the trail is whole."""
    with transaction.writes_now():
        seal_the_rest(by=OPERATOR_ACTOR, at=NOW)
    with transaction.writes_now():
        return keep(cast.ashby_council, TABLE).id


def by_other_hands(statement: str) -> None:
    """Something done to the database past every session."""
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(statement))


HANDS = {
    "an amount": ("UPDATE ledger_cell SET pence = pence + 1 WHERE row = 2", "ledger_cell"),
    "a figure gone": ("DELETE FROM ledger_cell WHERE row = 3", "ledger_cell"),
    "all figures gone": ("DELETE FROM ledger_cell", "ledger_cell"),
    "a row left out forgotten": ("DELETE FROM ledger_skipped", "ledger_skipped"),
    "a row left out invented": (
        "INSERT INTO ledger_skipped (source_id, sheet, row, reason, details) SELECT id, '', 9, 'empty', '{}' FROM ledger_source",
        "ledger_skipped",
    ),
}


@pytest.mark.parametrize(("statement", "table"), HANDS.values(), ids=HANDS)
def test_figures_changed_past_the_service_are_named(app: Flask, source_id: int, statement: str, table: str) -> None:
    run = app.test_cli_runner()
    whole = run.invoke(args=["audit", "verify"])
    assert whole.exit_code == 0, whole.output
    by_other_hands(statement)
    found = run.invoke(args=["audit", "verify"])
    assert found.exit_code == 1
    assert f"The rows of {table} of ledger_source:{source_id} are not those it came with" in found.output


def test_figures_of_before_are_said_and_sealed_as_they_are(app: Flask, source_id: int) -> None:
    """A database of an older version, in which every other row is sealed: no digest, and none that could be emptied."""
    run = app.test_cli_runner()
    by_other_hands("UPDATE ledger_source SET cells_sha256 = ''")
    assert f"ledger_source:{source_id} was changed without a deed" in run.invoke(args=["audit", "verify"]).output
    with transaction.writes_now():
        source = db.session.get_one(LedgerSource, source_id)
        source.cells_sha256 = source.skipped_sha256 = "x"
        db.session.flush()
        source.cells_sha256 = source.skipped_sha256 = ""
    found = run.invoke(args=["audit", "verify"])
    assert found.exit_code == 0, found.output
    assert "The rows of ledger_cell of 1 record were loaded before such rows were sealed" in found.output
    assert "3 rows are sealed as they are" in run.invoke(args=["audit", "seal"]).output
    assert "loaded before" not in run.invoke(args=["audit", "verify"]).output
    by_other_hands("UPDATE ledger_cell SET words = 'Parks' WHERE row = 2")
    assert run.invoke(args=["audit", "verify"]).exit_code == 1
    assert run.invoke(args=["audit", "seal"]).exit_code == 1
