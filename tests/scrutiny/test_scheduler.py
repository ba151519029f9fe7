"""The engine of the timetable: what is asked for while a job runs is done when it ends, not a minute later."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from queue import Queue
from threading import Event

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES
from flask import Flask

from scrutiny import scheduler
from scrutiny.scheduler import Engine
from workflows.timetable import Job

PATIENCE_SECONDS = 20
#: On the first of January alone, so that only what is asked for runs.
SELDOM = {"minute": "0", "hour": "0", "day": "1", "month": "1"}


@pytest.fixture
def engine(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine of one job that seldom falls due."""
    monkeypatch.setattr(scheduler, "TIMETABLE", (Job("post", SELDOM, "for this test"),))
    monkeypatch.setattr(scheduler.upkeep, "note_run", lambda *_, **__: None)
    with (tmp_path / "lock").open("w") as lock:
        engine = Engine(app, lock)
        engine.start()
        yield engine
        engine.clock.shutdown()


@pytest.mark.parametrize("fails", [False, True])
def test_a_job_woken_while_it_runs_runs_again(engine: Engine, monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    began: Queue[datetime] = Queue()
    may_end = Event()

    def post(*, at: datetime) -> str:
        began.put(at)
        may_end.wait(PATIENCE_SECONDS)
        if fails:
            raise OSError
        return "posted"

    monkeypatch.setattr(scheduler, "registered", lambda: {"post": post})
    engine.wake("post")
    began.get(timeout=PATIENCE_SECONDS)
    skipped = Event()
    engine.clock.add_listener(lambda _: skipped.set(), EVENT_JOB_MAX_INSTANCES)
    engine.wake("post")
    assert skipped.wait(PATIENCE_SECONDS)  # APScheduler has left it out
    may_end.set()
    began.get(timeout=PATIENCE_SECONDS)
    assert began.empty()


def test_a_run_that_is_asked_for_again_is_not_told_as_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    clock = logging.getLogger("apscheduler.scheduler")
    clock.warning('Execution of job "%s" skipped: maximum number of running instances reached (%d)', "post_letters", 1)
    clock.warning("Run time of job was missed")
    assert [record.getMessage() for record in caplog.records] == ["Run time of job was missed"]
