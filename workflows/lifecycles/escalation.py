"""The lifecycle of an escalation: a rung of the ladder of reminders that a request has come to."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CHAIR, LEAD_INSPECTOR, OPERATOR, SCRUTINY_OFFICER, TIMETABLE

ASKERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})
#: Whose name stands under the letter: nobody sends it for them.
SIGNERS = frozenset({LEAD_INSPECTOR, CHAIR})
CLOCK = frozenset({TIMETABLE})

ESCALATION = Lifecycle(
    "escalation",
    {
        "reached": "Reached",
        "proposed": "Waiting for approval",
        "sent": "Sent",
        "declined": "Set aside",
        "stopped": "Not needed any more",
    },
    "reached",
    (
        move("remind", "reached", "sent", CLOCK, "Send the letter of this rung", "request_reminded"),
        move("chase", "reached", "sent", ASKERS | {OPERATOR}, "Chase the agency by hand", "request_chased"),
        move("propose", "reached", "proposed", CLOCK, "Propose the letter", "escalation_proposed"),
        move("approve", "proposed", "sent", SIGNERS, "Approve the letter and send it", "escalation_approved"),
        move("set_aside", "proposed", "declined", ASKERS, "Set the letter aside", "escalation_set_aside"),
        move("stop", "proposed", "stopped", CLOCK, "Stop the letter", "escalation_stopped"),
    ),
)
