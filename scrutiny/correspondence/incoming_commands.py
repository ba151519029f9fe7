"""`flask mail receive` and `flask mail list`: an email piped in by the mail server, and what came in."""

from __future__ import annotations

import json
import logging
import sys

import click
from flask.cli import AppGroup

from scrutiny.correspondence import queries
from scrutiny.correspondence.incoming import take_in
from scrutiny.correspondence.incoming_models import KINDS
from scrutiny.correspondence.mail_reading import MOST_BYTES
from scrutiny.pages import now

log = logging.getLogger(__name__)
#: EX_TEMPFAIL of sysexits.h: the mail server keeps the email and pipes it in again later.
TRY_AGAIN = 75

mail = AppGroup("mail", help="Email that comes in: bounces, automatic answers and replies.")


@mail.command("receive")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def receive(as_json: bool) -> None:
    """Take in one email from standard input, as a mail server pipes it; nothing is ever answered.

    Exit status 75 asks the mail server to keep the email and try again later.
    """
    raw = sys.stdin.buffer.read(MOST_BYTES)
    if not raw.strip():
        click.echo("Nothing came on standard input: pipe one email, as in flask mail receive < message.eml", err=True)
        sys.exit(1)
    while sys.stdin.buffer.read(MOST_BYTES):
        pass  # the rest is read and let go, so that whoever pipes it in is not broken off
    try:
        taken = take_in(raw, at=now())
    except Exception:
        log.exception("an email that was piped in could not be taken in")
        click.echo("This email could not be taken in now. Keep it and pipe it in again", err=True)
        sys.exit(TRY_AGAIN)
    if as_json:
        click.echo(json.dumps({"kind": taken.kind, "about": taken.about, "known": taken.known}))
        return
    words = "A letter of our own" if taken.kind == "own" else KINDS[taken.kind]
    click.echo(f"{words}, about {taken.about or 'no letter of ours that is known'}{' (seen before)' if taken.known else ''}")


@mail.command("list")
@click.option("--unmatched", is_flag=True, help="Only what could not be matched to a letter and nobody has dealt with.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_mail(unmatched: bool, as_json: bool) -> None:
    """List what came in, newest first."""
    rows = queries.mail_unmatched() if unmatched else queries.mail_that_came()
    if as_json:
        told = [
            {"id": row.id, "kind": row.kind, "from": row.sender, "subject": row.subject, "about": row.about, "fault": row.fault}
            for row in rows
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row.id}  {KINDS[row.kind]}  {row.sender or 'unknown'}: {row.subject}  {row.fault}")
    if not rows:
        click.echo("Nothing came in")
