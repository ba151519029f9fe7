"""The commands: a table of contents."""

from __future__ import annotations

from flask import Flask

from scrutiny.agencies.commands import agencies
from scrutiny.areas.commands import areas
from scrutiny.audit.commands import audit
from scrutiny.bodies.commands import bodies, people
from scrutiny.demo.commands import demo
from scrutiny.reports.commands import reports
from scrutiny.requests.commands import reviews
from scrutiny.rules.commands import deadlines, holidays, methods
from scrutiny.scheduler import jobs, scheduler
from scrutiny.upkeep.commands import backup, restore


def register(app: Flask) -> None:
    """Join the commands of every room to `flask`."""
    for command in (
        areas, agencies, bodies, people, audit, reviews, reports, methods, deadlines, holidays, jobs, scheduler, backup, restore,
        demo,
    ):  # fmt: skip
        app.cli.add_command(command)
