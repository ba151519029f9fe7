"""`flask areas load`, `people`, `postcodes` and `lineage`: files read, checked and taken in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from scrutiny.areas import postcode_loading, queries, service
from scrutiny.areas.commands import FILE, areas, check_file, refusals_said, say
from scrutiny.areas.foreseen import Foreseen, foresee
from scrutiny.areas.load_worker import Wanted
from scrutiny.areas.people_writing import written_in_parts
from scrutiny.areas.unloading import load_of, undo_load
from scrutiny.days import DAY
from scrutiny.formats import london_day
from scrutiny.lineage import service as lineage_deeds
from scrutiny.lineage.backfill import fill_shares
from scrutiny.loading import uploads
from scrutiny.pages import now
from scrutiny.transaction import writes_now
from workflows.plain_values import to_plain
from workflows.refusals import Refused, Stale
from workflows.roles import OPERATOR_ACTOR

__all__ = ["areas"]


@areas.command("load")
@click.argument("file", type=FILE)
@click.option("--kind", required=True, help="lsoa, ward, district … of config/area_kinds.toml")
@click.option("--from", "from_on", type=DAY, required=True, help="The first day the areas hold.")
@click.option("--to", "to_on", type=DAY, help="The last day they hold, if they have ended.")
@click.option("--code-field", help="The column of codes, where it cannot be guessed.")
@click.option("--name-field", help="The column of names.")
@click.option("--crs", help="The coordinate system the file is in, EPSG:n.")
@click.option("--source", default="", help="Where the file comes from, for the attribution.")
@click.option("--whole-layer", is_flag=True, help="Codes of the kind that the file lacks end the day before.")
@click.option("--replace", is_flag=True, help="Correct a period that is already loaded.")
@click.option("--merge-repeated", is_flag=True, help="Join features of the same code.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--json", "as_json", is_flag=True)
def load(file: Path, as_json: bool, dry_run: bool, **said: Any) -> None:
    """Load a layer of boundaries: GeoJSON, GeoJSONSeq, GeoPackage or a zipped Shapefile, each also .gz."""
    wanted = Wanted(file=file, name=file.name, **said)
    with refusals_said():
        check_file(file)
        if dry_run:
            _say_foreseen(foresee(service.prepare_layer(wanted, place_crs=queries.place_crs())), as_json)
            return
        result = _loaded(wanted)
    for warning in result.warnings:
        click.echo(warning, err=True)
    lines = [f"{result.loaded:,} areas of kind {result.kind} loaded"]
    lines += [f"ended: {', '.join(result.ended)}"] if result.ended else []
    lines += [f"repaired {one.code}: {one.why}" for one in result.repaired]
    lines += [f"skipped {one.code}: {one.why}" for one in result.skipped]
    say(to_plain(result), lines, as_json)


def _say_foreseen(found: Foreseen, as_json: bool) -> None:
    """What a loading would do, on the way to nothing being stored."""
    for warning in found.warnings:
        click.echo(warning, err=True)
    lists = (("new", found.new), ("changed", found.changed), ("corrected", found.corrected), ("ended", found.ended))
    lines = [f"{word}: {len(areas):,}{''.join(f'{chr(10)}  {area}' for area in areas)}" for word, areas in lists if areas]
    lines += [f"skipped {one.code}: {one.why}" for one in found.skipped]
    say(to_plain(found), lines or ["nothing would change"], as_json)


@areas.command("unload")
@click.argument("load_number", metavar="LOAD", type=int)
@click.option("--json", "as_json", is_flag=True)
def unload(load_number: int, as_json: bool) -> None:
    """Undo a load of boundaries by its number, while nothing rests on it; `flask areas loads` tells the numbers."""
    with refusals_said(), writes_now():
        gone = undo_load(load_of(load_number), by=OPERATOR_ACTOR, at=now())
    say({"load": load_number, "unloaded": gone}, [f"{gone:,} areas unloaded; those that the load had ended hold again"], as_json)


@areas.command("loads")
@click.option("--json", "as_json", is_flag=True)
def loads(as_json: bool) -> None:
    """List what was loaded, the newest first, with the number of each load."""
    found = [
        {
            "load": row.id,
            "kind": row.kind,
            "file": row.file_name,
            "from": row.from_on.isoformat() if row.from_on else None,
            "loaded": row.loaded,
            "undone": row.undone_at is not None,
        }
        for row in queries.loads()
    ]
    lines = [f"{one['load']:6} {one['kind']:18} {one['file']}{' (undone)' if one['undone'] else ''}" for one in found]
    say(found, lines or ["Nothing has been loaded"], as_json)


def _loaded(wanted: Wanted) -> service.LoadResult:
    """The heavy work, then the writing; once more where another loading came between."""
    for last in (False, True):
        worked = service.prepare_layer(wanted, place_crs=queries.place_crs())
        try:
            with writes_now():
                result = service.load_layer(worked, by=OPERATOR_ACTOR, at=now())
            if said := fill_shares(worked, by=OPERATOR_ACTOR, at=now()):
                click.echo(said, err=True)
            return result
        except Stale:
            if last:
                raise
    raise Refused(f"{wanted.name} could not be loaded")


@areas.command("people")
@click.argument("file", type=FILE)
@click.option("--code-field", help="The column of small-area codes.")
@click.option("--people-field", help="The column of people.")
@click.option("--as-at", type=DAY, help="The day of the count, where the file's name does not tell.")
@click.option("--json", "as_json", is_flag=True)
def people(file: Path, code_field: str | None, people_field: str | None, as_at: date | None, as_json: bool) -> None:
    """Load how many people live in each small area, from CSV; every share of people follows from it."""
    with refusals_said():
        check_file(file)
        sent = service.CountFile(file, as_at=as_at, code_field=code_field, people_field=people_field)
        worked = service.prepare_people(sent, today=london_day(now()))
        worked = written_in_parts(worked, by=OPERATOR_ACTOR, at=now())
        with writes_now():
            result = service.load_people(worked, by=OPERATOR_ACTOR, at=now())
        if said := fill_shares(worked, by=OPERATOR_ACTOR, at=now()):
            click.echo(said, err=True)
    for warning in result.warnings:
        click.echo(warning, err=True)
    say(to_plain(result), [f"{result.people:,} people in {result.loaded:,} small areas, as at {result.as_at}"], as_json)


@areas.command("postcodes")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True)
def postcodes(file: Path, as_json: bool) -> None:
    """Load postcodes: Code-Point Open (no header), ONSPD, NSPL, or columns postcode, lat and lon."""
    with refusals_said():
        check_file(file)
        prepared = postcode_loading.prepare_postcodes(file, place_crs=queries.place_crs())
        loaded = postcode_loading.load_postcodes(prepared, by=OPERATOR_ACTOR, at=now())
    say({"loaded": loaded}, [f"{loaded:,} postcodes loaded"], as_json)


@areas.command("lineage")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True)
def lineage(file: Path, as_json: bool) -> None:
    """Load what became of codes: a table of lineage, ONS pairs of years, GeoLookups, or the mySociety register of councils."""
    with refusals_said():
        check_file(file)
        worked = lineage_deeds.prepare_lineage(file)
        with writes_now():
            result = lineage_deeds.load_lineage(worked, by=OPERATOR_ACTOR, at=now())
    for warning in result.warnings:
        click.echo(warning, err=True)
    say(to_plain(result), [lineage_deeds.result_words(result)], as_json)


@areas.command("carry-out", hidden=True)
@click.argument("progress_id", type=int)
def carry_out(progress_id: int) -> None:
    """Do a loading that was sent through the page; the page starts this in a process of its own."""
    uploads.carry_out(progress_id, clock=now)
