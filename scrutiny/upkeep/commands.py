"""`flask backup` and `flask restore`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from scrutiny.formats import size
from scrutiny.pages import now
from scrutiny.upkeep import backup as backups
from workflows.jobs import registered
from workflows.refusals import Refused


@click.command("backup", help="Write every row and file to one zip.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Back the instance up, and print where the audit trail ends: keep that line apart from the file."""
    made = backups.back_up(file, at=now(), by="operator")
    click.echo(f"{file.name}: {size(made.size)}, {made.files} files")
    click.echo(f"The audit trail ends at row {made.audit_number}, {made.audit_digest}: keep this line apart from the file")


@click.command("restore", help="Put a backup back into an empty database.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Restore, then erase again whatever was due to be erased since the backup was made."""
    try:
        manifest = backups.restore(file)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    registered()["erase_expired_files"](at=now())
    click.echo(f"Restored {sum(manifest['rows'].values()):,} rows and {manifest['files']} files of {manifest['made_at'][:16]}")
