"""`flask areas`: load boundaries, people and postcodes, and look areas up."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from scrutiny.areas import gaps, many, mapping, queries, service, uploads
from scrutiny.areas import lineage as lineage_deeds
from scrutiny.areas.filling import fill_shares
from scrutiny.areas.straddling import straddle
from scrutiny.areas.working import Wanted
from scrutiny.days import ANY_DAY, DAY
from scrutiny.formats import london_day, percent
from scrutiny.pages import now
from scrutiny.transaction import writes_now
from workflows.refusals import Refused, Stale
from workflows.roles import OPERATOR_ACTOR

areas = AppGroup("areas", help="Boundaries, people and postcodes.")
FILE = click.Path(path_type=Path)


@contextmanager
def refusals_said() -> Iterator[None]:
    """A refusal is one plain sentence on stderr and exit status 1."""
    try:
        yield
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)


def _say(value: Any, lines: list[str], as_json: bool) -> None:
    """One JSON document, or lines for a person."""
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else "\n".join(lines))


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
@click.option("--json", "as_json", is_flag=True)
def load(file: Path, as_json: bool, **said: Any) -> None:
    """Load a layer of boundaries: GeoJSON, GeoJSONSeq, GeoPackage or a zipped Shapefile, each also .gz."""
    wanted = Wanted(file=file, name=file.name, **said)
    with refusals_said():
        _check_file(file)
        result = _loaded(wanted)
    for warning in result.warnings:
        click.echo(warning, err=True)
    lines = [f"{result.loaded:,} areas of kind {result.kind} loaded"]
    lines += [f"ended: {', '.join(result.ended)}"] if result.ended else []
    lines += [f"repaired {one['code']}: {one['why']}" for one in result.repaired]
    lines += [f"skipped {one['code']}: {one['why']}" for one in result.skipped]
    _say(result.plain(), lines, as_json)


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
        _check_file(file)
        worked = service.prepare_people(
            file, as_at=as_at, code_field=code_field, people_field=people_field, today=london_day(now())
        )
        with writes_now():
            result = service.load_people(worked, by=OPERATOR_ACTOR, at=now())
        if said := fill_shares(worked, by=OPERATOR_ACTOR, at=now()):
            click.echo(said, err=True)
    for warning in result.warnings:
        click.echo(warning, err=True)
    _say(result.plain(), [f"{result.people:,} people in {result.loaded:,} small areas, as at {result.as_at}"], as_json)


@areas.command("postcodes")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True)
def postcodes(file: Path, as_json: bool) -> None:
    """Load postcodes: Code-Point Open (no header), ONSPD, NSPL, or columns postcode, lat and lon."""
    with refusals_said():
        _check_file(file)
        with writes_now():
            loaded = service.load_postcodes(file, by=OPERATOR_ACTOR, at=now(), place_crs=queries.place_crs())
    _say({"loaded": loaded}, [f"{loaded:,} postcodes loaded"], as_json)


@areas.command("lineage")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True)
def lineage(file: Path, as_json: bool) -> None:
    """Load what became of codes: a table of lineage, ONS pairs of years, GeoLookups, or the mySociety register of councils."""
    with refusals_said():
        _check_file(file)
        worked = lineage_deeds.prepare_lineage(file)
        with writes_now():
            result = lineage_deeds.load_lineage(worked, by=OPERATOR_ACTOR, at=now())
    for warning in result.warnings:
        click.echo(warning, err=True)
    _say(result.plain(), [lineage_deeds.result_words(result)], as_json)


@areas.command("resolve")
@click.argument("file", type=FILE)
@click.option("--code-field", help="The column of codes.")
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
@click.option("--json", "as_json", is_flag=True)
def resolve(file: Path, code_field: str | None, on: date | None, as_json: bool) -> None:
    """Say what became of each code of a CSV by a day; 1 where nothing loaded knows one, with the rest said all the same."""
    with refusals_said():
        _check_file(file)
        found = mapping.map_codes(file, code_field=code_field, on=on or london_day(now()))
    for note in found.notes:
        click.echo(note, err=True)
    lines = [
        f"{row.line:>6} {row.code:10} {', '.join(part.code for part in row.found.became) or '-':10} {row.found.note}".rstrip()
        for row in found.rows
    ]
    _say(found.plain(), lines, as_json)
    with refusals_said():
        if fault := mapping.fault_words(found, file.name):
            raise Refused(fault)


@areas.command("show")
@click.argument("code")
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
@click.option("--json", "as_json", is_flag=True)
def show(code: str, on: date | None, as_json: bool) -> None:
    """Say what is known of an area."""
    on = on or london_day(now())
    with refusals_said():
        area = queries.area_on(code, on)
        kinds = [one.kind for one in queries.areas_with_code(area.code, on)]
    value = {
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "kinds": kinds,
        "from": area.from_on.isoformat(),
        "to": area.to_on.isoformat() if area.to_on else None,
        "area_km2": round(area.square_metres / 1e6, 6),
        "people": area.people,
        "source": area.load.source,
    }
    _say(value, [f"{key}: {', '.join(said) if isinstance(said, list) else said}" for key, said in value.items()], as_json)


@areas.command("overlaps")
@click.argument("code")
@click.option("--with", "with_kind", help="Only areas of this kind; small areas are listed only where they are named so.")
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
@click.option("--slivers", is_flag=True, help="Also those under 1 % of both.")
@click.option("--json", "as_json", is_flag=True)
def overlaps(code: str, with_kind: str | None, on: date | None, slivers: bool, as_json: bool) -> None:
    """Say what an area shares with areas of other kinds, in land and in people."""
    on = on or london_day(now())
    with refusals_said():
        if with_kind:
            service.area_kind(with_kind)
        area = queries.area_on(code, on)
        besides = [] if with_kind else service.measuring_kinds()
        found = queries.overlaps([area.id], on, with_kind=with_kind, besides=besides, slivers=slivers)
    for gap in gaps.gaps_of([area], on, with_kind=with_kind):
        click.echo(f"{gap.words}: {area.name}", err=True)
    if besides:
        click.echo(f"Small areas are left out: ask for them by --with {besides[0]}", err=True)
    fields = ("code", "name", "kind", "share_of_area", "share_of_people", "share_of_other_area", "share_of_other_people")
    lines = [
        f"{one.kind:20} {one.code:10} {one.name}: {percent(one.share_of_people, 2)} of its people, "
        f"{percent(one.share_of_area, 2)} of its land"
        for one in found
    ]
    _say([{field: getattr(one, field) for field in fields} for one in found], lines, as_json)


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
    _say(value, [f"{one.kind:20} {one.code:10} {one.name}" for one in found] or ["No area that is loaded lies there"], as_json)


@areas.command("at-many")
@click.argument("file", type=FILE)
@click.option("--to", type=FILE, required=True, help="The CSV to write.")
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
def at_many(file: Path, to: Path, on: date | None) -> None:
    """Write the areas of each row of a CSV with a column postcode or code: that column, one a kind, and a note."""
    with refusals_said():
        _check_file(file)
        found = many.write_answers(file, to, on=on or london_day(now()), say=lambda said: click.echo(said, err=True))
    click.echo(f"{len(found.rows):,} rows written to {to}, {len(found.faults):,} of them without an area")


@areas.command("carry-out", hidden=True)
@click.argument("progress_id", type=int)
def carry_out(progress_id: int) -> None:
    """Do a loading that was sent through the page; the page starts this in a process of its own."""
    uploads.carry_out(progress_id, clock=now)


def _check_file(file: Path) -> None:
    """Refuse a file that is not there."""
    if not file.is_file():
        raise Refused(f"{file}: there is no such file")
