"""`flask requests contact | delivered | send-again | undelivered`: the same deeds about delivery as the pages have."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import click
from sqlalchemy import select

from scrutiny.asking.delivering import delivery_of, enter_delivery, send_again
from scrutiny.correspondence.reception import BY_HAND
from scrutiny.days import DAY
from scrutiny.due_dates.commands import request_named, requests
from scrutiny.extensions import db
from scrutiny.pages import now
from scrutiny.requests.contacts import enter_contact
from scrutiny.requests.delivery_models import Delivery
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import writes_now
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR


@requests.command("undelivered")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def undelivered(as_json: bool) -> None:
    """List the issued requests that have not reached their agency, and why."""
    rows = select(Delivery).join(EvidenceRequest).where(EvidenceRequest.state == "issued", Delivery.state != "delivered")
    told = [_as_json(delivery.request) for delivery in db.session.scalars(rows.order_by(EvidenceRequest.reference))]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told:
        click.echo(f"{one['reference']}  {one['agency']}: {one['fault'] or one['delivery']}")
    if not told:
        click.echo("Every issued request has been delivered")


@requests.command("contact")
@click.argument("reference")
@click.option("--name", required=True, help="The person or office letters about this request go to.")
@click.option("--email", required=True, help="Its email address.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def contact(reference: str, name: str, email: str, as_json: bool) -> None:
    """Enter whom letters about the request REFERENCE go to; the agency's own record stays as it is."""

    def deed(request: EvidenceRequest) -> str:
        entered = enter_contact(request, name=name, email=email, by=OPERATOR_ACTOR, at=now())
        return f"Letters about {reference} now go to {entered.email}"

    _done(reference, deed, as_json)


@requests.command("delivered")
@click.argument("reference")
@click.option("--how", type=click.Choice(list(BY_HAND)), required=True, help="Posted, or handed over.")
@click.option("--on", required=True, type=DAY, help="The day it was posted or handed over.")
@click.option("--words", required=True, help="Who posted it or handed it over, and to whom.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def delivered(reference: str, how: str, on: date, words: str, as_json: bool) -> None:
    """Enter that the request REFERENCE was posted or handed over; its dates are counted from that day."""

    def deed(request: EvidenceRequest) -> str:
        enter_delivery(request, how=how, on=on, words=words, by=OPERATOR_ACTOR, at=now())
        return f"{reference} counts as delivered; its dates are counted from that day"

    _done(reference, deed, as_json)


@requests.command("send-again")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def again(reference: str, as_json: bool) -> None:
    """Send the letter of the undelivered request REFERENCE again, to the addresses known now."""

    def deed(request: EvidenceRequest) -> str:
        sent = send_again(request, by=OPERATOR_ACTOR, at=now())
        return f"Queued to {', '.join(letter.address for letter in sent)}"

    _done(reference, deed, as_json)


def _done(reference: str, deed: Callable[[EvidenceRequest], str], as_json: bool) -> None:
    """Do it in one transaction and say what is so now; a refusal is one sentence."""
    try:
        with writes_now():
            request = request_named(reference)
            words = deed(request)
            told = _as_json(request)
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else words)


def _as_json(request: EvidenceRequest) -> dict[str, Any]:
    """How a request stands with its delivery."""
    delivery = delivery_of(request)
    return {
        "reference": request.reference,
        "agency": request.agency.name,
        "delivery": delivery.state if delivery else "draft",
        "how": delivery.how if delivery else "",
        "delivered_on": request.delivered_on.isoformat() if request.delivered_on else None,
        "fault": delivery.fault if delivery else "",
    }
