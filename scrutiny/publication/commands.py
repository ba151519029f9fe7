"""`flask register list | publish | withdraw`: as the pages do, in the name of somebody who runs the review."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from scrutiny.accounts.queries import person_by_email
from scrutiny.bodies.queries import actor_of, capacities_of
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.pages import now, today
from scrutiny.publication import registering
from scrutiny.publication.models import RegisterEntry
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.access import may_run
from scrutiny.reviews.models import Review
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import Actor

register = AppGroup("register", help="The public register of non-response.")

BY = click.option("--by", "email", required=True, help="The email address of whoever does it: somebody who runs the review.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@register.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_register(as_json: bool) -> None:
    """What the public register of non-response holds today, newest first."""
    found = [registering.as_plain(entry) for entry in registering.published(today())]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one['published_on']}  {one['request']}  {one['agency']}: {one['state']}")
    if not found:
        click.echo("Nothing has been published")


@register.command("publish")
@click.argument("reference")
@BY
@JSON
def publish(reference: str, email: str, as_json: bool) -> None:
    """Publish the entry of the request REFERENCE (such as R-2026-014/P03), once its agency has replied or had its days."""
    _do(reference, email, as_json, "Published", lambda entry, by, at: registering.publish(entry, by=by, at=at))


@register.command("withdraw")
@click.argument("reference")
@click.option("--why", required=True, help="Why; if it was published, everybody reads it.")
@BY
@JSON
def withdraw(reference: str, why: str, email: str, as_json: bool) -> None:
    """Withdraw the entry of the request REFERENCE; if it was published, the register says so, and why."""
    _do(reference, email, as_json, "Withdrawn", lambda entry, by, at: registering.withdraw(entry, why=why, by=by, at=at))


def _do(
    reference: str, email: str, as_json: bool, done: str, deed: Callable[[RegisterEntry, Actor, datetime], RegisterEntry]
) -> None:
    """Find the entry, do the deed, and say so; or say in a sentence why not."""
    at = now()
    try:
        with writes_now():
            request = db.session.scalar(select(EvidenceRequest).where(EvidenceRequest.reference == reference))
            if request is None:
                raise Refused(f"There is no request {reference}: write it as it stands in its letter, such as R-2026-014/P03")
            by = _runner(request.review, email, at)
            entry = registering.entry_of(request)
            if entry is None:
                raise Refused(f"{reference} has no entry: tell the agency first, on the page of the request")
            said = registering.as_plain(deed(entry, by, at))
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else f"{done}: {reference}, {said['agency']}")


def _runner(review: Review, email: str, at: datetime) -> Actor:
    """The person in the capacity in which they run the review; Refused where they do not."""
    person, today = person_by_email(email), london_day(at)
    if person is None or not person.active:
        raise Refused(f"Nobody here has the address {email}: name somebody who runs the review with --by")
    for capacity in capacities_of(person.id, today):
        by = actor_of(person, capacity.reference, on=today)
        if may_run(review, by):
            return by
    raise Refused(f"{person.name} does not run {review.reference}: name somebody who does with --by")
