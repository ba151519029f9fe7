"""The commands: a table of contents."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from scrutiny.agencies.commands import agencies
from scrutiny.areas.taking_commands import areas
from scrutiny.audit.commands import audit
from scrutiny.bodies.commands import bodies, people
from scrutiny.conduct.commands import reviews
from scrutiny.demo.commands import demo
from scrutiny.reorganisation.commands import reorganisation
from scrutiny.reports.commands import reports
from scrutiny.requests.chasing_commands import reminders
from scrutiny.requests.register_commands import register as non_responses
from scrutiny.requests.request_commands import requests
from scrutiny.rules.commands import deadlines, holidays, methods
from scrutiny.rules.ladder_commands import ladders
from scrutiny.rules.lifecycle_commands import lifecycles
from scrutiny.scheduler import jobs, scheduler
from scrutiny.upkeep.commands import backup, restore


def register(app: Flask) -> None:
    """Join the commands of every room to `flask`."""
    for command in (
        areas,
        agencies,
        bodies,
        people,
        reorganisation,
        audit,
        reviews,
        requests,
        reminders,
        reports,
        methods,
        ladders,
        lifecycles,
        deadlines,
        holidays,
        non_responses,
        jobs,
        scheduler,
        backup,
        restore,
        demo,
    ):
        app.cli.add_command(_asking_for_tables(command))


def _asking_for_tables(command: click.Command) -> click.Command:
    """The command, which says what to do where the database has no tables yet, or not all of them."""
    carry_out = command.invoke

    def invoke(ctx: click.Context) -> Any:
        try:
            return carry_out(ctx)
        except (OperationalError, ProgrammingError) as fault:
            if not any(
                words in str(fault.orig) for words in ("no such table", "no such column", "UndefinedTable", "does not exist")
            ):
                raise
            raise click.ClickException("The database lacks tables of this version: run 'flask db upgrade' first") from fault

    command.invoke = invoke  # type: ignore[method-assign]  # click types it as a method; a wrapper stands in its place
    return command
