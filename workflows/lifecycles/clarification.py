"""The lifecycle of a clarification: a question back from the agency, during which a clock may stand still."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CERTIFIER, CHAIR, LEAD_INSPECTOR, RESPONDER, SCRUTINY_OFFICER

ASKERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})
AGENCY = frozenset({RESPONDER, CERTIFIER})

CLARIFICATION = Lifecycle(
    "clarification",
    {"asked": "Asked", "answered": "Answered", "overtaken": "Overtaken"},
    "asked",
    (
        move("answer", "asked", "answered", ASKERS, "Answer the question back", "clarification_answered"),
        move(
            "overtake",
            "asked",
            "overtaken",
            ASKERS | AGENCY,
            "Close the item before the question is answered",
            "clarification_overtaken",
        ),
        move("reopen", "overtaken", "asked", AGENCY, "Wait for the answer again", "clarification_reopened"),
    ),
)
