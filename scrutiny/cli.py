"""The commands: a table of contents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError

from scrutiny import cannot_go_on
from scrutiny.room import Room
from scrutiny.scheduler import jobs, scheduler
from scrutiny.typed_text import clean
from scrutiny.whole_numbers import LARGEST


def register(app: Flask, rooms: Iterable[Room]) -> None:
    """Join the commands of every room, and those of the engine, to `flask`."""
    groups = {command.name: command for room in rooms for command in room.groups()}
    for command in (*groups.values(), jobs, scheduler):
        app.cli.add_command(_with_clean_text(_asking_for_tables(command)))


class TypedText(click.types.StringParamType):
    """A text typed after a command, kept as one typed in a form: without characters that nobody can see."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text, cleaned."""
        return clean(str(super().convert(value, param, ctx))).strip()


def _with_clean_text(command: click.Command) -> click.Command:
    """The command, and every command under it, with its texts cleaned and its numbers bounded."""
    for parameter in command.params:
        if type(parameter.type) is click.types.StringParamType:
            parameter.type = TypedText()
        elif type(parameter.type) is click.types.IntParamType:
            parameter.type = click.IntRange(-LARGEST, LARGEST)  # no database is asked for what no column holds
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _with_clean_text(inner)
    return command


def _asking_for_tables(command: click.Command) -> click.Command:
    """The command, which says what to do where the database cannot be used, or lacks tables."""
    carry_out = command.invoke

    def invoke(ctx: click.Context) -> Any:
        try:
            return carry_out(ctx)
        except DatabaseError as fault:
            if not (sentence := cannot_go_on.why(fault)):
                raise
            raise click.ClickException(sentence) from fault

    command.invoke = invoke  # type: ignore[method-assign]  # click types it as a method; a wrapper stands in its place
    return command
