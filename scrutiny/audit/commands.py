"""`flask audit verify`: is the trail whole?"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import click
from flask.cli import AppGroup

from scrutiny.audit import queries

audit = AppGroup("audit", help="The audit trail.")


@audit.command("verify")
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A backup or a report's data.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify(against: Path | None, as_json: bool) -> None:
    """Check every row of the trail, and its end against what a backup or a sealed report recorded."""
    found = queries.faults_found(_anchor(against) if against else None)
    number, digest = queries.head()
    if as_json:
        click.echo(json.dumps({"whole": not found, "number": number, "digest": digest, "faults": found}, ensure_ascii=False))
    for fault in found:
        click.echo(fault, err=True)
    if found:
        sys.exit(1)
    if not as_json:
        click.echo(f"The audit trail is whole: {number:,} rows, ending in {digest[:16] or 'nothing'}")


def _anchor(path: Path) -> tuple[int, str]:
    """Number and digest of the head recorded in a file: a backup, or the data of a report."""
    try:
        recorded = json.loads(_manifest(path))["audit"]
        return int(recorded["number"]), str(recorded["digest"])
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile):
        click.echo(
            f"{path.name} does not record where the trail ended: give a backup, or the data.json of a released report", err=True
        )
        sys.exit(1)


def _manifest(path: Path) -> bytes:
    """The JSON in a file that is JSON, or that a backup holds as its manifest."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as bundle:
        return bundle.read("manifest.json")
