"""`flask areas export`: layers taken away from this room, as files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from scrutiny.areas import export as taking
from scrutiny.areas.commands import FILE, areas, refusals_said, say
from scrutiny.areas.export_formats import write_taken
from scrutiny.days import ANY_DAY
from scrutiny.formats import london_day, plural
from scrutiny.pages import now

__all__ = ["areas"]


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
