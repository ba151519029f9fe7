"""Recommendations that were closed before there were ends of several kinds: what was rejected is not called done."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_migrate import downgrade, stamp, upgrade
from sqlalchemy import Connection, text

from scrutiny import transaction
from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.recommendations import service
from scrutiny.recommendations.models import Addressee
from scrutiny.recommendations.service import Check
from scrutiny.reports import jobs
from tests.scrutiny.recommendations.test_service import _draft
from tests.scrutiny.reports.story import RELEASE, scheduled
from tests.scrutiny.reviews.acting import acting

VERSION = next(
    p.stem[:4] for p in (Path(__file__).resolve().parents[3] / "migrations" / "versions").glob("*_how_recommendations_end.py")
)
BEFORE = f"{int(VERSION) - 1:04d}"


def _states(connection: Connection) -> dict[int, str]:
    """The state of each addressee by its id."""
    rows = connection.execute(text("SELECT id, state FROM addressee ORDER BY id")).all()
    return {row.id: row.state for row in rows}


def _count(connection: Connection, table: str) -> int:
    """How many rows a table has."""
    return int(connection.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one())


@pytest.fixture
def five(app: Flask, cast: SimpleNamespace) -> dict[str, int]:
    """Five addressees that came to five different ends, kept; their ids by the end."""
    with app.app_context():
        scheduled(cast)
        jobs.release_reports(at=RELEASE)
        with transaction.writes_now():
            first = db.session.get_one(Addressee, 1)
            ids = {"done": first.id}
            for end in ("not_accepted", "partly_done", "no_longer_tracked", "reopened"):
                row = _draft(first.recommendation.review, cast, agency=db.session.get_one(Agency, cast.fire))
                row.state = "made"
                ids[end] = row.addressees[0].id
            _bring(ids)
        return ids


def _bring(ids: dict[str, int]) -> None:
    """Each addressee to its end, by the services."""
    fire, officer = acting("fire_responder"), acting("officer")
    rows = {end: db.session.get_one(Addressee, key) for end, key in ids.items()}
    for end in ("done", "partly_done", "reopened"):
        service.respond(rows[end], "accept_in_part", response="Yes.", by=fire, at=RELEASE)
        service.return_progress(rows[end], status="achieved", text="Done.", new_date=None, by=fire, at=RELEASE)
    service.respond(rows["not_accepted"], "reject", response="No.", by=fire, at=RELEASE)
    for end, move in (
        ("done", "verify"),
        ("not_accepted", "close_not_accepted"),
        ("partly_done", "close_partly_done"),
        ("no_longer_tracked", "stop_tracking"),
        ("reopened", "reopen"),
    ):
        service.settle_response(rows[end], move, Check(f"Why {end}."), by=officer, at=RELEASE)


def test_what_was_rejected_becomes_closed_as_not_accepted_and_nothing_is_lost(app: Flask, five: dict[str, int]) -> None:
    """Back, where there was one closed state, and forwards again; returns, holders and reasons stay."""
    with app.app_context():
        db.session.remove()
        stamp()
        downgrade(revision=BEFORE)
        with db.engine.connect() as connection:
            states = _states(connection)
            assert {end: states[key] for end, key in five.items()} == {
                "done": "closed",
                "not_accepted": "closed",
                "partly_done": "partly_accepted",
                "no_longer_tracked": "awaited",
                "reopened": "partly_accepted",
            }, "what did not end as done or not accepted is open again: it must not be called done and checked"
            assert _count(connection, "progress_return") == 3
        upgrade()
        with db.engine.connect() as connection:
            states = _states(connection)
            assert (states[five["done"]], states[five["not_accepted"]]) == ("done", "not_accepted")
            assert _count(connection, "progress_return") == 3, "a table that is copied does not empty those that refer to it"
        steps = {end: [(s.outcome, s.words) for s in db.session.get_one(Addressee, key).steps] for end, key in five.items()}
        assert steps["done"] == [("partly_accepted", "Yes."), ("done", "Why done.")]
        assert steps["not_accepted"] == [("rejected", "No."), ("not_accepted", "Why not_accepted.")]
        assert steps["reopened"] == [("partly_accepted", "Yes."), ("partly_accepted", "Why reopened.")]
        assert db.session.get_one(Addressee, five["done"]).steps[-1].body is not None
