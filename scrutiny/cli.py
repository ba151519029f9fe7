"""The commands: a table of contents."""

from __future__ import annotations

from flask import Flask

from scrutiny.audit.commands import audit
from scrutiny.scheduler import jobs, scheduler
from scrutiny.upkeep.commands import backup, restore


def register(app: Flask) -> None:
    """Join the commands of every room to `flask`."""
    for command in (audit, jobs, scheduler, backup, restore):
        app.cli.add_command(command)
