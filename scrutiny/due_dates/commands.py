"""`flask requests`: the dates of a request with their working, and the day something happened that a clock is counted from."""

from __future__ import annotations

import json
import sys
from datetime import date

import click
from flask.cli import AppGroup
from sqlalchemy import select

from scrutiny import due_words
from scrutiny.days import DAY
from scrutiny.due_dates.starting import ENTERED, Recounted, enter_start, how_known, starts_of
from scrutiny.due_step_words import explained
from scrutiny.extensions import db
from scrutiny.formats import day, plural
from scrutiny.pages import now
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

requests = AppGroup("requests", help="Requests to agencies: their dates, and what those are counted from.")


@requests.command("dates")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def dates(reference: str, as_json: bool) -> None:
    """Say when each item of the request REFERENCE (such as R-2026-014/P03) is due, and why."""
    try:
        found = request_named(reference)
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    said = {
        "reference": found.reference,
        "agency": found.agency.name,
        "state": found.state,
        "delivered_on": found.delivered_on.isoformat() if found.delivered_on else None,
        "starts": _starts(found),
        "items": [_item(one) for one in found.items],
    }
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for item in found.items:
        law = f" (by law {day(item.statutory_due_on)})" if item.statutory_due_on not in (None, item.due_on) else ""
        law += f", late after {day(item.late_after)}" if law and item.late_after else ""
        click.echo(f"{item.reference}  {day(item.due_on) if item.due_on else 'no date yet'}{law}")
        click.echo(f"    {due_words.why(item.due_working)}")


@requests.command("started")
@click.argument("reference")
@click.argument("event", type=click.Choice(ENTERED))
@click.option("--on", "happened_on", required=True, type=DAY, help="The day it happened.")
@click.option("--how", default="", help="How it is known, such as “recorded delivery”.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def started(reference: str, event: str, happened_on: date, how: str, as_json: bool) -> None:
    """Enter the day EVENT happened for the request REFERENCE, and count again what is due from it."""
    try:
        with writes_now():
            moved = enter_start(request_named(reference), event, happened_on, how=how, by=OPERATOR_ACTOR, at=now())
            said = {
                "reference": reference,
                "event": event,
                "on": happened_on.isoformat(),
                "moved": [_moved(one) for one in moved],
            }
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else f"Entered: {plural(len(moved), 'due date')} counted again")


def request_named(reference: str) -> EvidenceRequest:
    """The request with a reference, or a refusal."""
    found = db.session.scalar(select(EvidenceRequest).where(EvidenceRequest.reference == reference))
    if found is None:
        raise Refused(f"There is no request {reference}: write it as it stands in its letter, such as R-2026-014/P03")
    return found


def _starts(request: EvidenceRequest) -> list[dict[str, object]]:
    """What is known to have started a clock."""
    return [
        {"event": one.event, "on": one.happened_on.isoformat(), "how": how_known(one), "void": one.void_at is not None}
        for one in starts_of(request)
    ]


def _item(item: Item) -> dict[str, object]:
    """One item's dates with their working."""
    working = item.due_working
    return {
        "reference": item.reference,
        "due": item.due_on.isoformat() if item.due_on else None,
        "statutory_due": item.statutory_due_on.isoformat() if item.statutory_due_on else None,
        "late_after": item.late_after.isoformat() if item.late_after else None,
        "first_due": item.first_due_on.isoformat() if item.first_due_on else None,
        "clock": item.clock,
        "start_event": item.start_event,
        "from": item.starts_on.isoformat() if item.starts_on else None,
        "needs": list(working.needs),
        "provisional": working.provisional,
        "why": due_words.why(working),
        "steps": explained(working.steps),
    }


def _moved(one: Recounted) -> dict[str, object]:
    """One date that was counted again."""
    return {
        "reference": one.item.reference,
        "before": one.before.isoformat() if one.before else None,
        "due": one.after.isoformat() if one.after else None,
        "why": due_words.why(one.item.due_working),
    }
