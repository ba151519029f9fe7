"""`flask search`: what the search box of the public pages finds."""

from __future__ import annotations

import json
from datetime import date

import click
from flask.cli import with_appcontext

from scrutiny.days import ANY_DAY
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.search.queries import plain
from scrutiny.search.queries import search as look_up


@click.command("search")
@click.argument("text", nargs=-1, required=True)
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_appcontext
def search(text: tuple[str, ...], on: date | None, as_json: bool) -> None:
    """Say which places, agencies, published reports and recommendations may be meant, however they are spelt."""
    found = look_up(" ".join(text), on or london_day(now()))
    if not found.has_any:
        raise click.ClickException(found.places.sentence)
    if as_json:
        click.echo(json.dumps(plain(found), ensure_ascii=False, indent=2))
        return
    lines = [f"{one.code:10} {one.name} ({one.kind})" for one in found.places.in_order]
    lines += [f"agency {one.id:<3} {one.name} ({one.label})" for one in found.agencies.in_order]
    lines += [f"{one.report.reference:10} {one.title}" for one in found.reports]
    lines += [f"{one.review:10} {one.number}. {one.text}" for one in found.recommendations]
    click.echo("\n".join(lines))
