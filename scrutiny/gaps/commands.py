"""`flask gaps show`: the gaps of a place as the public sees them."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup
from flask_babel import gettext

from scrutiny.areas.queries import area_on
from scrutiny.formats import listed, number
from scrutiny.gaps import plain, words
from scrutiny.gaps.found import Asked, Reading, gaps_of_place
from scrutiny.pages import today
from scrutiny.place_lookup.place_input import codes_of
from scrutiny.rules.queries import rules
from workflows.gaps import KINDS, MOST_YEARS
from workflows.refusals import Refused
from workflows.roles import ANYONE

gaps = AppGroup("gaps", help="Where nobody holds a service to account.")


@gaps.command("show")
@click.argument("place")
@click.option("--service", default="", help="The key of one service, such as general-practice.")
@click.option("--kind", type=click.Choice(list(KINDS)), default=None, help="One kind of gap.")
@click.option("--years", type=click.IntRange(1, MOST_YEARS), help="Years without a review, over those of config/gaps.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(place: str, service: str, kind: str | None, years: int | None, as_json: bool) -> None:
    """Print the gaps of PLACE (a name, a postcode or codes joined by commas), each with its reason and what it rests on."""
    on = today()
    try:
        if service and service not in rules().services:
            known = ", ".join(rules().services)
            raise Refused(
                gettext("There is no service called %(service)s: choose one of %(known)s", service=service, known=known)
            )
        areas = [area_on(code, on) for code in codes_of(place.replace("+", ","), on)]
        if not areas:
            raise Refused(gettext("Give the name or code of a place, such as E07000123"))
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    name = listed([area.name for area in areas])
    found = gaps_of_place(name, areas, Asked(service, kind or "", years), Reading(ANYONE, on, on))
    if as_json:
        click.echo(json.dumps(plain.place_plain(found, on), ensure_ascii=False))
        return
    for gap in found.gaps:
        said = [words.service_words(gap.service), words.agency_words(gap, found), words.kind_words(gap), words.reason(gap)]
        click.echo(" · ".join(part for part in said if part))
    click.echo(gettext("Gaps found: %(count)s", count=number(len(found.gaps))))
