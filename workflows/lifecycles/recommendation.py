"""The lifecycle of a recommendation, and of each addressee's response to it."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CERTIFIER, CHAIR, INSPECTOR, LEAD_INSPECTOR, RESPONDER, SCRUTINY_OFFICER, TIMETABLE

WRITERS = frozenset({INSPECTOR, LEAD_INSPECTOR, SCRUTINY_OFFICER})
LEADERS = frozenset({LEAD_INSPECTOR, SCRUTINY_OFFICER, CHAIR})
AGENCY = frozenset({RESPONDER, CERTIFIER})

RECOMMENDATION = Lifecycle(
    "recommendation",
    {"drafted": "Draft", "proposed": "Proposed", "made": "Made", "withdrawn": "Withdrawn"},
    "drafted",
    (
        move("propose", "drafted", "proposed", WRITERS, "Propose the recommendation", "recommendation_proposed"),
        move("take_back", "proposed", "drafted", WRITERS, "Take it back to draft", "recommendation_taken_back"),
        move("make", "proposed", "made", LEADERS | {TIMETABLE}, "Make the recommendation", "recommendation_made"),
        move("withdraw", "drafted proposed made", "withdrawn", LEADERS, "Withdraw it", "recommendation_withdrawn"),
    ),
)

RESPONSE = Lifecycle(
    "response",
    {
        "awaited": "Response awaited",
        "accepted": "Accepted",
        "partly_accepted": "Partly accepted",
        "rejected": "Rejected",
        "noted": "Noted",
        "said_done": "Said to be done",
        "closed": "Done and checked",
    },
    "awaited",
    (
        move("accept", "awaited noted", "accepted", AGENCY, "Accept the recommendation", "recommendation_accepted"),
        move("accept_in_part", "awaited noted", "partly_accepted", AGENCY, "Accept it in part", "recommendation_partly_accepted"),
        move("reject", "awaited noted", "rejected", AGENCY, "Reject it, giving the reason", "recommendation_rejected"),
        move("note", "awaited", "noted", AGENCY, "Note it, and answer later", "recommendation_noted"),
        move("say_done", "accepted partly_accepted", "said_done", AGENCY, "Say that it is done", "recommendation_said_done"),
        move("reopen", "said_done", "accepted", LEADERS, "Say that it is not yet done", "recommendation_reopened"),
        move("close", "said_done rejected", "closed", LEADERS, "Check and close it", "recommendation_closed"),
    ),
)
