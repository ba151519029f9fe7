"""The commands: a table of contents."""

from __future__ import annotations

from flask import Flask

from scrutiny.audit.commands import audit


def register(app: Flask) -> None:
    """Join the commands of every room to `flask`."""
    for command in (audit,):
        app.cli.add_command(command)
