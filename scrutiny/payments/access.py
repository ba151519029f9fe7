"""The doors of this room: files of payments are for officers of a body, each for whoever sent it."""

from __future__ import annotations

from flask import abort

from scrutiny.extensions import db
from scrutiny.work.claims import Progress
from workflows.lifecycles.ledger_source import KEEPERS
from workflows.roles import Actor

KIND = "payments"


def body_loading(by: Actor) -> int:
    """The body for which the actor may load files; 404 for whoever may not."""
    if by.body is None or not by.has(*KEEPERS):
        abort(404)
    return by.body


def file_to_map(file_id: int, by: Actor) -> Progress:
    """A file that the actor sent, for as long as they may load files; else 404."""
    body_loading(by)
    found = db.session.get(Progress, file_id)
    if found is None or found.kind != KIND or found.started_by != by.reference:
        abort(404)
    return found
