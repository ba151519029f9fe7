"""`flask reminders coming` and `flask reminders chase`: what the ladder will send, and everyone silent chased at once."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from scrutiny.chasing import in_turn, queries
from scrutiny.chasing.queries import Silent
from scrutiny.formats import london_day, plural, short_day
from scrutiny.pages import now
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import review_by_reference
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

reminders = AppGroup("reminders", help="Reminders of what was asked: what goes next, and chasing by hand.")


@reminders.command("coming")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def coming(reference: str, as_json: bool) -> None:
    """Say what the ladder will send in the review REFERENCE in the next seven days."""
    try:
        found = queries.coming_in(_review(reference), now())
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    rows = [
        {
            "on": one.on.isoformat(),
            "agency": one.agency.name,
            "request": one.request.reference,
            "rung": one.rung.key,
            "letter": one.rung.letter,
            "items": [item.reference for item in one.items],
            "held": one.held,
        }
        for one in found
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        held = f"; held back: {one.held}" if one.held else ""
        items = plural(len(one.items), "item")
        click.echo(f"{short_day(one.on)}  {one.rung.title} to {one.agency.name}, {items} of {one.request.reference}{held}")
    if not found:
        click.echo("No reminders are due in the next seven days")


@reminders.command("chase")
@click.argument("reference")
@click.option("--send", is_flag=True, help="Send the letters; without it they are only shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def chase(reference: str, send: bool, as_json: bool) -> None:
    """Show every letter that chasing everyone silent in the review REFERENCE would send, or send them all."""
    at = now()
    try:
        found = [_told(one, _words(one)) for one in queries.silent_in(_review(reference), london_day(at))]
        sent = _send(reference) if send else 0
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps({"sent": sent, "agencies": found}, ensure_ascii=False))
        return
    for one in found:
        said = f"left out: {one['left_out']}" if one["left_out"] else plural(len(one["letters"]), "letter")
        click.echo(f"{one['agency']}, {one['request']}: {plural(len(one['items']), 'item')} overdue, {said}")
        for letter in one["letters"] if not send else ():
            click.echo(f"\nTo: {letter['to']}\nSubject: {letter['subject']}\n\n{letter['text']}")
    click.echo(f"{plural(sent, 'letter')} on the way" if send else "Nothing is sent yet: add --send to send these letters")


def _send(reference: str) -> int:
    """Chase everyone silent; how many letters that makes."""
    at = now()
    late = [(one.request, one.items) for one in queries.silent_in(_review(reference), london_day(at)) if not one.why_not]
    sent, refused = in_turn.chase_in_turn(late, by=OPERATOR_ACTOR, at=at)
    if refused:
        click.echo(refused, err=True)
    return len(sent)


def _words(one: Silent) -> list[dict[str, str]]:
    """The letters to an agency word for word; none where it is left out."""
    public_url = str(current_app.config["SETTINGS"].public_url)
    shown = [] if one.why_not else one.previews(now(), public_url)
    return [{"to": letter.to.address or letter.to.name, "subject": letter.subject, "text": letter.text} for letter in shown]


def _told(one: Silent, letters: list[dict[str, str]]) -> dict[str, Any]:
    """One agency, as plain values."""
    return {
        "agency": one.agency.name,
        "request": one.request.reference,
        "items": [item.reference for item in one.items],
        "left_out": one.why_not,
        "quiet": one.quiet,
        "letters": letters,
    }


def _review(reference: str) -> Review:
    """The review, or a refusal."""
    found = review_by_reference(reference)
    if found is None:
        raise Refused(f"There is no review {reference}: write its reference, such as R-2026-001")
    return found
