"""What the administrator's machine page and the health checks look at."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from scrutiny.correspondence.models import Posting
from scrutiny.extensions import db
from scrutiny.upkeep.models import BackupMade, JobRun


def latest_backup() -> BackupMade | None:
    """The newest backup noted here."""
    return db.session.scalar(select(BackupMade).order_by(BackupMade.made_at.desc()).limit(1))


def failures(limit: int = 20) -> list[JobRun]:
    """The newest runs that failed."""
    return list(db.session.scalars(select(JobRun).where(JobRun.fault != "").order_by(JobRun.id.desc()).limit(limit)))


def letters_by_state() -> dict[str, int]:
    """How many e-mails are waiting, posted and failed."""
    rows = db.session.execute(select(Posting.state, func.count()).group_by(Posting.state).order_by(Posting.state))
    return {state: count for state, count in rows}  # noqa: C416  # rows are not pairs to mypy


def not_ready(at: datetime, *, runs_timetable: bool) -> list[str]:
    """What keeps this instance from its work: each in a sentence; none when it is ready."""
    found: list[str] = []
    db.session.execute(text("SELECT 1"))
    last = db.session.scalar(select(func.max(JobRun.ended_at)).where(JobRun.name == "sweep"))
    if runs_timetable and (last is None or at - last > timedelta(minutes=5)):
        found.append("The timetable has not run for five minutes")
    oldest = db.session.scalar(select(func.min(Posting.made_at)).where(Posting.state == "waiting"))
    if oldest is not None and at - oldest > timedelta(hours=1):
        found.append("A letter has waited to be posted for more than an hour")
    return found
