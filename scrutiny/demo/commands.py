"""`flask demo`: invents the county of Loamshire in an empty demonstration database."""

from __future__ import annotations

from datetime import timedelta

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.areas.models import Area
from scrutiny.demo.making import make
from scrutiny.extensions import db
from scrutiny.pages import now
from scrutiny.transaction import undo
from scrutiny.upkeep.service import is_demo


@click.command("demo", help="Invent the county of Loamshire in an empty demonstration database.")
@with_appcontext
def demo() -> None:
    """Make the demonstration; refused on a real instance, and where there is anything already."""
    if not current_app.config["SETTINGS"].demo:
        raise click.ClickException("This is a real instance: set DEMO=1 and a database of its own to invent a county in it")
    if is_demo():
        click.echo("Loamshire is already there")
        return
    if db.session.scalar(select(Person.id).limit(1)) or db.session.scalar(select(Area.id).limit(1)):
        raise click.ClickException("This database is not empty: point DATABASE_URL at a new one to invent a county in it")
    undo()
    began = now()
    for sentence in make(began):
        click.echo(sentence)
    # The last connection gone, SQLite folds its log into the file, which can then be moved.
    db.session.remove()
    db.engine.dispose()
    click.echo(f"Loamshire is made, in {(now() - began) / timedelta(seconds=1):.0f} seconds: sign in as any of its people")
