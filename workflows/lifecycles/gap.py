"""The lifecycle of a gap that a body has noted: noted, being looked at, closed with its outcome."""

from typing import Final

from workflows.labels import labels
from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.lifecycles.plan import PLANNERS

REVIEW_OPENED, POWER_ASKED, ACCEPTED = "review-opened", "power-asked", "accepted"
#: How a gap is closed.
OUTCOMES: Final = labels(
    {REVIEW_OPENED: "A review was opened", POWER_ASKED: "A power was asked for", ACCEPTED: "Accepted, with a reason"}
)

GAP = Lifecycle(
    "gap",
    {"noted": "Noted", "looking": "Being looked at", "closed": "Closed"},
    "noted",
    (
        move("look", "noted", "looking", PLANNERS, "Start to look at it", "gap_looked_at"),
        move("close", "noted looking", "closed", PLANNERS, "Close it", "gap_closed"),
        move("reopen", "closed", "noted", PLANNERS, "Open it again", "gap_reopened"),
    ),
)
