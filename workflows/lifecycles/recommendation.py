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
        move("take_back", "proposed", "drafted", WRITERS, "Return it to draft", "recommendation_taken_back"),
        move("make", "proposed", "made", LEADERS | {TIMETABLE}, "Make the recommendation", "recommendation_made"),
        move("withdraw", "drafted proposed", "withdrawn", LEADERS, "Withdraw the recommendation", "recommendation_withdrawn"),
    ),
)

#: How a recommendation ends for an agency. Each is an outcome of its own: the opposite of one is never shown under its name.
ENDED = ("done", "partly_done", "not_done", "not_accepted", "superseded", "no_longer_tracked")
_ACCEPTED = "accepted partly_accepted said_done"
_PUBLISHED = "accepted partly_accepted rejected"
#: How the events begin that say a published response was corrected: the earlier words stay beside the new ones.
CORRECTED = "recommendation_corrected_to_"
_NOT_REJECTED = f"awaited noted {_ACCEPTED}"
_ANY = "awaited noted accepted partly_accepted rejected said_done"

RESPONSE = Lifecycle(
    "response",
    {
        "awaited": "Response awaited",
        "noted": "Noted, answer to come",
        "accepted": "Accepted",
        "partly_accepted": "Partly accepted",
        "rejected": "Rejected",
        "said_done": "Said to be done, not yet checked",
        "done": "Done and verified",
        "partly_done": "Partly done",
        "not_done": "Closed as not done",
        "not_accepted": "Closed as not accepted",
        "superseded": "Replaced",
        "no_longer_tracked": "No longer tracked",
    },
    "awaited",
    (
        move("accept", "awaited noted", "accepted", AGENCY, "Accept the recommendation", "recommendation_accepted"),
        move("accept_in_part", "awaited noted", "partly_accepted", AGENCY, "Accept it in part", "recommendation_partly_accepted"),
        move("reject", "awaited noted", "rejected", AGENCY, "Reject it, giving the reason", "recommendation_rejected"),
        move("note", "awaited", "noted", AGENCY, "Note it, and answer later", "recommendation_noted"),
        move(
            "correct_accept", _PUBLISHED, "accepted", AGENCY, "Correct it: we accept the recommendation", f"{CORRECTED}accepted"
        ),
        move(
            "correct_in_part",
            _PUBLISHED,
            "partly_accepted",
            AGENCY,
            "Correct it: we accept it in part",
            f"{CORRECTED}partly_accepted",
        ),
        move(
            "correct_reject",
            _PUBLISHED,
            "rejected",
            AGENCY,
            "Correct it: we reject it, giving the reason",
            f"{CORRECTED}rejected",
        ),
        move("say_done", "accepted partly_accepted", "said_done", AGENCY, "Say that it is done", "recommendation_said_done"),
        move("reopen", "said_done", "accepted", LEADERS, "Not done yet: keep it open", "recommendation_reopened"),
        move(
            "reopen_in_part",
            "said_done",
            "partly_accepted",
            LEADERS,
            "Not done yet: keep what was accepted in part open",
            "recommendation_reopened_in_part",
        ),
        move("verify", _ACCEPTED, "done", LEADERS, "Done: we have verified it", "recommendation_verified"),
        move("close_partly_done", _ACCEPTED, "partly_done", LEADERS, "Close it as partly done", "recommendation_partly_done"),
        move("close_not_done", _NOT_REJECTED, "not_done", LEADERS, "Close it as not done", "recommendation_not_done"),
        move(
            "close_not_accepted",
            "rejected",
            "not_accepted",
            LEADERS,
            "Close it as not accepted",
            "recommendation_closed_not_accepted",
        ),
        move("supersede", _ANY, "superseded", LEADERS, "Replaced: another takes its place", "recommendation_superseded"),
        move("stop_tracking", _ANY, "no_longer_tracked", LEADERS, "No longer track it", "recommendation_no_longer_tracked"),
    ),
)
