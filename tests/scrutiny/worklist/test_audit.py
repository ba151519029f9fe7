"""The administrator's audit trail: newest first, by record, whole or not, and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from scrutiny.audit import queries as audit
from scrutiny.audit.models import AuditEntry
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from scrutiny.worklist import history, verifying
from tests.scrutiny.worklist.conftest import words_of
from workflows.lifecycles.every import LIFECYCLES


def test_the_trail_is_shown_newest_first_and_by_record(asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]) -> None:
    """A record, what it is read with, and whoever did it all narrow the same way; the filter stays in the address."""
    client = signed_in("administrator")
    words = words_of(client.get("/administration/audit"))
    assert words.index("Issued a request") < words.index("Opened the review") < words.index("Planned the review")
    assert "Planned → Under way" in words
    assert "planned" not in words
    narrowed = words_of(client.get(f"/administration/audit?record=request:{asked.police}"))
    assert "2 rows of request:" in narrowed
    assert "R-2026-001/P05" in narrowed
    assert "No row is about that" in words_of(client.get("/administration/audit?record=person:999"))


def test_every_move_is_said_in_the_words_of_its_own_lifecycle() -> None:
    """Several lifecycles call a state by the same key, and not in the same words."""
    for table in LIFECYCLES:
        for move in table.moves:
            own = [one for one in LIFECYCLES if any(other.event == move.event for other in one.moves)]
            for before in move.sources:
                said = history.states_of(AuditEntry(event=move.event, before=before, after=move.target))
                assert said in {f"{one.states.get(before)} → {one.states.get(move.target)}" for one in own}, move.event


def test_a_trail_that_was_tampered_with_says_which_row(
    app: Flask, asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """The link checks every row, and names the fault."""
    client = signed_in("administrator")
    assert "The trail is whole" in words_of(client.get("/administration/audit?verify=1"))
    with app.app_context(), writes_now():
        db.session.execute(text("UPDATE audit_entry SET event = 'review_closed' WHERE number = 2"))
    words = words_of(client.get("/administration/audit?verify=1"))
    assert "The trail is not whole" in words
    assert "Row 2 was changed after it was written" in words


def test_a_long_trail_is_checked_up_to_a_limit_and_says_so(asked: SimpleNamespace, context: None) -> None:
    """No page holds the server for minutes."""
    number, _ = audit.head()
    verdict = verifying.verify(limit=5)
    assert (verdict.looked_at, verdict.of, verdict.faults) == (5, number, [])
    with writes_now():
        db.session.execute(text("DELETE FROM audit_entry WHERE number = 3"))
    assert any("Row 3 is missing" in fault for fault in verifying.verify(limit=5).faults)


def test_the_rows_can_be_had_as_a_file(asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]) -> None:
    """Every column as it is chained, oldest first, narrowed as the page was."""
    response = signed_in("administrator").get(f"/administration/audit.csv?record=review:{asked.id}")
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True))))
    assert response.mimetype == "text/csv"
    assert tuple(rows[0]) == history.COLUMNS
    assert rows[1][4] == "review_planned"
    assert all(row[5] == "review:1" or row[6] == "review:1" for row in rows[1:])


def test_pages_of_the_trail_lead_to_older_rows(
    asked: SimpleNamespace, signed_in: Callable[..., FlaskClient], monkeypatch: object
) -> None:
    """A hundred to a page; a page past the end is the last."""
    monkeypatch.setattr(history, "PER_PAGE", 5)
    client = signed_in("administrator")
    assert "page=2" in client.get("/administration/audit").get_data(as_text=True)
    assert "Planned the review" in words_of(client.get("/administration/audit?page=999"))
