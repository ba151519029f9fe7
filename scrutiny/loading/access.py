"""The doors of this room: loadings are for administrators."""

from __future__ import annotations

from flask import abort

from scrutiny.areas.models import AreaLoad
from scrutiny.extensions import db
from scrutiny.work.claims import Progress
from workflows.roles import Actor


def loading_to_read(progress_id: int, by: Actor) -> Progress:
    """A loading under way or done, for administrators; 404 for others."""
    found = db.session.get(Progress, progress_id)
    if found is None or found.kind != "boundaries" or not by.administrator:
        abort(404)
    return found


def load_to_read(load_id: int, by: Actor) -> AreaLoad:
    """One loading with what it repaired and skipped, for administrators; 404 for others."""
    found = db.session.get(AreaLoad, load_id)
    if found is None or not by.administrator:
        abort(404)
    return found
