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
from scrutiny.audit import service, signed, verifying
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

audit = AppGroup("audit", help="The audit trail.")


@audit.command("verify")
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A backup or a report's data.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify(against: Path | None, as_json: bool) -> None:
    """Check every row of the trail, against every backup and sealed report noted here and a file given; and every seal."""
    with transaction.at_one_moment():
        found = verifying.verify(_anchor(against) if against else None)
    if as_json:
        said = {"whole": not found.faults, "number": found.number, "digest": found.digest, "faults": found.faults}
        click.echo(json.dumps(said | {"erased": found.gaps, "notes": found.notes}, ensure_ascii=False))
    for kind, sentences in (("Accepted: ", found.gaps), ("Note: ", found.notes), ("", found.faults)):
        for sentence in sentences:
            click.echo(f"{kind}{sentence}", err=True)
    if found.notes:
        click.echo("Run flask audit seal to seal such rows as they are, after looking at them", err=True)
    if found.faults:
        sys.exit(1)
    if not as_json:
        click.echo(f"The audit trail is whole: {found.number:,} rows, ending in {found.digest[:16] or 'nothing'}")
        click.echo(
            f"It agrees with {found.anchors:,} backups, sealed reports and signed heads; {found.seals:,} seals were checked"
        )
        newest = next(iter(signed.signed_heads()), None)
        if newest is not None:
            click.echo(f"The newest signed head is row {newest.number:,}, entered on {newest.entered_at:%Y-%m-%d}")


@audit.command("seal")
def seal() -> None:
    """Seal the rows made before deeds sealed what they write, as they are now; from then on every row must have a seal."""
    try:
        with transaction.writes_now():
            count = service.seal_the_rest(by=OPERATOR_ACTOR, at=datetime.now(UTC))
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    click.echo(f"{count:,} rows are sealed as they are; from now on a row without a seal is a fault")


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
