"""Every job on the timetable is written, and every job written is on the timetable."""

from __future__ import annotations

from apscheduler.triggers.cron import CronTrigger
from flask import Flask

from workflows.jobs import check_against_timetable
from workflows.timetable import TIMETABLE, ZONE


def test_timetable_and_jobs_agree(the_app: Flask) -> None:
    """app.py has imported every room's jobs by now."""
    assert check_against_timetable() == []


def test_every_row_of_the_timetable_can_be_kept() -> None:
    """APScheduler accepts each cron, and each says why it runs then."""
    for job in TIMETABLE:
        CronTrigger(timezone=ZONE, **job.cron)
        assert job.why
