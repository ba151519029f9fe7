"""`flask agenda load-calendar`: elections, holidays, year-ends, blackouts and agreed loads from a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from scrutiny.pages import now
from scrutiny.public_calendar.service import load_calendar
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

agenda = AppGroup("agenda", help="The agenda of any place, and the calendar it keeps clear of.")


@agenda.command("load-calendar")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def load(file: Path, as_json: bool) -> None:
    """Load elections, school holidays, year-ends, blackouts and agreed loads from FILE (.csv or .toml), whole or not at all."""
    try:
        with writes_now():
            loaded = load_calendar(file.read_bytes(), file.name, by=OPERATOR_ACTOR, at=now())
            count = loaded.load.entries
    except OSError as fault:
        click.echo(f"{file} cannot be read ({fault.strerror}).", err=True)
        sys.exit(1)
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps({"file": file.name, "loaded": count, "warnings": loaded.warnings}, ensure_ascii=False))
        return
    for warning in loaded.warnings:
        click.echo(f"{warning}.", err=True)
    click.echo(f"{file.name}: {count} loaded")
