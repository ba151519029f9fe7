"""The door to earlier wordings of public statements: for administrators, to others they are not there."""

from __future__ import annotations

from flask import abort

from scrutiny.extensions import db
from scrutiny.statements.models import Statement
from workflows.roles import Actor


def wording_to_read(page: str, statement_id: int, by: Actor) -> Statement:
    """One wording of a page; 404 for all but administrators."""
    found = db.session.get(Statement, statement_id)
    if found is None or found.page != page or not by.administrator:
        abort(404)
    return found
