"""The lifecycle of an evidence request."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER

ASKERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})

REQUEST = Lifecycle(
    "evidence request",
    {"drafted": "Draft", "dropped": "Dropped", "issued": "Issued", "withdrawn": "Withdrawn", "closed": "Closed"},
    "drafted",
    (
        move("drop", "drafted", "dropped", ASKERS, "Drop the draft", "request_dropped"),
        move("take_up", "dropped", "drafted", ASKERS, "Take the draft up again", "request_taken_up"),
        move("issue", "drafted", "issued", ASKERS, "Issue the request", "request_issued"),
        move("withdraw", "issued", "withdrawn", ASKERS, "Withdraw the request", "request_withdrawn"),
        move("close", "issued", "closed", ASKERS, "Close the request", "request_closed"),
    ),
)
