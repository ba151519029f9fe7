"""`flask people hand-over`."""

from __future__ import annotations

import json

import click

from scrutiny.accounts.queries import person_by_email
from scrutiny.bodies.commands import people
from scrutiny.formats import london_day
from scrutiny.handover import presenters, queries, service
from scrutiny.pages import now
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

__all__ = ["people"]


@people.command("hand-over")
@click.argument("email")
@click.argument("to_email")
@click.option("--preview", is_flag=True, help="Say what would pass on; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def hand_over(email: str, to_email: str, preview: bool, as_json: bool) -> None:
    """Give the work and roles of EMAIL to TO_EMAIL, in every body and agency both belong to; both are told."""
    at = now()
    on, told = london_day(at), dict[str, list[str]]()
    try:
        with writes_now():
            person, to = person_by_email(email), person_by_email(to_email)
            if person is None or to is None:
                raise Refused(f"Nobody here has the address {email if person is None else to_email}")
            shared = [owner for owner, other in queries.colleagues(person, on, ended=True).values() if other == to]
            for owner in shared:
                work = queries.work_of(person, to, owner, on=on, with_roles=True)
                if not work.is_empty:
                    told[owner.name] = (
                        presenters.in_words(work) if preview else service.hand_over(work, by=OPERATOR_ACTOR, at=at, on=on)
                    )
            if not told:
                raise Refused(f"{person.name} has nothing to hand over in a body or agency that {to.name} belongs to")
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    for name, lines in told.items() if not as_json else ():
        click.echo("\n".join([name, *(f"  {line}" for line in lines)]))
