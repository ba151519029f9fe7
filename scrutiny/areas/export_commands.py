"""`flask areas apportion` and `flask areas export`: what is taken away from this room, as figures or as files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from scrutiny.areas import apportioning, figures
from scrutiny.areas import export as taking
from scrutiny.areas.commands import FILE, areas, check_file, refusals_said, say
from scrutiny.areas.export_formats import write_taken
from scrutiny.days import ANY_DAY
from scrutiny.formats import london_day, plural
from scrutiny.pages import now

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
def apportion(file: Path, from_kind: str, to_kind: str, to: Path | None, as_json: bool, **said: Any) -> None:
    """Apportion figures of one kind of area to another; what cannot be placed is kept and named, so that the total holds."""
    with refusals_said():
        check_file(file)
        if to is not None:
            apportioning.check_target(file, to)
        found = apportioning.apportion_file(file, from_kind, to_kind, today=london_day(now()), **said)
        if to is not None:
            to.write_bytes(figures.as_xlsx(found) if to.suffix.lower() == ".xlsx" else figures.as_csv(found))
    for note in found["notes"]:
        click.echo(note, err=True)
    say(found, apportioning.lines_of(found, to), as_json)


@areas.command("export")
@click.argument("kind")
@click.option("--with", "other", help="What the areas share with those of this kind, in place of the areas.")
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
@click.option("--to", type=FILE, required=True, help="The file to write: .csv, .geojson (WGS 84) or .gpkg (PLACE_CRS).")
@click.option("--json", "as_json", is_flag=True)
def export(kind: str, other: str | None, on: date | None, to: Path, as_json: bool) -> None:
    """Write a layer, or what two layers share, with codes, days, sources and whom to name."""
    on = on or london_day(now())
    with refusals_said():
        taken = taking.overlaps(kind, other, on) if other else taking.layer(kind, on)
        rows = write_taken(taken, to)
    value = {"file": str(to), "rows": rows, "as_at": on.isoformat(), "attribution": taken.attribution}
    say(value, [f"{taken.title}: {plural(rows, 'row')} written to {to}", f"Source to name: {taken.attribution}"], as_json)
