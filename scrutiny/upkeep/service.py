"""Keep what the jobs did, and note the backups made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update

from scrutiny import transaction
from scrutiny.correspondence.models import Posting
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.upkeep.models import InstanceFact, JobRun
from scrutiny.work.claims import Progress

KEPT_RUNS = 200


def note_run(name: str, *, started: datetime, ended: datetime, did: str, fault: str) -> None:
    """Keep one run; a run that found nothing to do replaces the quiet run before it, so that each minute adds no row."""
    transaction.run(lambda: _keep_run(name, started, ended, did, fault))


def _keep_run(name: str, started: datetime, ended: datetime, did: str, fault: str) -> None:
    """The same, within one transaction."""
    last = db.session.scalar(select(JobRun).where(JobRun.name == name).order_by(JobRun.id.desc()).limit(1))
    if last is not None and not (last.did or last.fault or did or fault):
        last.started_at, last.ended_at = started, ended
        return
    db.session.add(JobRun(name=name, started_at=started, ended_at=ended, did=did, fault=fault))
    old = select(JobRun.id).where(JobRun.name == name).order_by(JobRun.id.desc()).offset(KEPT_RUNS).limit(1).scalar_subquery()
    db.session.execute(delete(JobRun).where(JobRun.name == name, JobRun.id <= old))


def last_runs() -> dict[str, JobRun]:
    """The last run of each job, by name."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.name)
    return {run.name: run for run in db.session.scalars(select(JobRun).where(JobRun.id.in_(newest)).order_by(JobRun.name))}


def mark_as_demo() -> None:
    """Write down that everything in this database is invented; flushes, for the deed that invents it."""
    db.session.merge(InstanceFact(name="demo", value="everything here is invented"))
    db.session.flush()


def is_demo() -> bool:
    """Whether everything in this database is invented."""
    return db.session.get(InstanceFact, "demo") is not None


def free_claims() -> int:
    """At the start of the one process of the embedded default, whatever is claimed was claimed by a process now dead."""
    freed = 0
    with transaction.writes_now():
        for model in (Edition, Posting, Progress):
            held = update(model).where(model.claim.is_not(None)).values(claim=None, claimed_until=None)
            freed += getattr(db.session.execute(held), "rowcount", 0)
    return freed
