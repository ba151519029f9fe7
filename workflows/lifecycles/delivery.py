"""The lifecycle of the delivery of a request: nothing runs from a request before it is delivered."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CERTIFIER, CHAIR, LEAD_INSPECTOR, OPERATOR, RESPONDER, SCRUTINY_OFFICER, TIMETABLE

ASKERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})
OFFICERS = ASKERS | {OPERATOR}
ANSWERERS = frozenset({RESPONDER, CERTIFIER})
MACHINE = frozenset({TIMETABLE, OPERATOR})

DELIVERY = Lifecycle(
    "delivery",
    {"waiting": "Waiting to be sent", "failed": "Not delivered", "delivered": "Delivered"},
    "waiting",
    (
        move("accept", "waiting failed", "delivered", MACHINE, "Note that it was delivered by email", "request_delivered"),
        move("enter", "waiting failed", "delivered", OFFICERS, "Enter that it was posted or handed over", "delivery_entered"),
        move("answer", "waiting failed", "delivered", ASKERS | ANSWERERS, "Note that it was answered", "request_found_delivered"),
        move("fail", "waiting", "failed", MACHINE | ASKERS, "Note that it could not be delivered", "request_not_delivered"),
        move("bounce", "delivered", "failed", MACHINE, "Note that it came back", "request_came_back"),
        move("send_again", "failed", "waiting", OFFICERS, "Send it again", "request_sent_again"),
    ),
)
