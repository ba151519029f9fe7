"""The door to files of calendar entries: for administrators; what they say is public."""

from __future__ import annotations

from flask import abort

from scrutiny.extensions import db
from scrutiny.public_calendar.models import CalendarLoad
from workflows.roles import Actor


def load_to_withdraw(load_id: int, by: Actor) -> CalendarLoad:
    """A file that was loaded; 404 for all but administrators."""
    found = db.session.get(CalendarLoad, load_id)
    if found is None or not by.administrator:
        abort(404)
    return found
