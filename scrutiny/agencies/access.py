"""Finding an agency for those who run the instance; to others its page of keeping is not there."""

from __future__ import annotations

from flask import abort

from scrutiny.agencies import queries
from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.work.claims import Progress
from workflows.roles import Actor


def agency_to_keep(agency_id: int, by: Actor) -> Agency:
    """The agency, for an administrator; else 404."""
    found = queries.agency(agency_id)
    if found is None or not by.administrator:
        abort(404)
    return found


#: What a register that was sent to be mapped is called among what is under way.
REGISTER = "register"


def register_to_map(register_id: int, by: Actor) -> Progress:
    """A register that an administrator sent, for that administrator; else 404."""
    found = db.session.get(Progress, register_id)
    if found is None or found.kind != REGISTER or not by.administrator or found.started_by != by.reference:
        abort(404)
    return found
