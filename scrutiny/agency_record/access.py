"""The door of an agency's record: its members; whoever was given one request alone finds no page here."""

from __future__ import annotations

from flask import abort

from workflows.roles import Actor


def agency_to_read(by: Actor) -> int:
    """The id of the agency acted for; 404 for anybody else, and for guests, who answer some requests of it only."""
    if by.agency is None or by.capacity.only:
        abort(404)
    return by.agency
