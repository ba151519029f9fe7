"""`flask areas at`, `find` and `at-many`: which areas are meant by a postcode, a point, a name, or a list of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from scrutiny.areas import gaps, queries
from scrutiny.areas.commands import FILE, areas, check_file, refusals_said, say
from scrutiny.days import ANY_DAY
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.place_lookup import bulk_lookup, lookup
from scrutiny.place_lookup.straddling import straddle
from workflows.refusals import Refused

__all__ = ["areas"]


@areas.command("at", context_settings={"ignore_unknown_options": True})
@click.argument("point", nargs=-1, required=True)
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
@click.option("--json", "as_json", is_flag=True)
def at(point: tuple[str, ...], on: date | None, as_json: bool) -> None:
    """Say which areas lie at a postcode, or at LAT,LON."""
    on = on or london_day(now())
    with refusals_said():
        found = queries.areas_at_text(" ".join(point), on)
        asked = straddle(" ".join(point), on)
    for words in [*(asked.notes if asked else []), *gaps.lacking_words(found, on)]:
        click.echo(words, err=True)
    value = [{"code": one.code, "name": one.name, "kind": one.kind} for one in found]
    say(value, [f"{one.kind:20} {one.code:10} {one.name}" for one in found] or ["No area that is loaded lies there"], as_json)


@areas.command("find")
@click.argument("text", nargs=-1, required=True)
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
@click.option("--json", "as_json", is_flag=True)
def find(text: tuple[str, ...], on: date | None, as_json: bool) -> None:
    """Say which places may be meant by a name, however it is spelt, the likeliest first."""
    found = lookup.find(" ".join(text), on or london_day(now()))
    if not found.in_order:
        with refusals_said():
            raise Refused(found.sentence)
    if found.sentence and not as_json:
        click.echo(found.sentence, err=True)
    say(lookup.plain(found), [f"{one.code:10} {one.name} ({one.kind})" for one in found.in_order], as_json)


@areas.command("at-many")
@click.argument("file", type=FILE)
@click.option("--to", type=FILE, required=True, help="The CSV to write.")
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
def at_many(file: Path, to: Path, on: date | None) -> None:
    """Write the areas of each row of a CSV with a column postcode or code: that column, one a kind, and a note."""
    with refusals_said():
        check_file(file)
        found = bulk_lookup.write_answers(file, to, on=on or london_day(now()), say=lambda said: click.echo(said, err=True))
    click.echo(f"{len(found.rows):,} rows written to {to}, {len(found.faults):,} of them without an area")
