"""`flask areas`: what is known of an area. Look-ups, loading, lineage and export add their own commands to the same group."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from scrutiny.areas import gaps, queries, service
from scrutiny.days import ANY_DAY
from scrutiny.formats import london_day, percent
from scrutiny.pages import now
from workflows.refusals import Refused

areas = AppGroup("areas", help="Boundaries, people and postcodes.")
FILE = click.Path(path_type=Path)


@contextmanager
def refusals_said() -> Iterator[None]:
    """A refusal is one plain sentence on stderr and exit status 1."""
    try:
        yield
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)


def say(value: Any, lines: list[str], as_json: bool) -> None:
    """One JSON document, or lines for a person."""
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else "\n".join(lines))


@areas.command("show")
@click.argument("code")
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
@click.option("--json", "as_json", is_flag=True)
def show(code: str, on: date | None, as_json: bool) -> None:
    """Say what is known of an area."""
    on = on or london_day(now())
    with refusals_said():
        area = queries.area_on(code, on)
        kinds = [one.kind for one in queries.areas_with_code(area.code, on)]
    value = {
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "kinds": kinds,
        "from": area.from_on.isoformat(),
        "to": area.to_on.isoformat() if area.to_on else None,
        "area_km2": round(area.square_metres / 1e6, 6),
        "people": area.people,
        "source": area.load.source,
    }
    say(value, [f"{key}: {', '.join(said) if isinstance(said, list) else said}" for key, said in value.items()], as_json)


@areas.command("overlaps")
@click.argument("code")
@click.option("--with", "with_kind", help="Only areas of this kind; small areas are listed only where they are named so.")
@click.option("--on", type=ANY_DAY, help="The day asked about; today if left out.")
@click.option("--slivers", is_flag=True, help="Also those under 1% of both.")
@click.option("--json", "as_json", is_flag=True)
def overlaps(code: str, with_kind: str | None, on: date | None, slivers: bool, as_json: bool) -> None:
    """Say what an area shares with areas of other kinds, in land and in people."""
    on = on or london_day(now())
    with refusals_said():
        if with_kind:
            service.area_kind(with_kind)
        area = queries.area_on(code, on)
        besides = [] if with_kind else service.measuring_kinds()
        found = queries.overlaps([area.id], on, with_kind=with_kind, besides=besides, slivers=slivers)
    for gap in gaps.gaps_of([area], on, with_kind=with_kind):
        click.echo(f"{gap.words}: {area.name}", err=True)
    if besides:
        click.echo(f"Small areas are left out: ask for them by --with {besides[0]}", err=True)
    fields = ("code", "name", "kind", "share_of_area", "share_of_people", "share_of_other_area", "share_of_other_people")
    lines = [
        f"{one.kind:20} {one.code:10} {one.name}: {percent(one.share_of_people, 2)} of its people, "
        f"{percent(one.share_of_area, 2)} of its land"
        for one in found
    ]
    say([{field: getattr(one, field) for field in fields} for one in found], lines, as_json)


def check_file(file: Path) -> None:
    """Refuse a file that is not there."""
    if not file.is_file():
        raise Refused(f"{file}: there is no such file")
