"""`flask agencies load`, `flask agencies from-areas` and `flask agencies answering`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup

from scrutiny.agencies import bulk_jobs as lists
from scrutiny.agencies.answering import Answering, answering, grouped
from scrutiny.agencies.bulk_lookup import Wanted, write_list
from scrutiny.agencies.intake import OtherColumns
from scrutiny.agencies.register import Loaded, agencies_from_areas, load_agencies
from scrutiny.agencies.register_mapping import chosen, first_rows, load_mapped, map_rows, propose, read_raw
from scrutiny.areas import queries as areas
from scrutiny.areas.gaps import gaps_of, lacking_words
from scrutiny.days import ANY_DAY
from scrutiny.formats import london_day, plural
from scrutiny.geography.point_input import point_typed
from scrutiny.geography.postcodes import normal
from scrutiny.pages import now
from scrutiny.place_lookup.straddling import straddle
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

agencies = AppGroup("agencies", help="Bodies that answer.")
ON = click.option("--on", type=ANY_DAY, help="The day asked about; today unless given.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@agencies.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@JSON
def load(file: Path, as_json: bool) -> None:
    """Load agencies from a CSV: name,kind,code,scheme,area_codes (;),from,to,services (;),email. All or nothing."""
    try:
        with writes_now():
            loaded = load_agencies(file.read_bytes(), file.name, by=OPERATOR_ACTOR, at=now())
    except OtherColumns as refused:
        named = refused.sentence.partition(". ")[0]
        ways = "Use flask agencies map for a published register, or flask agencies from-areas for areas that are loaded"
        raise click.ClickException(f"{named}. {ways}") from refused
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    _say(loaded, as_json)


@agencies.command("map")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="The column of names, where it is not recognised.")
@click.option("--code", help="The column of codes.")
@click.option("--area", help="The column of area codes.")
@click.option("--email", help="The column of email addresses.")
@click.option("--end", help="The column of end dates; bodies that have ended are skipped.")
@click.option("--kind", help="The kind of agency of rows whose area code does not tell it.")
@click.option("--dry-run", is_flag=True, help="Say what would be loaded, and store nothing.")
@JSON
def map_(file: Path, dry_run: bool, as_json: bool, **said: str | None) -> None:
    """Load a register as others publish it (CSV, TSV or JSON); the rows that cannot be loaded are counted and named."""
    try:
        raw = read_raw(file.read_bytes(), file.name)
        with writes_now():
            mapped = map_rows(raw, chosen(propose(raw), **said), on=_day(None))
            loaded = None if dry_run else load_mapped(mapped, file.name, by=OPERATOR_ACTOR, at=now())
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    for line, name, why in mapped.skipped[:50]:
        click.echo(f"Line {line} skipped: {name}: {why.words}", err=True)
    if len(mapped.skipped) > 50:
        click.echo(f"and {len(mapped.skipped) - 50:,} more rows skipped", err=True)
    for line, name, why in mapped.lessened[:50]:
        click.echo(f"Line {line}: {name}: {why.words}", err=True)
    if len(mapped.lessened) > 50:
        click.echo(f"and {len(mapped.lessened) - 50:,} more rows loaded without all of it", err=True)
    for name, count in mapped.unused if loaded is None else ():
        click.echo(f"Column not used: {name}, filled in {plural(count, 'row')}", err=True)
    if loaded is not None:
        _say(loaded, as_json)
        return
    would = {
        "rows": len(mapped.rows),
        "skipped": {why.words: count for why, count in mapped.reasons},
        "lessened": {why.words: count for why, count in mapped.losses},
        "unused": dict(mapped.unused),
        "first": [list(row) for row in first_rows(mapped)],
    }
    click.echo(json.dumps(would, ensure_ascii=False) if as_json else f"{plural(len(mapped.rows), 'row')} would be loaded")


@agencies.command("from-areas")
@click.option("--kind", required=True, help="The kind of area: police, fire, icb, district, upper_tier …")
@ON
@JSON
def from_areas(kind: str, on: date | None, as_json: bool) -> None:
    """Make an agency of each loaded area of a kind, named after it; one that has its code already stays as it is."""
    try:
        with writes_now():
            loaded = agencies_from_areas(kind, on=_day(on), by=OPERATOR_ACTOR, at=now())
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    _say(loaded, as_json)


@agencies.command("answering")
@click.argument("where", metavar="CODE|POSTCODE")
@ON
@click.option("--service", help="Only those that answer for this service.")
@JSON
def answering_for(where: str, on: date | None, service: str | None, as_json: bool) -> None:
    """Who answers for the area of a code, or at a postcode or LAT,LON, with their shares of its people and land."""
    try:
        found, lacking = _found(where, _day(on), service)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    for words in lacking:
        click.echo(words, err=True)
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    for group, members in grouped(found):
        click.echo(group)
        for one in members:
            click.echo(f"  {one.name} ({one.kind_label}) {one.words}")
    if not found:
        click.echo("No agency answers there: load agencies with `flask agencies load` or `flask agencies from-areas`", err=True)


@agencies.command("at-many")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", type=click.Path(path_type=Path), required=True, help="The CSV or XLSX to write.")
@ON
@click.option("--kind", "kinds", multiple=True, help="Only agencies of this kind; may be said more than once.")
@click.option("--service", "services", multiple=True, help="Only those that answer for this service; may be said more than once.")
def at_many(file: Path, to: Path, on: date | None, kinds: tuple[str, ...], services: tuple[str, ...]) -> None:
    """Write the areas and the agencies of each row of a CSV with a column postcode or code (10,000 rows at most)."""
    try:
        click.echo(write_list(file, to, Wanted(_day(on), kinds, services)))
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused


@agencies.command("carry-out", hidden=True)
@click.argument("progress_id", type=int)
def carry_out(progress_id: int) -> None:
    """Answer a list that was sent through the page; the page starts this in a process of its own."""
    lists.carry_out(progress_id, clock=now)


def _found(where: str, on: date, service: str | None) -> tuple[list[Answering], list[str]]:
    """Who answers for the area with that code, else at that postcode or point; and the kinds of area not found there."""
    area = areas.area_with_code(where, on) or areas.area_with_code(where.upper(), on)
    if area is None and (normal(where) or point_typed(where)):
        there, asked = areas.areas_at_text(where, on), straddle(where, on)
        notes = asked.notes if asked else []
        return answering([known.id for known in there], on, service, exactly=True), [*notes, *lacking_words(there, on)]
    area = area or areas.area_on(where, on)
    return answering([area.id], on, service), [f"{gap.words}: {area.name}" for gap in gaps_of([area], on)]


def _plain(one: Answering) -> dict[str, object]:
    """An agency as JSON; shares to six places, null where nobody is counted."""
    people = None if one.share_of_people is None else round(one.share_of_people, 6)
    return {
        "id": one.agency_id,
        "code": one.code,
        "agency": one.name,
        "kind": one.kind,
        "share_of_people": people,
        "share_of_area": round(one.share_of_area, 6),
        "services": list(one.services),
    }


def _say(loaded: Loaded, as_json: bool) -> None:
    """What a loading did."""
    for warning in loaded.warnings:
        click.echo(warning, err=True)
    if as_json:
        click.echo(json.dumps(loaded.as_json(), ensure_ascii=False))
    else:
        counts = f"{len(loaded.added)} added, {len(loaded.changed)} changed, {loaded.unchanged} as they were"
        click.echo(f"{plural(loaded.count, 'agency', 'agencies')}: {counts}")


def _day(on: date | None) -> date:
    """The day given, or today in London."""
    return on or london_day(now())
