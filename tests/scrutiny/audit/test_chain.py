"""The trail finds a row that was changed, taken out or moved, and a tail that was cut."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import text

from scrutiny import transaction
from scrutiny.audit import queries
from scrutiny.audit.service import note
from scrutiny.extensions import db
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused

pytestmark = pytest.mark.usefixtures("context", "cast")


def _note(count: int) -> None:
    """Some things that happened, each kept by itself."""
    for number in range(count):
        with transaction.writes_now():
            note("review_opened", about=f"review:{number}", by=acting("officer"), at=NOW, before="planned", after="opened")


def test_a_trail_nobody_touched_is_whole() -> None:
    """Ten rows, no fault."""
    _note(10)
    assert queries.faults_found() == []
    assert queries.head()[0] == 10


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("UPDATE audit_entry SET after = 'closed' WHERE number = 4", "Row 4 was changed"),
        ("UPDATE audit_entry SET fields = '[]' WHERE number = 9", "Row 9 was changed"),
        ("DELETE FROM audit_entry WHERE number = 6", "Row 6 is missing"),
        ("UPDATE audit_entry SET number = CASE number WHEN 2 THEN 103 WHEN 3 THEN 102 END WHERE number IN (2, 3)", "Row 2"),
        ("DELETE FROM audit_entry WHERE number > 7", "its tail was cut"),
    ],
)
def test_a_trail_that_was_touched_says_where(deed: str, said: str) -> None:
    """Changed, missing, reordered, cut."""
    _note(10)
    db.session.execute(text(deed))
    if "103" in deed:
        db.session.execute(text("UPDATE audit_entry SET number = number - 100 WHERE number > 100"))
    db.session.commit()
    assert any(said in fault for fault in queries.faults_found()), queries.faults_found()


def test_a_tail_cut_together_with_the_head_is_found_against_a_file() -> None:
    """Whoever rewrites the head too is caught by the number and digest that a backup kept."""
    _note(10)
    kept = queries.head()
    db.session.execute(text("DELETE FROM audit_entry WHERE number > 7"))
    db.session.execute(text("UPDATE audit_head SET number = 7, digest = (SELECT digest FROM audit_entry WHERE number = 7)"))
    db.session.commit()
    assert queries.faults_found() == []
    assert queries.faults_found(kept) == ["The trail was at row 10 when the file was made; that row is gone: the tail was cut"]


def _note_and_refuse() -> None:
    """A deed that notes something and is refused after all."""
    with transaction.writes_now():
        note("review_opened", about="review:1", by=acting("officer"), at=NOW)
        raise Refused("no")


def test_what_was_undone_did_not_happen() -> None:
    """A deed that is refused after it noted something leaves no trace of it."""
    with pytest.raises(Refused):
        _note_and_refuse()
    _note(1)
    assert queries.head()[0] == 1


def test_the_command_tells_and_answers_with_its_status(app: Flask, tmp_path: Path, cast: SimpleNamespace) -> None:
    """0 and a sentence when whole; 1 and the faults when not; a file that records nothing is refused."""
    _note(3)
    anchor = tmp_path / "report.json"
    anchor.write_text(json.dumps({"audit": {"number": queries.head()[0], "digest": queries.head()[1]}}))
    db.session.remove()
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify", "--against", str(anchor)]).exit_code == 0
    db.session.execute(text("UPDATE audit_entry SET by = 'person:99' WHERE number = 2"))
    db.session.commit()
    result = runner.invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "Row 2 was changed" in result.output


def test_the_command_tells_the_same_as_json(app: Flask) -> None:
    """One document on stdout, whole or not; what is at fault also goes to stderr."""
    _note(2)
    db.session.remove()
    runner = app.test_cli_runner()
    whole = json.loads(runner.invoke(args=["audit", "verify", "--json"]).stdout)
    assert (whole["whole"], whole["number"], whole["faults"]) == (True, queries.head()[0], [])
    db.session.execute(text("UPDATE audit_entry SET by = 'person:99' WHERE number = 2"))
    db.session.commit()
    result = runner.invoke(args=["audit", "verify", "--json"])
    assert result.exit_code == 1
    assert not json.loads(result.stdout)["whole"]
    assert "Row 2 was changed" in json.loads(result.stdout)["faults"][0]
