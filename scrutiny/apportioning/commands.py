"""`flask areas apportion`: figures of one kind of area as figures of another."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from scrutiny.apportioning import figures, file_apportioning
from scrutiny.areas.commands import FILE, areas, check_file, refusals_said, say
from scrutiny.days import ANY_DAY
from scrutiny.formats import london_day
from scrutiny.pages import now
from workflows.plain_values import to_plain

__all__ = ["areas"]


@areas.command("apportion")
@click.argument("file", type=FILE)
@click.option("--from-kind", required=True, help="The kind of area the figures are of.")
@click.option("--to-kind", required=True, help="The kind of area they are wanted for.")
@click.option("--by", default="people", help="people, land, or weights (with --weights).", show_default=True)
@click.option("--weights", type=FILE, help="A CSV of a weight for each small area, by code.")
@click.option("--value-field", help="The column of figures, where there are several.")
@click.option("--code-field", help="The column of codes.")
@click.option("--on", type=ANY_DAY, help="The day whose areas are meant; today if left out.")
@click.option("--whole", is_flag=True, help="Whole numbers (people, cases); else to the penny.")
@click.option("--amounts", is_flag=True, help="They can be added up, though the column's name says rate.")
@click.option("--to", type=FILE, help="The CSV or XLSX to write.")
@click.option("--json", "as_json", is_flag=True)
def apportion(file: Path, on: date | None, to: Path | None, as_json: bool, **said: Any) -> None:
    """Apportion figures of one kind of area to another; what cannot be placed is kept and named, so that the total holds."""
    with refusals_said():
        check_file(file)
        if to is not None:
            file_apportioning.check_target(file, to)
        found = file_apportioning.apportion_file(file_apportioning.FiguresFile(file, on=on or london_day(now()), **said))
        if to is not None:
            to.write_bytes(figures.as_xlsx(found) if to.suffix.lower() == ".xlsx" else figures.as_csv(found))
    for note in found.notes:
        click.echo(note, err=True)
    say(to_plain(found), file_apportioning.lines_of(found, to), as_json)
