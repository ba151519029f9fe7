"""The lifecycle of an invitation to a body to take part in a review as a partner."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER

PLANNERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})

INVITATION = Lifecycle(
    "invitation",
    {"invited": "Invited", "accepted": "Accepted", "declined": "Declined", "taken_back": "Withdrawn"},
    "invited",
    (
        move("accept", "invited", "accepted", PLANNERS, "Accept the invitation", "invitation_accepted"),
        move("decline", "invited", "declined", PLANNERS, "Decline the invitation", "invitation_declined"),
        move("take_back", "invited", "taken_back", PLANNERS, "Withdraw the invitation", "invitation_taken_back"),
    ),
)
