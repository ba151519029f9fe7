"""The lifecycle of what an agency's approver is asked to approve before it goes out in the agency's name."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CERTIFIER, RESPONDER

AGENCY = frozenset({RESPONDER, CERTIFIER})
APPROVER = frozenset({CERTIFIER})
#: In these states somebody of the agency still has it before them, or may take it up again.
OPEN = ("waiting", "sent_back", "taken_back")

APPROVAL = Lifecycle(
    "approval",
    {
        "waiting": "With the approver",
        "sent_back": "Sent back by the approver",
        "taken_back": "Withdrawn",
        "approved": "Approved and sent",
        "overtaken": "Not sent: something else was sent instead",
    },
    "waiting",
    (
        move("approve", "waiting", "approved", APPROVER, "Approve and send it", "approval_given"),
        move("send_back", "waiting", "sent_back", APPROVER, "Send it back to whoever wrote it", "approval_sent_back"),
        move("take_back", "waiting sent_back", "taken_back", AGENCY, "Take it back", "approval_taken_back"),
        move("overtake", "sent_back taken_back", "overtaken", AGENCY, "Replace it", "approval_overtaken"),
    ),
)
