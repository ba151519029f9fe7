"""The lifecycle of an item of an evidence request: the agency moves it to submitted, the asker accepts or returns it."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CERTIFIER, CHAIR, INSPECTOR, LEAD_INSPECTOR, RESPONDER, SCRUTINY_OFFICER

AGENCY = frozenset({RESPONDER, CERTIFIER})
CERTIFIERS = frozenset({CERTIFIER})
ASKERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})
READERS = ASKERS | {INSPECTOR}
ALL_OPEN = "asked answered sent_back returned"
RECEIVED = "submitted not_held refused redirected"

ITEM = Lifecycle(
    "item",
    {
        "asked": "Not yet answered",
        "answered": "Answer saved, not sent",
        "with_certifier": "With the certifier",
        "sent_back": "Sent back by the certifier",
        "submitted": "Answered",
        "not_held": "Not held",
        "refused": "Refused",
        "redirected": "Redirected",
        "returned": "Returned for more",
        "accepted": "Accepted",
        "withdrawn": "Withdrawn",
    },
    "asked",
    (
        move("answer", ALL_OPEN, "answered", AGENCY, "Save the answer", "item_answered"),
        move("send_to_certifier", "answered", "with_certifier", AGENCY, "Send to the certifier", "item_sent_to_certifier"),
        move("send_back", "with_certifier", "sent_back", CERTIFIERS, "Send back to the responder", "item_sent_back"),
        move("submit", "answered with_certifier", "submitted", AGENCY, "Send the answer", "item_submitted"),
        move("say_not_held", ALL_OPEN, "not_held", AGENCY, "Say the information is not held", "item_not_held"),
        move("refuse", ALL_OPEN, "refused", AGENCY, "Refuse, giving the ground", "item_refused"),
        move("redirect", ALL_OPEN, "redirected", AGENCY, "Say who holds it instead", "item_redirected"),
        move("enter", f"{ALL_OPEN} with_certifier", "submitted", ASKERS, "Enter an answer that came another way", "item_entered"),
        move("return", f"{RECEIVED} accepted", "returned", READERS, "Return the item", "item_returned"),
        move("accept", RECEIVED, "accepted", READERS, "Accept the answer", "item_accepted"),
        move("withdraw", f"{ALL_OPEN} with_certifier {RECEIVED}", "withdrawn", ASKERS, "Withdraw the item", "item_withdrawn"),
    ),
)
