"""The door: what an agency's people wrote in its name is for that agency alone."""

from __future__ import annotations

from flask import abort

from scrutiny.agencies.letter_readers import as_reader_of
from scrutiny.approving import queries
from scrutiny.approving.models import Approval
from workflows.roles import AGENCY_ROLES, CERTIFIER, Actor


def as_member(approval_id: int, by: Actor) -> Actor:
    """The actor at the door of this room: for an agency, where a letter about the record led them there."""
    found = queries.approval(approval_id)
    return as_reader_of(by, found.about) if found is not None else by


def approval_of_own(approval_id: int, by: Actor) -> Approval:
    """What somebody of the actor's own agency wrote; another's is not there."""
    found = queries.approval(approval_id)
    if found is None or by.agency != found.agency_id or not by.has(*AGENCY_ROLES):
        abort(404)
    return found


def approval_to_decide(approval_id: int, by: Actor) -> Approval:
    """The same, for an approver."""
    found = approval_of_own(approval_id, by)
    if not by.has(CERTIFIER):
        abort(403)
    return found
