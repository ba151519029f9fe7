"""The doors to lists of bank holidays and methods that were sent: for administrators, to others they are not there."""

from __future__ import annotations

from flask import abort

from scrutiny.extensions import db
from scrutiny.rules.models import HolidayList, MethodText
from workflows.roles import Actor


def list_to_look_at(list_id: int, by: Actor) -> HolidayList:
    """One official list that was sent, in force or not; 404 for all but administrators."""
    found = db.session.get(HolidayList, list_id)
    if found is None or not by.administrator:
        abort(404)
    return found


def method_to_look_at(text_id: int, by: Actor) -> MethodText:
    """One method that was sent, in use or not; 404 for all but administrators."""
    found = db.session.get(MethodText, text_id)
    if found is None or not by.administrator:
        abort(404)
    return found
