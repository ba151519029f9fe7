"""`flask audit verify`: is the trail whole? `flask audit head` and `sign`: where it stands, signed with a key kept elsewhere."""

from __future__ import annotations

import json
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from scrutiny import transaction
from scrutiny.audit import held, queries, signed
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

audit = AppGroup("audit", help="The audit trail.")


@audit.command("verify")
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A backup or a report's data.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify(against: Path | None, as_json: bool) -> None:
    """Check every row of the trail, against every backup and sealed report noted here and a file given; and every seal."""
    found = queries.faults_found(_anchor(against) if against else None)
    seals = list(held.all_seals())
    found += [seal.fault for seal in seals if seal.fault] + signed.faults_found()
    gaps = [seal.gap for seal in seals if seal.gap]
    number, digest = queries.head()
    if as_json:
        said = {"whole": not found, "number": number, "digest": digest, "faults": found, "erased": gaps}
        click.echo(json.dumps(said, ensure_ascii=False))
    for gap in gaps:
        click.echo(f"Accepted: {gap}", err=True)
    for fault in found:
        click.echo(fault, err=True)
    if found:
        sys.exit(1)
    if not as_json:
        click.echo(f"The audit trail is whole: {number:,} rows, ending in {digest[:16] or 'nothing'}")
        click.echo(
            f"It agrees with {len(list(held.all_anchors())):,} backups, sealed reports and signed heads; "
            f"{len(seals):,} seals were checked"
        )
        newest = next(iter(signed.signed_heads()), None)
        if newest is not None:
            click.echo(f"The newest signed head is row {newest.number:,}, entered on {newest.entered_at:%Y-%m-%d}")


@audit.command("head")
def head() -> None:
    """Print where the trail stands, in one line, to be signed on another machine."""
    click.echo(signed.head_to_sign(_service(), datetime.now(UTC)), nl=False)


@audit.command("sign")
@click.argument("head_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("signature_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def sign(head_file: Path, signature_file: Path) -> None:
    """Enter the signature of a head, made elsewhere with a key whose public half is in TRAIL_KEYS, and publish both."""
    try:
        with transaction.writes_now():
            entered = signed.enter(
                head_file.read_bytes(), signature_file.read_bytes(), service=_service(), by=OPERATOR_ACTOR, at=datetime.now(UTC)
            )
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    click.echo(f"Row {entered.number:,} is signed, and published at {_service()}/trail")


def _service() -> str:
    """This instance's address."""
    return str(current_app.config["SETTINGS"].public_url)


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
