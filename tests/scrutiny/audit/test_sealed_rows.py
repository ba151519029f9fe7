"""Whatever a deed writes is sealed with it, however it is written; and what was there before is said to have no seal."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from scrutiny import transaction
from scrutiny.audit import queries, row_check, verifying
from scrutiny.audit.models import AuditEntry, AuditSeal
from scrutiny.audit.service import note, seal_the_rest
from scrutiny.evidence.models import StoredFile
from scrutiny.extensions import db
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.usefixtures("context", "cast")

DIGEST = "a" * 64


def stored(**values: object) -> StoredFile:
    """Bytes as a deed keeps them."""
    return StoredFile(**{"sha256": DIGEST, "size": 3, "media_type": "text/csv", "kept_at": NOW} | values)


def by_other_hands(statement: str) -> None:
    """Something done to the database past every session."""
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.fixture
def kept(context: object, cast: SimpleNamespace) -> None:
    """A row that the first deed made; what the cast wrote without any is sealed by the second."""
    with transaction.writes_now():
        db.session.add(stored())
        note("file_added", about="evidence:1", by=acting("officer"), at=NOW)
    with transaction.writes_now():
        seal_the_rest(by=OPERATOR_ACTOR, at=NOW)


WRITINGS: dict[str, Callable[[], object]] = {
    "a record": lambda: setattr(db.session.get_one(StoredFile, DIGEST), "scan", "clean"),
    "one statement": lambda: db.session.execute(update(StoredFile).where(StoredFile.size == 3).values(scan="clean")),
    "a statement about the table": lambda: db.session.execute(StoredFile.__table__.update().values(scan="clean")),
    "a removal": lambda: db.session.delete(db.session.get_one(StoredFile, DIGEST)),
    "a removal in one statement": lambda: db.session.execute(delete(StoredFile)),
}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("noted", [True, False], ids=["with a deed", "with none noted"])
@pytest.mark.parametrize("write", WRITINGS.values(), ids=WRITINGS)
def test_whatever_goes_through_a_session_is_sealed(write: Callable[[], object], noted: bool) -> None:
    with transaction.writes_now():
        write()
        if noted:
            note("file_looked_at", about="evidence:1", by=acting("officer"), at=NOW)
    assert verifying.verify().faults == []
    assert queries.head()[0] == 3
    assert db.session.scalar(select(AuditEntry.event).where(AuditEntry.number == 3)) == (
        "file_looked_at" if noted else "records_saved"
    )


@pytest.mark.usefixtures("kept")
def test_what_no_seal_covers_leaves_no_row_in_the_trail() -> None:
    """When bytes were last read is written every night."""
    with transaction.writes_now():
        db.session.execute(update(StoredFile).values(checked_at=NOW))
        db.session.get_one(StoredFile, DIGEST).fault = "missing"
    assert queries.head()[0] == 2


OTHER_HANDS = {
    "changed": ("UPDATE stored_file SET scan = 'clean'", f"stored_file:{DIGEST} was changed without a deed: row 1"),
    "removed": ("DELETE FROM stored_file", f"stored_file:{DIGEST} is gone, and no deed removed it: row 1"),
    "put there": (
        "INSERT INTO stored_file (sha256, size, media_type, scan, kept_at, fault) "
        "SELECT 'b', size, media_type, scan, kept_at, fault FROM stored_file",
        "stored_file:b is there, and no deed made it",
    ),
    "its seal changed": (f"UPDATE audit_seal SET digest = '{DIGEST}'", "The seals of row 1 of the trail are not those it left"),
    "its seal removed": ("DELETE FROM audit_seal", "The seals of row 1 of the trail are gone"),
    "facts nested without end": (
        f"UPDATE audit_entry SET fields = '{'[' * 200_000}{']' * 200_000}' WHERE number = 1",
        "Row 1 cannot be read: fields",
    ),
    "a second head": ("INSERT INTO audit_head VALUES (2, 0, '')", "audit_head:2 is there, and a trail has one head"),
    "a seal put there": ("INSERT INTO audit_seal VALUES (7, 'stored_file:b', '', '')", "The seals of row 7"),
}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("statement", "said"), OTHER_HANDS.values(), ids=OTHER_HANDS)
def test_what_other_hands_do_is_named_with_the_row_that_wrote_last(app: Flask, statement: str, said: str) -> None:
    by_other_hands(statement)
    found = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert found.exit_code == 1
    assert said in found.output


@pytest.mark.usefixtures("kept")
def test_a_deed_that_ends_while_the_trail_is_looked_at_is_no_fault(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is read as it stood at one moment."""
    seals_of = row_check._newest_seals

    def deed() -> None:
        with app.app_context(), transaction.writes_now():
            db.session.add(stored(sha256="b" * 64))
            note("file_added", about="evidence:2", by=OPERATOR_ACTOR, at=NOW)

    def meanwhile(*given: Any) -> object:
        """The seals as they are read before the rows; between the two a deed ends."""
        seals = seals_of(*given)
        other = Thread(target=deed)
        other.start()
        other.join()
        return seals

    monkeypatch.setattr(row_check, "_newest_seals", meanwhile)
    found = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (found.exit_code, found.output.count(" is there, and no deed made it")) == (0, 0), found.output


@pytest.mark.usefixtures("kept")
def test_a_row_put_back_that_a_deed_removed_is_named() -> None:
    with transaction.writes_now():
        db.session.execute(delete(StoredFile))
    with db.engine.begin() as connection:
        connection.execute(StoredFile.__table__.insert().values(sha256=DIGEST, size=3, media_type="text/csv", kept_at=NOW))
    assert verifying.verify().faults == [f"stored_file:{DIGEST} is there, though row 3 of the trail removed it"]


def test_what_was_there_before_is_no_fault_is_said_and_can_be_sealed_as_it_is(app: Flask, cast: SimpleNamespace) -> None:
    """A database of an older version: rows and deeds without seals."""
    with db.engine.begin() as connection:
        connection.execute(StoredFile.__table__.insert().values(sha256=DIGEST, size=3, media_type="text/csv", kept_at=NOW))
    with transaction.writes_now():
        note("file_added", about="evidence:1", by=acting("officer"), at=NOW)
    run = app.test_cli_runner()
    found = run.invoke(args=["audit", "verify", "--json"])
    assert found.exit_code == 0
    assert (
        "1 row of stored_file was made before deeds sealed what they write, and is not sealed"
        in json.loads(found.stdout)["notes"]
    )
    assert "rows are sealed as they are" in run.invoke(args=["audit", "seal"]).output
    assert json.loads(run.invoke(args=["audit", "verify", "--json"]).stdout)["notes"] == []
    by_other_hands("UPDATE stored_file SET size = 4")
    assert run.invoke(args=["audit", "verify"]).exit_code == 1
    again = run.invoke(args=["audit", "seal"])
    assert (again.exit_code, again.output) == (
        1,
        "Every row has its seal already: run flask audit verify, which names what has none\n",
    )


@pytest.mark.usefixtures("kept")
def test_nothing_is_sealed_again_that_other_hands_put_there() -> None:
    with pytest.raises(Refused), transaction.writes_now():
        seal_the_rest(by=OPERATOR_ACTOR, at=NOW)


def _write_and_refuse() -> None:
    """A deed that wrote a row and is refused after all."""
    with transaction.writes_now():
        db.session.add(stored(sha256="b" * 64))
        db.session.flush()
        raise Refused("no")


@pytest.mark.usefixtures("kept")
def test_what_was_undone_leaves_no_seal() -> None:
    with pytest.raises(Refused):
        _write_and_refuse()
    with transaction.writes_now():
        note("review_opened", about="review:1", by=acting("officer"), at=NOW)
    assert f"stored_file:{'b' * 64}" not in db.session.scalars(select(AuditSeal.about)).all()


@pytest.mark.usefixtures("kept")
def test_the_same_row_has_another_digest_each_time() -> None:
    """What was erased cannot be guessed from its seal by trying."""
    for size in (4, 3):
        with transaction.writes_now():
            db.session.get_one(StoredFile, DIGEST).size = size
    found = select(AuditSeal.digest).where(AuditSeal.about.startswith("stored_file"))
    assert len(set(db.session.scalars(found))) == 3
