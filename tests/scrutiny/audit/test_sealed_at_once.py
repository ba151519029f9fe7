"""Two deeds that end at the same moment leave seals of the rows as they then stood, whichever of them is first."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from scrutiny import transaction
from scrutiny.audit import sealed_rows, verifying
from scrutiny.audit.service import note, seal_the_rest
from scrutiny.evidence.models import StoredFile
from scrutiny.extensions import db
from tests.conftest import NOW
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.usefixtures("context", "cast")
DIGEST = "a" * 64


def test_a_deed_that_ends_while_another_seals_makes_no_seal_of_what_was_before(
    app: Flask, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second changes a row the first left as it was, and ends between its seal and its end; on SQLite it waits."""
    with transaction.writes_now():
        db.session.add(StoredFile(sha256=DIGEST, size=3, media_type="text/csv", kept_at=NOW))
        note("file_added", about="evidence:1", by=OPERATOR_ACTOR, at=NOW)
        seal_the_rest(by=OPERATOR_ACTOR, at=NOW)
    seals_now, started = sealed_rows.seals_now, []

    def second() -> None:
        with app.app_context(), transaction.writes_now():
            db.session.get_one(StoredFile, DIGEST).size = 4
            note("file_added", about="evidence:2", by=OPERATOR_ACTOR, at=NOW)

    def meanwhile(touched: Mapping[str, Any]) -> sealed_rows.Seals:
        seals = seals_now(touched)
        if not started:
            started.append(Thread(target=second))
            started[0].start()
            started[0].join(0.5)
        return seals

    monkeypatch.setattr(sealed_rows, "seals_now", meanwhile)
    with transaction.writes_now():
        sealed_rows.touch(db.session(), "stored_file", [(DIGEST,)])
        note("file_looked_at", about="evidence:1", by=OPERATOR_ACTOR, at=NOW)
    started[0].join(30)
    assert db.session.get_one(StoredFile, DIGEST).size == 4
    assert verifying.verify().faults == []
