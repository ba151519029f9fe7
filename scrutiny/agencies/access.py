"""Finding an agency for those who run the instance; to others its page of keeping is not there."""

from __future__ import annotations

from flask import abort

from scrutiny.agencies import queries
from scrutiny.agencies.models import Agency
from workflows.roles import Actor


def agency_to_keep(agency_id: int, by: Actor) -> Agency:
    """The agency, for an administrator; else 404."""
    found = queries.agency(agency_id)
    if found is None or not by.administrator:
        abort(404)
    return found
