"""The lifecycle of an extension: more time, asked for with a reason."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CERTIFIER, CHAIR, LEAD_INSPECTOR, RESPONDER, SCRUTINY_OFFICER

AGENCY = frozenset({RESPONDER, CERTIFIER})
ASKERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})

EXTENSION = Lifecycle(
    "extension",
    {"asked": "Asked for", "granted": "Granted", "refused": "Refused", "taken_back": "Withdrawn"},
    "asked",
    (
        move("grant", "asked", "granted", ASKERS, "Grant more time", "extension_granted"),
        move("refuse", "asked", "refused", ASKERS, "Refuse more time", "extension_refused"),
        move("take_back", "asked", "taken_back", AGENCY, "Take the request back", "extension_taken_back"),
    ),
)
