"""`flask ladders check` and `flask ladders days`: the ladders of reminders."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup

from scrutiny.days import ANY_DAY
from scrutiny.formats import short_day
from scrutiny.rules.files import CONFIG
from scrutiny.rules.queries import calendars_in_force, rules
from scrutiny.text_files import text_in
from workflows.ladders import ADDRESSED, LETTERS, check_ladders, open_days, steps
from workflows.reading import Fault
from workflows.refusals import Refused
from workflows.workdays import ENGLAND_AND_WALES

ladders = AppGroup("ladders", help="Ladders: how an agency is reminded of what it was asked for.")


@ladders.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check(file: Path | None, as_json: bool) -> None:
    """Check FILE, or the ladders of this instance, and name each fault with its line and remedy."""
    path = file or CONFIG / "ladders.toml"
    faults = _faults(path)
    if as_json:
        told = [{"line": fault.line, "key": fault.key, "sentence": fault.sentence} for fault in faults]
        click.echo(json.dumps({"file": str(path), "right": not faults, "faults": told}, ensure_ascii=False))
    for fault in faults:
        click.echo(fault.sentence, err=True)
    if faults:
        sys.exit(1)
    if not as_json:
        click.echo(f"{path.name}: nothing is wrong with it")


def _faults(path: Path) -> tuple[Fault, ...]:
    """What is wrong with a file."""
    held = rules()
    try:
        text = text_in(path)
    except (OSError, UnicodeDecodeError):
        return (Fault(path.name, 1, "", "this file cannot be read as text", "give the path of a .toml file in UTF-8"),)
    return check_ladders(text, path.name, methods=list(held.methods), agency_kinds=list(held.agency_kinds))


@ladders.command("days")
@click.option("--due", required=True, type=ANY_DAY, help="The day something is due.")
@click.option("--nation", default=ENGLAND_AND_WALES, help="england-and-wales, scotland or northern-ireland.")
@click.option("--method", default="", help="The key of a method, where it may have a ladder of its own.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def days(due: date, nation: str, method: str, as_json: bool) -> None:
    """Say on which day each rung of a ladder goes for something due on a day."""
    held = rules()
    ladder = held.ladders.of(method=method)
    try:
        found = steps(ladder, due, open_days(nation, calendars_in_force(), held.ladders.quiet))
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    if as_json:
        rows = [
            {
                "rung": step.rung.key,
                "on": step.on.isoformat() if step.on else None,
                "letter": step.rung.letter,
                "to": list(step.rung.to),
                "by_clock": step.rung.by_clock,
            }
            for step in found
        ]
        click.echo(json.dumps({"ladder": ladder.key, "due": due.isoformat(), "steps": rows}, ensure_ascii=False))
        return
    click.echo(ladder.title)
    for step in found:
        whom = ", ".join(ADDRESSED[one] for one in step.rung.to)
        how = "" if step.rung.by_clock else ", once a chair or lead inspector approves it"
        when = short_day(step.on) or "left out: it would come after the day"
        click.echo(f"{when:16} {LETTERS[step.rung.letter]} to {whom}{how}")
