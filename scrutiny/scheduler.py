"""The engine of the timetable: APScheduler in the one process of the embedded default.

The rows are the truth and the engine only a hint: nothing is lost when it dies, because every job looks for what is due.
Past one machine another engine takes its place (an own decision); no job knows which.
"""

from __future__ import annotations

import fcntl
import logging
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from scrutiny.extensions import db
from scrutiny.transaction import undo
from scrutiny.upkeep import service as upkeep
from workflows.jobs import check_against_timetable, registered
from workflows.timetable import TIMETABLE, ZONE

log = logging.getLogger(__name__)
jobs = AppGroup("jobs", help="The jobs of the timetable.")


def _is_news(record: logging.LogRecord) -> bool:
    """Whether APScheduler tells something to act on; a run left out while the last one goes on is asked for again below."""
    return "maximum number of running instances" not in record.getMessage()


logging.getLogger("apscheduler.scheduler").addFilter(_is_news)


class Engine:
    """One scheduler in one process, under a file lock; `wake` brings a job forward to now."""

    def __init__(self, app: Flask, lock: IO[str]) -> None:
        self.app = app
        self.lock = lock  # held open for as long as the process lives
        self.clock = BackgroundScheduler(
            timezone=ZONE, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self.clock.add_listener(self._ended, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self.asked: set[str] = set()  # jobs woken since they last began

    def start(self) -> None:
        """Enter the timetable; what mends a missed run also runs at once."""
        for job in TIMETABLE:
            first = {"next_run_time": datetime.now(UTC)} if job.at_start else {}
            self.clock.add_job(self._begin, CronTrigger(timezone=ZONE, **job.cron), args=[job.name], id=job.name, **first)
        self.clock.start()

    def wake(self, name: str) -> None:
        """Bring a job forward to now; one that is running, and may have looked too early, runs again as soon as it ends."""
        self.asked.add(name)
        self.clock.modify_job(name, next_run_time=datetime.now(UTC))

    def _begin(self, name: str) -> None:
        """Run a job: what was asked for until now, it sees."""
        self.asked.discard(name)
        run_job(self.app, name)

    def _ended(self, event: JobExecutionEvent) -> None:
        """APScheduler leaves out a run that falls due while the last one goes on, so what was asked meanwhile is asked again."""
        if event.job_id in self.asked:
            self.clock.modify_job(event.job_id, next_run_time=datetime.now(UTC))


def start(app: Flask) -> Engine | None:
    """Start the engine in this process unless another holds the lock; refuses if timetable and jobs disagree."""
    disagreements = check_against_timetable()
    if disagreements:
        raise SystemExit("The timetable and the jobs disagree:\n" + "\n".join(f"  - {d}" for d in disagreements))
    path = _lock_path(app)
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        log.warning("another process already runs the timetable (%s is locked); this one only serves pages", path.name)
        lock.close()
        return None
    with app.app_context():
        freed = upkeep.free_claims()
    if freed:
        log.warning("%s pieces of work were left claimed by a process that stopped; they are taken up again", freed)
    engine = Engine(app, lock)
    app.extensions["engine"] = engine
    engine.start()
    return engine


def wake_soon(names: set[str]) -> None:
    """After a commit: bring forward the jobs a deed asked for, where this process runs the engine."""
    engine: Engine | None = current_app.extensions.get("engine")
    if engine is not None:
        for name in sorted(names):
            engine.wake(name)


def run_job(app: Flask, name: str, at: datetime | None = None) -> bool:
    """Run one job now and keep what came of it; a failure is kept too, and stops no other job."""
    with app.app_context():
        started = datetime.now(UTC)
        try:
            did = registered()[name](at=at or started)
            upkeep.note_run(name, started=started, ended=datetime.now(UTC), did=str(did or ""), fault="")
        except Exception as error:  # one job's failure must not end the clock
            log.exception("the job %s failed", name)
            undo()
            upkeep.note_run(name, started=started, ended=datetime.now(UTC), did="", fault=f"{type(error).__name__}: {error}")
            return False
        finally:
            db.session.remove()
    return True


def _lock_path(app: Flask) -> Path:
    """Beside the database, so that two instances on one machine do not stop each other."""
    url: str = app.config["SETTINGS"].database_url
    folder = Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:///") else Path(app.root_path).parent / "var"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{Path(url).name.split('?')[0]}.timetable.lock"


@jobs.command("list")
def list_jobs() -> None:
    """Every job: when it runs, why then, and how its last run went."""
    last = upkeep.last_runs()
    for job in TIMETABLE:
        run = last.get(job.name)
        ran = f"last {run.started_at:%Y-%m-%d %H:%M} UTC{' FAILED' if run.fault else ''}" if run else "never run"
        click.echo(f"{job.name:22} {' '.join(f'{k}={v}' for k, v in job.cron.items()):24} {ran}\n{'':22} {job.why}")


@jobs.command("run")
@click.argument("name")
@click.option("--at", "moment", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]), help="UTC; demo and tests only.")
def run(name: str, moment: datetime | None) -> None:
    """Run one job now."""
    if name not in registered():
        raise click.ClickException(f"There is no job {name}: choose one of {', '.join(sorted(registered()))}")
    if moment and not (upkeep.is_demo() or current_app.testing):
        raise click.ClickException("--at moves the clock, so it is for demo data and tests only")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the job pushes a context of its own
    if not run_job(app, name, moment.replace(tzinfo=UTC) if moment else None):
        raise click.ClickException(f"The job {name} failed: see the administrator's page or the log")
    click.echo(f"{name}: {upkeep.last_runs()[name].did or 'nothing was due'}")


@click.command("scheduler", help="Run the timetable in this process until stopped.")
@with_appcontext
def scheduler() -> None:
    """The engine on its own, for an instance whose web process does not run it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy has it; its type does not say so
    engine = start(app)
    if engine is None:
        raise click.ClickException("Another process already runs the timetable")
    click.echo("The timetable is running; stop it with Ctrl-C")
    try:
        signal.pause()
    except KeyboardInterrupt:
        engine.clock.shutdown(wait=True)
