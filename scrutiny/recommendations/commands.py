"""`flask recommendations`: erasing what was published with a recommendation, for whoever runs the server."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext

from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.recommendations import chasing, erasing, outcomes
from scrutiny.recommendations.chasing_letters import CHASED, LateLetter, previews
from scrutiny.recommendations.models import Addressee
from scrutiny.requests.letter_values import NOTHING_ADDED
from scrutiny.transaction import run
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

recommendations = AppGroup("recommendations", help="Recommendations: what is overdue chased, published words erased.")


@recommendations.command("chase")
@click.argument("number", type=int)
@click.option("--send", is_flag=True, help="Send the reminder; without it, it is only shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def chase_(number: int, send: bool, as_json: bool) -> None:
    """Show the reminder about recommendation NUMBER (of /recommendations/NUMBER), where something is overdue, or send it."""
    at = now()

    def deed() -> list[dict[str, str]]:
        addressee = db.session.get(Addressee, number)
        late = chasing.late_of(addressee, london_day(at)) if addressee else None
        if addressee is None or late is None:
            raise Refused(gettext("Nothing is overdue of recommendation %(number)s", number=number))
        if barred := chasing.why_not(addressee, CHASED, london_day(at)):
            raise Refused(barred)
        letter = LateLetter(addressee, late.progress, late.since, NOTHING_ADDED, OPERATOR_ACTOR)
        shown = previews(CHASED, letter, at=at, public_url=str(current_app.config["SETTINGS"].public_url))
        if send:
            chasing.chase(addressee, CHASED, by=OPERATOR_ACTOR, at=at)
        return [{"to": one.to.address or one.to.name, "subject": one.subject, "text": one.text} for one in shown]

    try:
        rows = run(deed)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    if as_json:
        click.echo(json.dumps({"sent": send, "letters": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"To: {row['to']}\nSubject: {row['subject']}\n\n{row['text']}")
    click.echo(gettext("The reminder is on its way.") if send else gettext("Nothing is sent yet: add --send to send it."))


@recommendations.command("erase")
@click.argument("number", type=int)
@click.option("--what", default="", help="Which words: step-3 or return-2. Without it, what there is is listed and nothing goes.")
@click.option("--why", default="", help="The reason, which stays. Do not repeat what must not be seen.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def erase_(number: int, what: str, why: str, as_json: bool) -> None:
    """Erase words published with recommendation NUMBER (of /recommendations/NUMBER), and say where else they stand."""

    def deed() -> list[dict[str, object]]:
        addressee = db.session.get(Addressee, number)
        if addressee is None or addressee.recommendation.state != "made":
            raise Refused(gettext("There is no recommendation %(number)s that was made", number=number))
        found = erasing.erasable(addressee, OPERATOR_ACTOR)
        chosen = {key: row for key, row in found.items() if what in ("", key)}
        rows: list[dict[str, object]] = [
            {
                "what": key,
                "said": outcomes.say(row, addressee).text,
                "also_said_in": erasing.still_said(addressee, row, OPERATOR_ACTOR),
            }
            for key, row in chosen.items()
        ]
        if what:
            erasing.erase_words(addressee, what, why, by=OPERATOR_ACTOR, at=now())
        return rows

    try:
        rows = run(deed)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    if as_json:
        click.echo(json.dumps({"erased": bool(what), "words": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(gettext("%(what)s is erased.", what=what) if what else f"{row['what']}: {row['said']}")
        for place in row["also_said_in"] if isinstance(row["also_said_in"], list) else ():
            click.echo(gettext("  The same words are in: %(place)s", place=place))
