"""A row that cannot be read is named in a sentence, the check goes on behind it, and its status says that not all is whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
from flask import Flask

from scrutiny import transaction
from scrutiny.audit.service import note
from scrutiny.extensions import db
from tests.conftest import NOW
from tests.scrutiny.evidence.test_seals import send
from tests.scrutiny.reviews.acting import acting
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.sqlite_only("PostgreSQL takes none of these values")


@pytest.fixture
def sent(app: Flask, cast: SimpleNamespace) -> None:
    """An answer with a file, sent, and a head that is said to be signed."""
    with app.app_context():
        send(cast)
        with transaction.writes_now():
            note("trail_signed", about="trail", by=OPERATOR_ACTOR, at=NOW, head="no head")
            note("an_event_of_no_version", about="review:1", by=acting("officer"), at=NOW)
        db.session.remove()


def loosened(table: str) -> list[str]:
    """What takes a table's columns from all they are held to."""
    return [f"CREATE TABLE loose AS SELECT * FROM {table}", f"DROP TABLE {table}", f"ALTER TABLE loose RENAME TO {table}"]


#: JSON nested deeper than Python reads, as SQL.
DEEP = "replace(hex(zeroblob(100000)), '00', '[[') || replace(hex(zeroblob(100000)), '00', ']]')"
#: A backup that was made when the trail stood at its second row.
BACKUP = [
    "INSERT INTO backup_made (file_name, size, files, made_by, made_at, audit_number, audit_digest) "
    "VALUES ('b', 1, 1, 'operator', '2026-03-02 09:30:00.000000', 2, 'a')"
]
#: What is done, and what is said of it.
DEEDS: dict[str, tuple[list[str], str]] = {
    "a moment that is none": (["UPDATE evidence SET made_at = 'yesterday'"], "evidence:1 cannot be read: made_at"),
    "a NULL": ([*loosened("evidence"), "UPDATE evidence SET text = NULL"], "evidence:1 cannot be read: text is empty"),
    "a file of nothing": (
        [*loosened("evidence_file"), "UPDATE evidence_file SET sha256 = NULL"],
        "evidence_file:1 cannot be read",
    ),
    "a file whose bytes have no row": (["DELETE FROM stored_file"], "is gone, and no deed removed it"),
    "bytes that are no text": (["UPDATE evidence SET title = CAST(x'ff00ff' AS TEXT)"], "evidence:1 cannot be read"),
    "facts that are no JSON": (["UPDATE audit_entry SET fields = 'no' WHERE number = 2"], "Row 2 cannot be read: fields"),
    "facts that are a list": (["UPDATE audit_entry SET fields = '[]' WHERE event = 'evidence_lodged'"], "was changed after"),
    "facts that are NULL": ([*loosened("audit_entry"), "UPDATE audit_entry SET fields = NULL"], "Row 1 cannot be read: fields"),
    "a day that is none in the trail": (["UPDATE audit_entry SET at = 'x' WHERE number = 3"], "Row 3 cannot be read: at"),
    "a kind of deed that is unknown": (["UPDATE audit_entry SET event = 'gone_fishing' WHERE number = 2"], "Row 2 was changed"),
    "a seal that is none": ([*loosened("audit_seal"), "UPDATE audit_seal SET digest = NULL"], "audit_seal:"),
    "a day written without its dashes": (
        ["UPDATE lodging SET lodged_at = replace(lodged_at, '-', '')"],
        "lodging:1 cannot be read: lodged_at is not written as the service writes it",
    ),
    "the same moment on another day": (
        ["UPDATE lodging SET lodged_at = strftime('%Y-%m-%d %H:%M:%f', lodged_at, '-1439 minutes') || '000-23:59'"],
        "lodging:1 cannot be read: lodged_at is not written as the service writes it",
    ),
    "JSON with a space": (
        ["UPDATE item SET due_working = due_working || ' '"],
        "item:1 cannot be read: due_working is not written as the service writes it",
    ),
    "no number as a text of nothing": (["UPDATE evidence SET keeper_id = ''"], "evidence:1 cannot be read: keeper_id"),
    "a truth that is two": (["UPDATE answer SET marked = 2"], "answer:1 cannot be read: marked is not written as the service"),
    "a text of nothing as bytes": (["UPDATE lodging SET wrong_why = x''"], "lodging:1 cannot be read: wrong_why"),
    "facts of the trail with a space": (
        ["UPDATE audit_entry SET fields = fields || ' ' WHERE number = 2"],
        "Row 2 cannot be read",
    ),
    "a review whose state is a number": (["UPDATE review SET title = 7"], "review:1 was changed without a deed"),
    "a snapshot that is no JSON": (
        [
            "INSERT INTO report SELECT 1, 'area', 'A-1', NULL, (SELECT min(id) FROM place), 0, '', 1",
            "PRAGMA ignore_check_constraints = ON",
            "INSERT INTO edition (id, report_id, number, state, why, digest, audit_digest, recalled_why, fault, version, "
            "snapshot) VALUES (1, 1, 1, 'drafted', '', 'd', '', '', '', 1, '{no')",
        ],
        "edition:1 cannot be read",
    ),
    "a text of the trail as bytes": (
        ["UPDATE audit_entry SET by = CAST(by AS BLOB) WHERE number = 2"],
        "Row 2 cannot be read: by",
    ),
    "facts of the trail nested without end": (
        [f"UPDATE audit_entry SET fields = {DEEP} WHERE number = 2"],
        "Row 2 cannot be read",
    ),
    "facts of the trail nested to the last level": (
        [f"UPDATE audit_entry SET fields = '{'[' * 900 + ']' * 900}' WHERE number = 2"],
        "Row 2 ",
    ),
    "a working nested without end": ([f"UPDATE item SET due_working = {DEEP}"], "item:1 cannot be read: due_working"),
    "what a seal is about as bytes": (
        ["UPDATE audit_seal SET about = CAST(about AS BLOB)"],
        "cannot be read: about does not hold",
    ),
    "what a seal is about in bytes that are no text": (
        ["UPDATE audit_seal SET about = CAST(x'ff00ff' AS TEXT) WHERE about = 'evidence:1'"],
        "audit_seal:",
    ),
    "a salt as bytes": (["UPDATE audit_seal SET salt = CAST(salt AS BLOB)"], "cannot be read: salt does not hold"),
    "a seal as bytes": (["UPDATE audit_seal SET digest = CAST(digest AS BLOB)"], "cannot be read: digest does not hold"),
    "a head in bytes that are no text": (
        ["UPDATE audit_head SET digest = CAST(x'ff00ff' AS TEXT)"],
        "audit_head:1 cannot be read",
    ),
    "a head as bytes": (["UPDATE audit_head SET digest = CAST(digest AS BLOB)"], "audit_head:1 cannot be read: digest"),
    "a second head": (["INSERT INTO audit_head VALUES (2, 0, '')"], "audit_head:2 is there, and a trail has one head"),
    "a digest of the trail in bytes that are no text": (
        ["UPDATE audit_entry SET digest = CAST(x'ff00ff' AS TEXT) WHERE number = 2", *BACKUP],
        "Row 2 of the trail cannot be held against",
    ),
    "a row without its key": ([*loosened("evidence"), "UPDATE evidence SET id = NULL"], "evidence:None cannot be read"),
    "nothing": ([], "The signed head in row"),
}


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize(("statements", "said"), DEEDS.values(), ids=DEEDS)
def test_the_check_names_what_cannot_be_read_and_goes_on(app: Flask, statements: list[str], said: str) -> None:
    path = app.config["SETTINGS"].database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:  # which asks for no foreign keys
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    found = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert isinstance(found.exception, SystemExit), found.exception
    assert found.exit_code == 1
    assert said in found.output
    assert "The signed head in row" in found.output, "what comes last is still looked at"
