"""Challenges of the public in the list of what waits for an agency."""

from __future__ import annotations

from flask_babel import gettext

from scrutiny import due_words
from scrutiny.challenges import queries, words
from scrutiny.challenges.models import Challenge
from scrutiny.worklist.agency_due import Due


def challenges_due(agency_id: int) -> list[Due]:
    """What an agency has to answer in public; one statement."""
    return [_row(challenge) for challenge in queries.open_of_agency(agency_id)]


def _row(challenge: Challenge) -> Due:
    """A challenge of the public that the agency is asked to answer."""
    return Due(
        key=f"challenge-{challenge.id}",
        due_on=challenge.due_on,
        working=challenge.due_working,
        why=due_words.why(challenge.due_working),
        asker=gettext("The public"),
        title=words.title_of(challenge),
        reference=challenge.reference or "",
        what=gettext("Answer a challenge"),
        notes=(),
        who=gettext("Anyone"),
        href=f"/challenges/desk/{challenge.id}/answer",
        action=gettext("Answer"),
    )
