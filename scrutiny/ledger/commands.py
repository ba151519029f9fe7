"""`flask ledger count`, and the deeds on sources of the count."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext

from scrutiny.adapters import fitted
from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import agency_by_code
from scrutiny.areas import queries as areas
from scrutiny.areas.models import Area
from scrutiny.bodies import queries as bodies
from scrutiny.days import ANY_DAY
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.ledger import access, figures, service, year_words, years_plain
from scrutiny.ledger.counting import Count, count, service_title, year_title
from scrutiny.ledger.in_pieces import Entering, begun, kept_in_pieces
from scrutiny.ledger.keys import COVERAGES, GRADES, PHASES, STREAMS
from scrutiny.ledger.models import LedgerSource
from scrutiny.ledger.summary import as_plain
from scrutiny.ledger.words import coverage_words, pounds, standing_words
from scrutiny.ledger.years import over_years
from scrutiny.pages import now
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

ledger = AppGroup("ledger", help="The count of public money.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@ledger.command("count")
@click.argument("place")
@click.option("--year", type=click.IntRange(1990, 2100), help="The year the financial year begins in; the newest unless given.")
@click.option("--on", type=ANY_DAY, help="The boundaries of which day; today unless given.")
@JSON
def count_(place: str, year: int | None, on: date | None, as_json: bool) -> None:
    """Say what all bodies together spend in a place in a financial year, net of transfers, and how it was counted."""
    day = on or london_day(now())
    try:
        name, here = _place(place, day)
        found = count(name, here, year, on=day, by=OPERATOR_ACTOR)
        if found is None or not found.bodies:
            raise Refused(gettext("Nothing is counted for %(place)s yet: load what its bodies spend first", place=name))
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    if as_json:
        click.echo(json.dumps(as_plain(found, [area.code for area in here]), ensure_ascii=False))
        return
    _say(found)


def _place(text: str, on: date) -> tuple[str, list[Area]]:
    """The name and areas of a place: a code, several joined by + or commas, or the place's own name in addresses."""
    known = areas.place(text)
    codes = [area.code for area in known.areas] if known else text.replace(",", "+").split("+")
    here = [areas.area_on(code.strip().upper(), on) for code in codes if code.strip()]
    if not here:
        raise Refused(gettext("Give the code of a place"))
    return (known.name if known else ", ".join(dict.fromkeys(area.name for area in here))), here


def _say(found: Count) -> None:
    click.echo(f"{found.name}, {year_title(found.year)}")
    click.echo(coverage_words(found))
    click.echo(gettext("Spent: %(pence)s", pence=pounds(found.gross)))
    click.echo(gettext("Transfers that both sides record, taken off: %(pence)s", pence=pounds(found.netted)))
    click.echo(gettext("Spent, each pound once: %(pence)s", pence=pounds(found.net)))
    for key, pence in found.by_service:
        click.echo(f"  {service_title(key) or gettext('Not placed under a service')}: {pounds(pence)}")
    for one in found.unmatched():
        click.echo(standing_words(one, found), err=True)


@ledger.command("years")
@click.argument("place")
@click.option("--on", type=ANY_DAY, help="The boundaries of which day; today unless given.")
@JSON
def years_(place: str, on: date | None, as_json: bool) -> None:
    """Say what was spent in a place in each year, before and after inflation, and which years are not compared."""
    day = on or london_day(now())
    try:
        name, here = _place(place, day)
        over = over_years(name, here, on=day, by=OPERATOR_ACTOR)
        if over is None:
            raise Refused(gettext("Nothing is counted for %(place)s yet: load what its bodies spend first", place=name))
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    if as_json:
        click.echo(json.dumps(years_plain.as_plain(over, [area.code for area in here]), ensure_ascii=False))
        return
    click.echo(f"{over.name}. {year_words.counted_words(over)}")
    steps = [None, *over.steps()]
    for year, step in zip(over.years, steps, strict=True):
        said = year_words.step_words(step) if step else ""
        click.echo(f"  {year_title(year.year)}: {pounds(year.net)}  {said}".rstrip())
    for step in over.not_compared():
        for one in step.unlike:
            click.echo(year_words.unlike_words(one, step, over), err=True)


@ledger.command("figures")
@click.argument("file", type=FILE)
@click.option("--body", "spender", required=True, help="The body that spends: its code, or the slug of its committee.")
@click.option("--year", required=True, type=click.IntRange(1990, 2100), help="The year the financial year begins in.")
@click.option("--phase", type=click.Choice(list(PHASES)), default="outturn", help="Budget, outturn, audited or payments.")
@click.option("--stream", type=click.Choice(list(STREAMS)), help="Revenue or capital, where the rows do not say.")
@click.option("--title", help="What the source is called; the file’s name unless given.")
@click.option("--citation", default="", help="Where it was published.")
@click.option("--licence", default="", help="The licence it is under.")
@click.option("--coverage", type=click.Choice(list(COVERAGES)), default="unknown", help="What of the spending it covers.")
@click.option("--confidence", type=click.Choice(list(GRADES)), default="B", help="A to D.")
@click.option("--replaces", type=int, help="The number of the source this one corrects.")
@JSON
def figures_(file: Path, spender: str, replaces: int | None, as_json: bool, **said: str | int | None) -> None:
    """Load a table of a body’s spending with stated columns (service, amount …); it is pending until it is published."""
    try:
        content = file.read_bytes()
        read = figures.read_table(content, file.name, _source(_agency(spender), file.name, said))
        rows = service.Rows.of(read.cells, read.skipped, content=fitted.files().keep(content))
        source = kept_in_pieces(lambda: _store(_source(_agency(spender), file.name, said), read, rows, replaces))
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    _say_source(source, as_json)


def _store(
    source: LedgerSource, read: figures.ReadFigures, rows: service.Rows, replaces: int | None
) -> tuple[LedgerSource, Entering | None]:
    """Keep a table that was read: the short part, in a transaction, and what of its rows is still to be entered."""
    source.stated_pence, source.rows_read = read.stated_pence, read.rows
    corrected = _numbered(replaces) if replaces else None
    return source, begun(source, replace(rows, replaces=corrected), by=OPERATOR_ACTOR, at=now())


def _agency(text: str) -> Agency:
    """The body that spends, by a code or by the slug of a body it hosts."""
    found = agency_by_code(text)
    if found is None and (asking := bodies.body(text)) is not None:
        found = asking.host_agency
    if found is None:
        raise Refused(
            gettext("No body here has the code “%(text)s”, and none is called that. Load it with flask agencies load", text=text)
        )
    return found


def _source(agency: Agency, name: str, said: dict[str, str | int | None]) -> LedgerSource:
    return LedgerSource(
        agency_id=agency.id,
        title=str(said["title"] or name)[:300],
        publisher=agency.name,
        citation=said["citation"],
        licence=said["licence"],
        file_name=name[:200],
        year=said["year"],
        phase=said["phase"],
        stream=said["stream"] or "",
        coverage=said["coverage"],
        confidence=said["confidence"],
    )


def _say_source(source: LedgerSource, as_json: bool) -> None:
    if as_json:
        values = {"source": source.id, "state": source.state, "rows": source.rows_read, "loaded": source.rows_loaded}
        click.echo(json.dumps(values | {"pence": source.pence, "skipped": source.rows_skipped}))
        return
    click.echo(
        gettext(
            "Source %(number)s: %(rows)s rows loaded, %(pence)s. It is not published yet",
            number=source.id,
            rows=f"{source.rows_loaded:,}",
            pence=pounds(source.pence),
        )
    )


@ledger.command("sources")
@JSON
def sources(as_json: bool) -> None:
    """List what was loaded, the newest first, with the number of each source."""
    found = access.sources_kept(OPERATOR_ACTOR)
    if as_json:
        rows = [
            {
                "source": one.id,
                "body": one.agency.name,
                "year": one.year,
                "phase": one.phase,
                "state": one.state,
                "pence": one.pence,
            }
            for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.id}  {one.state}  {year_title(one.year)}  {one.agency.name}: {one.title}, {pounds(one.pence)}")


@ledger.command("publish")
@click.argument("number", type=int)
def publish(number: int) -> None:
    """Publish a source by its NUMBER; the source it corrects is replaced in the same moment."""
    try:
        with writes_now():
            source = _numbered(number)
            corrected = service.publish(source, by=OPERATOR_ACTOR, at=now())
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    click.echo(gettext("Source %(number)s is published", number=number))
    for one in corrected:
        click.echo(gettext("It replaces source %(number)s", number=one.id))


@ledger.command("withdraw")
@click.argument("number", type=int)
@click.option("--why", required=True, help="The reason, which stays with the source.")
def withdraw(number: int, why: str) -> None:
    """Withdraw a source by its NUMBER; its figures leave the count, and its rows are kept."""
    try:
        with writes_now():
            service.withdraw(_numbered(number), why, by=OPERATOR_ACTOR, at=now())
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    click.echo(gettext("Source %(number)s is withdrawn", number=number))


def _numbered(number: int) -> LedgerSource:
    source = db.session.get(LedgerSource, number)
    if source is None:
        raise Refused(gettext("There is no source %(number)s: flask ledger sources lists them", number=number))
    return source
