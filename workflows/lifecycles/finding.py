"""The lifecycle of a finding, and of a correction offered to it in the accuracy check."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CERTIFIER, CHAIR, INSPECTOR, LEAD_INSPECTOR, RESPONDER, SCRUTINY_OFFICER

WRITERS = frozenset({INSPECTOR, LEAD_INSPECTOR, SCRUTINY_OFFICER})
AGENCY = frozenset({RESPONDER, CERTIFIER})
LEADERS = frozenset({LEAD_INSPECTOR, SCRUTINY_OFFICER, CHAIR})

FINDING = Lifecycle(
    "finding",
    {"drafted": "Draft", "proposed": "Proposed", "settled": "Final", "withdrawn": "Withdrawn"},
    "drafted",
    (
        move("propose", "drafted", "proposed", WRITERS, "Propose the finding", "finding_proposed"),
        move("take_back", "proposed", "drafted", WRITERS, "Return the finding to draft", "finding_taken_back"),
        move("settle", "proposed", "settled", LEADERS, "Finalise the finding", "finding_settled"),
        move("reopen", "settled", "proposed", LEADERS, "Reopen the finding", "finding_reopened"),
        move("withdraw", "drafted proposed settled", "withdrawn", LEADERS, "Withdraw the finding", "finding_withdrawn"),
    ),
)

CORRECTION = Lifecycle(
    "correction",
    {"drafted": "Not sent yet", "offered": "Offered", "made": "Made", "made_in_part": "Made in part", "not_made": "Not made"},
    "drafted",
    (
        move("offer", "drafted", "offered", AGENCY, "Offer the correction", "correction_offered"),
        move("make", "offered", "made", LEADERS, "Make the correction", "correction_made"),
        move("make_in_part", "offered", "made_in_part", LEADERS, "Make the correction in part", "correction_made_in_part"),
        move("decline", "offered", "not_made", LEADERS, "Leave the text as it is", "correction_not_made"),
    ),
)
