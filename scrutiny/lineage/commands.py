"""`flask areas resolve`: what became of the codes of a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from scrutiny.areas.commands import FILE, areas, check_file, refusals_said, say
from scrutiny.days import ANY_DAY
from scrutiny.formats import london_day
from scrutiny.lineage import mapping
from scrutiny.pages import now
from workflows.plain_values import to_plain
from workflows.refusals import Refused

__all__ = ["areas"]


@areas.command("resolve")
@click.argument("file", type=FILE)
@click.option("--code-field", help="The column of codes.")
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
@click.option("--json", "as_json", is_flag=True)
def resolve(file: Path, code_field: str | None, on: date | None, as_json: bool) -> None:
    """Say what became of each code of a CSV by a day; 1 where nothing loaded knows one, with the rest said all the same."""
    with refusals_said():
        check_file(file)
        found = mapping.map_codes(file, code_field=code_field, on=on or london_day(now()))
    for note in found.notes:
        click.echo(note, err=True)
    lines = [
        f"{row.line:>6} {row.code:10} {', '.join(part.code for part in row.found.became) or '-':10} {row.found.note}".rstrip()
        for row in found.rows
    ]
    say(to_plain(found.resolved()), lines, as_json)
    with refusals_said():
        if fault := mapping.fault_words(found, file.name):
            raise Refused(fault)
