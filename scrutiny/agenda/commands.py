"""`flask agenda show`: the agenda of a place, as the public sees it or whole for the operator."""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta

import click

from scrutiny.agenda import presenters
from scrutiny.agenda.item import Period, Reader
from scrutiny.agenda.items import agenda_of
from scrutiny.agenda.scope import of_place
from scrutiny.areas.queries import area_on
from scrutiny.days import ANY_DAY
from scrutiny.pages import today
from scrutiny.public_calendar.commands import agenda
from workflows.refusals import Refused
from workflows.roles import ANYONE

__all__ = ["agenda"]


@agenda.command("show")
@click.argument("place")
@click.option("--from", "first", type=ANY_DAY, help="The first day; today unless given.")
@click.option("--to", "last", type=ANY_DAY, help="The last day; a year after the first unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(place: str, first: date | None, last: date | None, as_json: bool) -> None:
    """Print the agenda of PLACE (a code, or codes joined by commas) as the public sees it, joined by overlap."""
    begins = first or today()
    ends = last or begins + timedelta(days=365)
    try:
        if ends < begins:
            raise Refused("The last day is before the first: give a later --to")
        areas = [area_on(code, today()) for code in place.replace("+", ",").split(",") if code.strip()]
        if not areas:
            raise Refused("Give the code of a place, such as E07000123")
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    name = " + ".join(area.name for area in areas)
    found = agenda_of(of_place(name, areas, today()), Period(begins, ends), Reader(ANYONE, today()))
    if as_json:
        told = {"place": name, "from": begins.isoformat(), "to": ends.isoformat(), "items": [presenters.plain(o) for o in found]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in found:
        said = [f"{presenters.when(one)}: {one.title}", one.kind_label, presenters.who(one), presenters.where(one), one.state]
        click.echo(" · ".join(part for part in said if part))
    if not found:
        click.echo("Nothing is known of this place in these days", err=True)
