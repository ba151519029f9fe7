"""`flask statements show` and `write`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from scrutiny.pages import now
from scrutiny.statements import queries, service
from scrutiny.text_files import text_in
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

statements = AppGroup("statements", help="What this instance says of itself: accessibility, privacy, press.")
PAGE = click.Choice(tuple(queries.PAGES))


@statements.command("show")
@click.argument("page", type=PAGE)
def show(page: str) -> None:
    """Print what PAGE says; nothing where it shows its default text."""
    found = queries.current(page)
    if found is None:
        click.echo("The page shows its default text", err=True)
    else:
        click.echo(found.text)


@statements.command("write")
@click.argument("page", type=PAGE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def write(page: str, file: Path) -> None:
    """Let PAGE say what FILE says, in plain text with ## before headings; an empty file gives back the default text."""
    try:
        with writes_now():
            text = text_in(file)
            written = service.write_statement(page, text, seen=None, by=OPERATOR_ACTOR, at=now())
    except UnicodeDecodeError:
        raise click.ClickException(f"{file.name} is not text in UTF-8: save it as UTF-8 and try again") from None
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    click.echo("Published" if written is not None else "The page says this already")
