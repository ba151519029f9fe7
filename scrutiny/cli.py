"""The commands: a table of contents."""

from __future__ import annotations

from flask import Flask

from scrutiny.areas.commands import areas
from scrutiny.audit.commands import audit
from scrutiny.requests.commands import reviews
from scrutiny.rules.commands import deadlines, methods
from scrutiny.scheduler import jobs, scheduler
from scrutiny.upkeep.commands import backup, restore


def register(app: Flask) -> None:
    """Join the commands of every room to `flask`."""
    for command in (areas, audit, reviews, methods, deadlines, jobs, scheduler, backup, restore):
        app.cli.add_command(command)
