"""A million open items: what the daily reminder job selects by its stored schedule, beside the bare statement in SQL."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade

from config.settings import read_settings
from scrutiny.app import create_app
from scrutiny.chasing.queries import page_due, requests_due
from scrutiny.extensions import db

pytestmark = pytest.mark.bench
ITEMS, EACH = 1_000_000, 10
TODAY = date(2026, 11, 2)
#: The steps of the items are spread over so many days from today on, as a year's work would have them.
DAYS = 250
MOST_SECONDS, MOST_GROWTH = 1.0, 20_000_000
ROUNDS = 5
#: One review, ten questions, requests of ten items each; columns left out take what the rows around them need.
FILL = f"""
INSERT INTO agency (id, name, name_cy, kind, nation, email, version) VALUES (1, 'A', '', 'police', 'england', '', 1);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ITEMS // EACH})
INSERT INTO evidence_request (id, review_id, agency_id, number, reference, state, message, dropped_why, ended_why, left_out,
    power_key, standing, issued_by, ladder, ladder_edition, version)
SELECT i, 1, 1, i, 'R-2026-001/P' || i, 'issued', '', '', '', '[]', '', '{{}}', '', '', '', 1 FROM n;
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {ITEMS} - 1)
INSERT INTO item (id, request_id, question_id, number, reference, state, clock, nation, start_event, due_on, calendar,
    due_working, next_step_on, rung, power_key, held_by, redirected_to, ground, returned_why, version)
SELECT i + 1, i / {EACH} + 1, i % {EACH} + 1, i % {EACH} + 1, 'R-2026-001/P' || (i / {EACH} + 1) || '/' || (i % {EACH} + 1),
    'asked', 'working_after:20', 'england-and-wales', 'sent',
    date('{TODAY}', '+' || (i / {EACH} * 7919 % {DAYS} + 7) || ' days'), '', '{{}}',
    date('{TODAY}', '+' || (i / {EACH} * 7919 % {DAYS}) || ' days'), 0, '', '', '', '', '', 1 FROM n;
ANALYZE;
"""


def memory() -> int:
    """What this process holds in memory, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Path]]:
    """An instance with the tables as they are migrated, and a million open items put in by SQL."""
    folder = tmp_path_factory.mktemp("million")
    path = folder / "items.db"
    app = create_app(
        read_settings(
            {
                "SECRET_KEY": "bench-" + "x" * 40,
                "DATABASE_URL": f"sqlite:///{path}",
                "FILES_URL": f"file://{folder}/f",
                "MAIL_URL": str(folder / "mail"),
            }
        )
    )
    with app.app_context():
        upgrade()
        db.engine.dispose()
    begun = time.perf_counter()
    with sqlite3.connect(path) as connection:
        connection.executescript("PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF;" + _known_columns(connection, FILL))
    print(f"\n{ITEMS:,} items put in, with every index, in {time.perf_counter() - begun:.1f} s")
    yield app, path
    with app.app_context():
        db.session.remove()


def _known_columns(connection: sqlite3.Connection, script: str) -> str:
    """The script, refused in a sentence where a column that must be filled is left out of it."""
    for table in ("agency", "evidence_request", "item"):
        needed = {row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[3] and row[4] is None}
        listed = script.split(f"INSERT INTO {table} (")[1].split(")")[0]
        missing = needed - {name.strip() for name in listed.split(",")}
        assert not missing, f"{table} has columns this bench does not fill: {sorted(missing)}"
    return script


def test_what_is_due_is_selected_from_one_index_within_a_second(million: tuple[Flask, Path]) -> None:
    app, path = million
    with app.app_context():
        found = list(requests_due(TODAY))
        ours = statistics.median(_seconds(lambda: list(requests_due(TODAY))) for _ in range(ROUNDS))
        statement = page_due(TODAY, (date.min, 0)).compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in db.session.execute(db.text(f"EXPLAIN QUERY PLAN {statement}"))]
    bare = "SELECT DISTINCT next_step_on, request_id FROM item WHERE next_step_on <= ? ORDER BY next_step_on, request_id"
    with sqlite3.connect(path) as connection:
        floor = statistics.median(_seconds(lambda: connection.execute(bare, (str(TODAY),)).fetchall()) for _ in range(ROUNDS))
        expected = {row[1] for row in connection.execute(bare, (str(TODAY),))}
    print(
        f"\n{len(found):,} requests due today among {ITEMS:,} open items: {ours * 1000:.1f} ms, "
        f"{ours / floor:.1f} × the bare statement ({floor * 1000:.2f} ms)\n" + "\n".join(plan)
    )
    assert set(found) == expected
    assert len(found) == len(expected) == ITEMS // EACH // DAYS
    assert ours < MOST_SECONDS
    assert len(plan) == 1, "one index, no sorting beside it"
    assert plan[0].startswith("SEARCH item USING COVERING INDEX ix_item_next_step_on_request_id (")


def test_memory_stays_flat_even_if_every_one_of_a_million_is_due(million: tuple[Flask, Path]) -> None:
    app, _ = million
    everything = TODAY + timedelta(days=DAYS)
    with app.app_context():
        assert sum(1 for _ in zip(range(5000), requests_due(everything), strict=False)) == 5000
        before, most, count = memory(), 0, 0
        begun = time.perf_counter()
        for _ in requests_due(everything):
            count += 1
            if count % 5000 == 0:
                most = max(most, memory())
    took = time.perf_counter() - begun
    print(f"\nall {count:,} requests of {ITEMS:,} items streamed in {took:.2f} s; memory grew by {(most - before) / 1e6:.1f} MB")
    assert count == ITEMS // EACH
    assert most - before < MOST_GROWTH


def _seconds(deed: Callable[[], Any]) -> float:
    """The wall-clock time of a deed."""
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun
