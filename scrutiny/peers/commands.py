"""`flask peers`: a place beside its peers, as its page shows it."""

from __future__ import annotations

import json
from datetime import date

import click
from flask.cli import with_appcontext
from flask_babel import gettext

from scrutiny.areas.queries import area_on
from scrutiny.days import ANY_DAY
from scrutiny.formats import london_day
from scrutiny.ledger.words import rounded
from scrutiny.pages import now
from scrutiny.peers import plain, words
from scrutiny.peers.comparing import compare
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR
from workflows.spending import nearest


@click.command("peers")
@click.argument("place")
@click.option("--year", type=click.IntRange(1990, 2100), required=True, help="The year the financial year begins in.")
@click.option("--on", type=ANY_DAY, help="The boundaries of which day; today unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_appcontext
def peers(place: str, year: int, on: date | None, as_json: bool) -> None:
    """Say what is spent in PLACE (a code) for each person, beside the places of its kind that are nearest in size."""
    day = on or london_day(now())
    try:
        found = compare(area_on(place.strip().upper(), day), year, on=day, by=OPERATOR_ACTOR)
        if found is None:
            raise Refused(gettext("Nothing is counted for %(place)s in this year", place=place))
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    if as_json:
        click.echo(json.dumps(plain.as_plain(found), ensure_ascii=False))
        return
    click.echo(words.found_words(found))
    for row in found.rows:
        said = words.few_words(row) if row.spread is None else rounded(row.spread.median)
        click.echo(f"  {words.row_name(row)}: {rounded(nearest(row.own))}  {said}")
