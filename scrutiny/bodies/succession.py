"""Bodies that end with the agency that hosts them; entered ahead, read by their days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from scrutiny.audit.service import note
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from workflows.roles import Actor


def end_body(body: Body, *, on: date, by: Actor, at: datetime) -> None:
    """Let a body end, in law and in its service, on the day before `on`."""
    last = on - timedelta(days=1)
    body.to_on = body.legal_to = last
    db.session.flush()
    note("body_changed", about=body.reference, by=by, at=at, changed=["to_on", "legal_to"])
