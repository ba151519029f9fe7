"""`flask challenges list | show | moderate | answer`: as the pages do, in the name of somebody who may."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from scrutiny.accounts.queries import person_by_email
from scrutiny.bodies.queries import actor_of, capacities_of
from scrutiny.challenges import access, approvals, forms, plain, queries, service, words
from scrutiny.challenges.models import Challenge
from scrutiny.challenges.service import Said
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.pages import now, today
from scrutiny.transaction import writes_now
from workflows.challenges import GROUNDS, OUTCOMES
from workflows.refusals import Refused
from workflows.roles import Actor

challenges = AppGroup("challenges", help="What the public challenges.")
BY = click.option("--by", "email", required=True, help="The email address of whoever does it.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
Allowed = Callable[[Challenge, Actor], bool]


@challenges.command("list")
@click.option("--waiting", is_flag=True, help="Those waiting to be checked, by their numbers, instead of those published.")
@JSON
def list_challenges(waiting: bool, as_json: bool) -> None:
    """Published challenges, the newest first; or those that wait to be checked."""
    if waiting:
        rows = db.session.scalars(select(Challenge).where(Challenge.state == "waiting").order_by(Challenge.id)).all()
        found = [{"number": one.id, "title": words.title_of(one), "check_by": str(one.check_by or "")} for one in rows]
        lines = [f"{one['number']}  by {one['check_by']}  {one['title']}" for one in found]
    else:
        page = queries.published(queries.Filter(), 10_000)
        found = [plain.as_plain(one, page.supporters[one.id], today()) for one in page.rows]
        lines = [f"{one['reference']}  {one['state']}  {one['title']}" for one in found]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo("\n".join(lines) if lines else "There is none")


@challenges.command("show")
@click.argument("reference")
@JSON
def show(reference: str, as_json: bool) -> None:
    """What is published of the challenge REFERENCE (such as C-2026-001)."""
    found = queries.called(reference)
    if found is None or found.state not in access.PUBLIC:
        click.echo(f"No challenge {reference} is published: flask challenges list names those that are", err=True)
        sys.exit(1)
    said = plain.as_plain(found, queries.supporters_of([found.id])[found.id], today())
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for name, value in said.items():
        click.echo(f"{name}: {value}")


@challenges.command("moderate")
@click.argument("number", type=int)
@click.option("--publish", is_flag=True, help="Publish it as it was sent.")
@click.option("--refuse", "ground", type=click.Choice(tuple(GROUNDS)), help="Do not publish it, on this ground.")
@click.option("--why", default="", help="What its writer is told beside the ground.")
@BY
def moderate(number: int, publish: bool, ground: str | None, why: str, email: str) -> None:
    """Check challenge NUMBER (of /challenges/desk/NUMBER): publish it, or refuse it on a ground."""
    if publish == bool(ground):
        raise click.UsageError("Give one of --publish and --refuse")

    def deed(found: Challenge, by: Actor, at: datetime) -> object:
        if ground:
            return service.refuse(found, ground, why, by=by, at=at)
        return service.publish(found, Said(**forms.words_of(found), shows_name=found.shows_name), by=by, at=at)

    _do(number, email, False, access.may_moderate, deed)


@challenges.command("answer")
@click.argument("number", type=int)
@click.option("--outcome", type=click.Choice(tuple(OUTCOMES)), required=True, help="Whether what is said is right.")
@click.option("--words", "text", required=True, help="The answer; everybody reads it.")
@BY
@JSON
def answer(number: int, outcome: str, text: str, email: str, as_json: bool) -> None:
    """Answer challenge NUMBER (of /challenges/desk/NUMBER) in public; an agency's approver approves it first."""
    _do(
        number, email, as_json, access.may_answer, lambda found, by, at: approvals.send_answer(found, outcome, text, by=by, at=at)
    )


def _do(number: int, email: str, as_json: bool, allowed: Allowed, deed: Callable[[Challenge, Actor, datetime], Any]) -> None:
    """Find the challenge, do the deed, and say how it stands; or say in a sentence why not."""
    at = now()
    try:
        with writes_now():
            found = db.session.get(Challenge, number)
            if found is None or found.state == "unconfirmed":
                raise Refused(f"There is no challenge {number}: flask challenges list --waiting names those to check")
            deed(found, _who(found, email, allowed, at), at)
            said = {"number": found.id, "reference": found.reference or "", "state": found.state}
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    click.echo(
        json.dumps(said, ensure_ascii=False) if as_json else f"{said['reference'] or number}: {words.state_of(found, today())[0]}"
    )


def _who(found: Challenge, email: str, allowed: Allowed, at: datetime) -> Actor:
    """The person in a capacity in which they may; Refused where there is none."""
    person, on = person_by_email(email), london_day(at)
    if person is None or not person.active:
        raise Refused(f"Nobody here has the address {email}: name somebody else with --by")
    held = [actor_of(person, capacity.reference, on=on) for capacity in capacities_of(person.id, on)]
    for by in held or [replace(actor_of(person, on=on))]:
        if allowed(found, by):
            return by
    raise Refused(f"{person.name} may not do this with challenge {found.id}: name somebody who may with --by")
