"""A table or a column that is gone: every command ends with a sentence and a status, and pages with 503; never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from scrutiny.extensions import db

LACKS = "The database lacks tables or columns of this version: run 'flask db upgrade' first"
GONE = {
    "table": ("ALTER TABLE {0} RENAME TO other_{0}", "ALTER TABLE other_{0} RENAME TO {0}"),
    "column": ("ALTER TABLE {0} RENAME COLUMN {1} TO other_{1}", "ALTER TABLE {0} RENAME COLUMN other_{1} TO {1}"),
}
LOST = {
    "person": "email",
    "agency": "name",
    "review": "title",
    "audit_seal": "salt",
    "area": "code",
    "job_run": "name",
    "ledger_source": "title",
}
#: Commands that need no table, that make them, or that never end.
WITHOUT = {"db", "demo", "scheduler", "shell", "run", "routes", "roles", "users", "deadlines", "lifecycles"}


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command that can be given without more than its name."""
    found = []
    for name, one in group.commands.items():
        if not path and name in WITHOUT:
            continue
        if isinstance(one, click.Group):
            found += commands(one, (*path, name))
        elif not any(parameter.required for parameter in one.params) and (*path, name) != ("mail", "receive"):  # reads an email
            found.append((*path, name))
    return found


def change(app: Flask, statement: str) -> None:
    """Change every table that is to be lost, or a column of each."""
    with app.app_context():
        db.session.remove()
        with db.engine.begin() as connection:
            for table, column in LOST.items():
                connection.execute(text(statement.format(table, column)))


@contextmanager
def lost(app: Flask, what: str) -> Iterator[None]:
    """Without the tables of people, agencies, reviews and others, or without a column of each."""
    away, back = GONE[what]
    change(app, away)
    try:
        yield
    finally:
        change(app, back)


@pytest.mark.parametrize("what", GONE)
def test_every_command_says_that_tables_are_missing(app: Flask, cast: SimpleNamespace, what: str, tmp_path: Path) -> None:
    run, wrong = app.test_cli_runner(), []
    tried = [*commands(app.cli), ("agencies", "answering", "E07900101"), ("backup", str(tmp_path / "kept.zip"))]
    with lost(app, what):
        ends = [(command, run.invoke(args=list(command))) for command in tried]
    for command, ended in ends:
        if not isinstance(ended.exception, SystemExit | None):
            wrong.append((command, repr(ended.exception)[:200]))
        elif ended.exit_code and LACKS not in ended.output:
            wrong.append((command, ended.output[-200:]))
    assert wrong == []
    assert sum(LACKS in ended.output for _, ended in ends) > 5


@pytest.mark.parametrize("what", GONE)
def test_pages_say_that_the_service_is_not_available(app: Flask, cast: SimpleNamespace, client: FlaskClient, what: str) -> None:
    app.testing = False
    try:
        with lost(app, what):
            answers = {page: client.get(page).status_code for page in ("/", "/api/v1/reviews", "/places/E07900101")}
            sent = client.post("/sign-in", data={"email": "kim@example.org"}).status_code
    finally:
        app.testing = True
    assert set(answers.values()) == {503}, answers
    assert sent == 503
