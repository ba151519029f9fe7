"""`flask ledger load`: a file of payments read, checked and kept as a source of the count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext

from scrutiny.ledger.commands import ledger
from scrutiny.ledger.in_pieces import kept_in_pieces
from scrutiny.pages import now
from scrutiny.payments.lanes import COMMAND
from scrutiny.payments.loading import Loaded, Wanted, body_that_spends, load, prepare, read_for
from scrutiny.payments.profiles import profile_called, reading_of
from scrutiny.spend_files.chosen import columns_said
from scrutiny.spend_files.records import Reading
from scrutiny.spend_files.words import certainty_words, pounds, role_words, why_words
from scrutiny.text_files import text_in
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

__all__ = ["ledger"]

#: What a map may say besides columns.
BESIDES = ("header_row", "date_order", "decimal_mark", "scale", "sheet")
SHOWN = 50


@ledger.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--body", "spender", required=True, metavar="CODE|SLUG", help="The body that paid.")
@click.option("--profile", help="Read it as this saved profile says.")
@click.option("--map", "mapping", metavar="JSON", help='Which column is which: {"amount": "Net", "date": "B"}, or a file of it.')
@click.option("--year", type=click.IntRange(1990, 2100), help="The year its financial year begins in; by its dates unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def load_(file: Path, spender: str, year: int | None, as_json: bool, **said: str | None) -> None:
    """Load a file of payments as a body publishes it; its columns are recognised. It is pending until it is published."""
    profile, mapping = said["profile"], said["mapping"]
    if profile and mapping:
        raise click.UsageError(gettext("Give --profile or --map, not both"))
    try:
        agency = body_that_spends(spender)
        content = file.read_bytes()
        reading = reading_of(profile_called(profile)) if profile else _reading(mapping) if mapping else None
        read = read_for(agency, content, reading, at=now(), lane=COMMAND)
        if read.found is None:
            raise Refused(str(read.refusal))
        wanted = Wanted(content, file.name, agency, year, profile or read.profile)
        made = prepare(read.found, wanted, at=now())
        loaded = kept_in_pieces(lambda: load(made, wanted, by=OPERATOR_ACTOR, at=now()))
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    if as_json:
        click.echo(json.dumps(loaded.plain(), ensure_ascii=False))
    else:
        _say(loaded)


def _reading(mapping: str) -> Reading:
    """What a map says, written out or in a file; Refused where it is no map."""
    path = Path(mapping)
    try:
        text = mapping if mapping.lstrip().startswith("{") else text_in(path)
        value: Any = json.loads(text)
    except (OSError, ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Refused(gettext('--map is not JSON that says which column is which, such as {"amount": "Net Amount"}'))
    columns = value.pop("columns", None)
    besides = {key: value.pop(key) for key in BESIDES if key in value}
    row, scale = besides.get("header_row"), besides.get("scale")
    if not isinstance(row, int | None) or not isinstance(scale, int | None):
        raise Refused(gettext("In --map, header_row and scale are whole numbers"))
    if scale not in (None, 1, 1_000, 1_000_000):
        raise Refused(gettext("In --map, scale is 1, 1000 or 1000000"))
    return Reading(
        columns_said(columns if isinstance(columns, dict) else value),
        row,
        str(besides.get("date_order") or ""),
        str(besides.get("decimal_mark") or ""),
        scale,
        str(besides.get("sheet") or ""),
    )


def _say(loaded: Loaded) -> None:
    """What became of the file, for somebody at a terminal."""
    for warning in loaded.warnings:
        click.echo(warning, err=True)
    for one in loaded.file.skipped[:SHOWN]:
        click.echo(gettext("Row %(row)s left out: %(why)s", row=one.row, why=why_words(one)), err=True)
    if len(loaded.file.skipped) > SHOWN:
        click.echo(gettext("and %(n)s more rows left out", n=len(loaded.file.skipped) - SHOWN), err=True)
    for column in loaded.file.columns:
        click.echo(f"  {role_words(column.role)}: {column.title or column.number} ({certainty_words(column.certainty)})")
    click.echo(
        gettext(
            "Source %(number)s: %(rows)s payments loaded, %(pence)s. It is not published yet",
            number=loaded.source.id,
            rows=f"{len(loaded.file.payments):,}",
            pence=pounds(loaded.file.pence),
        )
    )
    click.echo(gettext("How it was read is saved as profile %(name)s", name=loaded.profile))
