"""`flask burden show` and `flask burden export`: the ledger as its pages have it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import AppGroup
from flask_babel import gettext

from scrutiny.agencies.queries import agency_by_code
from scrutiny.areas.queries import area_on
from scrutiny.bodies.queries import body as body_called
from scrutiny.burden import plain, words
from scrutiny.burden.ledger import Asked, Ledger, ledger
from scrutiny.burden.pages import place_counted
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import listed, london_day, number
from scrutiny.pages import now
from scrutiny.place_lookup.place_input import codes_of
from workflows.periods import period_of
from workflows.refusals import Refused
from workflows.roles import ANYONE, OPERATOR_ACTOR

burden = AppGroup("burden", help="What answering asks of agencies.")
Command = TypeVar("Command", bound=Callable[..., None])


def _options(command: Command) -> Command:
    """The options both commands have."""
    for option in (
        click.option("--by", "way", type=click.Choice(list(words.WAYS)), default="who", help="How to split it."),
        click.option("--period", default="", help="2026-q3, cy2026, fy2026 (April 2026 to March 2027) or all; the last year."),
        click.option("--place", default="", help="The name, code or postcode of a place."),
        click.option("--agency", default="", help="A code of the agency that answers."),
        click.option("--body", default="", help="The slug of the body that asks."),
        click.option("--public", "is_public", is_flag=True, help="Count only what anyone may see."),
    ):
        command = option(command)
    return command


@burden.command("show")
@_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(way: str, as_json: bool, is_public: bool, **asked: str) -> None:
    """Say who asks how much of whom: questions, hours entered, and hours estimated beside them."""
    found = _ledger(asked, is_public=is_public)
    if as_json:
        click.echo(json.dumps(plain.as_plain(found, way), ensure_ascii=False))
        return
    click.echo(words.period_title(found.period))
    for part in found.parts(way):
        click.echo(f"  {part.title}: {_said(part.counts.asked, part.counts.estimated)}")
    click.echo(gettext("In all: %(said)s", said=_said(found.total.asked, found.total.estimated)))
    click.echo(words.entered_words(found.total, found.requests, found.said))


@burden.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_options
def export(file: Path, way: str, is_public: bool, **asked: str) -> None:
    """Write the ledger to FILE as CSV: a row for each part, and the whole as the last."""
    content = write_csv(plain.COLUMNS, plain.rows_of(_ledger(asked, is_public=is_public), way))
    try:
        file.write_bytes(content)
    except OSError as error:
        raise click.ClickException(gettext("%(file)s cannot be written: %(why)s", file=file, why=error.strerror)) from error
    click.echo(gettext("Written to %(file)s", file=file))


def _said(questions: int, minutes: int) -> str:
    """Questions, and the hours they are estimated to take."""
    hours = words.hours_words(minutes)
    return gettext("%(n)s questions, about %(hours)s by our estimate", n=number(questions), hours=hours)


def _ledger(asked: dict[str, str], *, is_public: bool) -> Ledger:
    """The ledger the options ask for; a refusal ends the command in a sentence."""
    today = london_day(now())
    try:
        wanted = Asked(_period(asked["period"]), _body(asked["body"]), _agency(asked["agency"]), None)
        if asked["place"]:
            areas = [area_on(code, today) for code in codes_of(asked["place"], today)]
            places = place_counted(listed([area.name for area in areas]), areas).places
            wanted = Asked(wanted.period, wanted.body, wanted.agency, places)
        return ledger(wanted, by=ANYONE if is_public else OPERATOR_ACTOR, today=today)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused


def _period(text: str) -> str:
    if text and period_of(text) is None:
        raise Refused(gettext("“%(text)s” is not a period: write 2026-q3, cy2026, fy2026 or all", text=text[:20]))
    return text


def _body(slug: str) -> int | None:
    found = body_called(slug) if slug else None
    if slug and found is None:
        raise Refused(gettext("There is no body called %(slug)s", slug=slug[:60]))
    return found.id if found else None


def _agency(code: str) -> int | None:
    found = agency_by_code(code) if code else None
    if code and found is None:
        raise Refused(gettext("No agency has the code %(code)s", code=code[:60]))
    return found.id if found else None
