"""`flask reorganisation`: preview a plan, stage it for its day, undo it until then, list what there is."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from scrutiny.formats import london_day, percent, plural, short_day
from scrutiny.pages import now
from scrutiny.reorganisation import queries, service
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.reorganisation.plan_input import Plan, check_plan, read_plan
from scrutiny.reorganisation.preview import plain, preview
from scrutiny.text_files import text_in
from scrutiny.transaction import writes_now
from workflows.lifecycles.reorganisation import REORGANISATION
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

reorganisation = AppGroup("reorganisation", help="Councils that change on a day.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
WHAT = click.argument("what", metavar="FILE|REF")


@contextmanager
def _said() -> Iterator[None]:
    """A refusal is one plain sentence on stderr and exit status 1."""
    try:
        yield
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused


@reorganisation.command("preview")
@WHAT
@JSON
def show(what: str, as_json: bool) -> None:
    """Say what a plan (a JSON or TOML file, or one prepared here) would change, with people; 1 if it has faults."""
    with _said():
        found = preview(_plan(what), today=london_day(now()))
        value = plain(found)
    _print(value, _lines(value), as_json)
    for warning in value["warnings"]:
        click.echo(warning, err=True)
    if value["faults"]:
        raise click.ClickException("; ".join(value["faults"]))


@reorganisation.command("stage")
@WHAT
@JSON
def stage(what: str, as_json: bool) -> None:
    """Stage a plan for its day: dated rows are written now, work is handed on when it comes. Undone with `undo` until then."""
    with _said(), writes_now():
        row = queries.reorganisation(what) or service.prepare(_plan(what), by=OPERATOR_ACTOR, at=now())
        found = plain(service.stage(row, by=OPERATOR_ACTOR, at=now()))
        value = _row(row) | {"warnings": found["warnings"]}
    for warning in value["warnings"]:
        click.echo(warning, err=True)
    staged = f"{value['reference']} is staged for {value['on']}"
    _print(value, [f"{staged}; until then it can be undone: flask reorganisation undo {value['reference']}"], as_json)


@reorganisation.command("undo")
@click.argument("reference", metavar="REF")
@JSON
def undo(reference: str, as_json: bool) -> None:
    """Take a staging back, before its day: everything is as it was. The plan stays, to be changed and staged again."""
    with _said(), writes_now():
        row = _found(reference)
        service.undo_staging(row, by=OPERATOR_ACTOR, at=now())
        value = _row(row)
    _print(value, [f"{value['reference']} is no longer staged; everything is as it was"], as_json)


@reorganisation.command("list")
@JSON
def list_all(as_json: bool) -> None:
    """Every reorganisation: its day, how it stands, its title."""
    rows = queries.reorganisations()
    lines = [f"{row.reference}  {short_day(row.on):16} {REORGANISATION.states[row.state]:22} {row.title}" for row in rows]
    _print([_row(row) for row in rows], lines or ["None yet"], as_json)


def _plan(what: str) -> Plan:
    """The plan in a file, or of one prepared here."""
    row = queries.reorganisation(what)
    if row is not None:
        return read_plan(row.plan)
    file = Path(what)
    if not file.is_file():
        raise Refused(f"{what}: there is no such file, and no reorganisation with that reference")
    try:
        text = text_in(file)
        return check_plan(tomllib.loads(text) if file.suffix == ".toml" else json.loads(text), file.name)
    except (ValueError, UnicodeDecodeError) as fault:
        raise Refused(f"{file.name} cannot be read as {'TOML' if file.suffix == '.toml' else 'JSON'}: {fault}") from None


def _found(reference: str) -> Reorganisation:
    """The reorganisation of a reference; Refused where there is none."""
    row = queries.reorganisation(reference)
    if row is None:
        raise Refused(f"There is no reorganisation {reference}: `flask reorganisation list` names those there are")
    return row


def _row(row: Reorganisation) -> dict[str, Any]:
    """One in plain values."""
    return {"reference": row.reference, "title": row.title, "on": row.on.isoformat(), "state": row.state, "outcome": row.outcome}


def _lines(value: dict[str, Any]) -> list[str]:
    """A preview for somebody at a terminal."""
    lines = [f"{value['title']}, on {value['on']}", "Areas"]
    lines += [
        f"  {one['code']} {one['name']} → {one['becomes']} {one['new_name']} ({one['type']}): "
        f"{percent(one['share_of_people'], 1)} of its people, {percent(one['share_of_area'], 1)} of its land"
        for one in value["areas"]
    ]
    return [*lines, "Agencies", *_agency_lines(value["agencies"]), *_open_lines(value)]


def _agency_lines(agencies: dict[str, Any]) -> list[str]:
    """What becomes of agencies."""
    lines = []
    for one in agencies["end"]:
        heirs = ", ".join(f"{heir['agency']} ({percent(heir['share'])})" for heir in one["becomes"])
        lines.append(f"  ends: {one['agency']} → {heirs}")
    for one in agencies["begin"]:
        lines.append(f"  begins: {one['agency']} ({one['kind']}, {plural(len(one['services']), 'service')})")
    lines += [f"  carries on: {one['agency']} as {one['code']}" for one in agencies["carry_on"]]
    return lines + [f"  goes on: {one['agency']} serves {one['serves']}" for one in agencies["follow"]]


def _open_lines(value: dict[str, Any]) -> list[str]:
    """What becomes of bodies, people and open work."""
    lines = [f"Body {one['body']} → {', '.join(to['body'] for to in one['becomes'])}" for one in value["bodies"]]
    for one in value["people"]:
        lines.append(f"{one['name']}, {one['role']} of {one['of']} → {', '.join(one['to']) or one['why'] or 'nowhere'}")
    lines += [f"Review {one['review']} ({one['part']}): {one['was']} → {one['becomes']}" for one in value["reviews"]]
    for one in value["requests"]:
        lines.append(f"Request {one['request']}, {plural(one['items'], 'item')}: {one['was']} → {one['becomes']}")
    for one in value["recommendations"]:
        lines.append(f"Recommendation {one['review']}/{one['number']}: {one['was']} → {one['becomes']}")
    for one in value["places"]:
        lines.append(f"Place {one['place']}: {plural(one['reviews'], 'review')}, {plural(one['alerts'], 'alert')}")
    return lines


def _print(value: Any, lines: list[str], as_json: bool) -> None:
    """One JSON document, or lines for a person."""
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else "\n".join(lines))
