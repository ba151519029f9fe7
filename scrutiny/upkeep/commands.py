"""`flask backup`, `flask restore` and `flask setup`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from scrutiny.formats import size
from scrutiny.pages import now, today
from scrutiny.upkeep import backup as backups
from scrutiny.upkeep import first_review, queries, restoring
from workflows.jobs import registered
from workflows.refusals import Refused


@click.command("backup", help="Write every row and file to one zip.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Back the instance up, and print where the audit trail ends: keep that line apart from the file."""
    try:
        backed_up = backups.back_up(file, at=now(), by="operator")
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    made = backed_up.made
    click.echo(f"{file.name}: {size(made.size)}, {made.files} files")
    click.echo(f"The audit trail ends at row {made.audit_number}, {made.audit_digest}: keep this line apart from the file")
    for sha256, fault in backed_up.left_out.items():
        click.echo(f"NOT BACKED UP, {fault}: {queries.named(sha256)} ({sha256[:16]}…)", err=True)
    if backed_up.left_out:
        click.echo("Everything else is in the backup. Upload these files again, or put them back from an older backup", err=True)
        sys.exit(1)


@click.command("setup", help="Say what a first review still needs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_appcontext
def setup(as_json: bool) -> None:
    """List what a first review needs with the state of each; ends with 1 while something is left to do."""
    with current_app.test_request_context(base_url=current_app.config["SETTINGS"].public_url):
        tasks = first_review.tasks(today())
    if as_json:
        click.echo(json.dumps([asdict(task) for task in tasks], ensure_ascii=False))
    for task in tasks if not as_json else ():
        click.echo(f"{'Done ' if task.done else 'To do'}  {task.title}: {task.hint.rstrip('.')} ({task.href})")
    if not all(task.done for task in tasks):
        sys.exit(1)


@click.command("restore", help="Put a backup back into an empty database.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Restore, then erase again whatever was due to be erased since the backup was made."""
    try:
        manifest = restoring.restore(file)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    registered()["erase_expired_files"](at=now())
    click.echo(f"Restored {sum(manifest['rows'].values()):,} rows and {manifest['files']} files of {manifest['made_at'][:16]}")
