"""`flask audit verify`: is the trail whole?"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from scrutiny.audit import queries

audit = AppGroup("audit", help="The audit trail.")


@audit.command("verify")
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A backup or a report's data.")
def verify(against: Path | None) -> None:
    """Check every row of the trail, and its end against what a backup or a sealed report recorded."""
    found = queries.faults_found(_anchor(against) if against else None)
    for fault in found:
        click.echo(fault, err=True)
    if found:
        sys.exit(1)
    number, digest = queries.head()
    click.echo(f"The audit trail is whole: {number:,} rows, ending in {digest[:16] or 'nothing'}")


def _anchor(path: Path) -> tuple[int, str]:
    """Number and digest of the head recorded in a file: {"audit": {"number", "digest"}}."""
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))["audit"]
        return int(recorded["number"]), str(recorded["digest"])
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        click.echo(f"{path.name} does not record where the trail ended: give the .json of a backup or a report's data", err=True)
        sys.exit(1)
