"""The lifecycle of an item of an evidence request: the agency moves it to submitted, the asker accepts or returns it."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CERTIFIER, CHAIR, INSPECTOR, LEAD_INSPECTOR, RESPONDER, SCRUTINY_OFFICER

AGENCY = frozenset({RESPONDER, CERTIFIER})
CERTIFIERS = frozenset({CERTIFIER})
ASKERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})
READERS = ASKERS | {INSPECTOR}
ALL_OPEN = "asked answered sent_back returned"
READY = "answered with_certifier"
DECLINED = "not_held refused redirected"
RECEIVED = f"submitted {DECLINED}"

ITEM = Lifecycle(
    "item",
    {
        "asked": "Not yet answered",
        "answered": "Answer saved, not sent",
        "with_certifier": "With the approver",
        "sent_back": "Sent back by the approver",
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
        move("keep_decline", ALL_OPEN, "answered", AGENCY, "Save why there is no answer", "item_decline_kept"),
        move("discard", "answered", "asked", AGENCY, "Discard what is saved", "item_draft_discarded"),
        move("discard_to_returned", "answered", "returned", AGENCY, "Discard what is saved since", "item_second_discarded"),
        move("discard_to_sent_back", "answered", "sent_back", AGENCY, "Discard what was sent back", "item_sent_back_discarded"),
        move("discard_decline", "answered", "answered", AGENCY, "Discard why there is no answer", "item_decline_discarded"),
        move("send_to_certifier", "answered", "with_certifier", AGENCY, "Send to the approver", "item_sent_to_certifier"),
        move("send_back", "with_certifier", "sent_back", CERTIFIERS, "Send back to the responder", "item_sent_back"),
        move("submit", READY, "submitted", AGENCY, "Send the answer", "item_submitted"),
        move("say_not_held", READY, "not_held", AGENCY, "Say the information is not held", "item_not_held"),
        move("refuse", READY, "refused", AGENCY, "Refuse, giving the ground", "item_refused"),
        move("redirect", READY, "redirected", AGENCY, "Say who holds it instead", "item_redirected"),
        move("take_back", "with_certifier", "answered", AGENCY, "Withdraw it from the approver", "item_taken_back"),
        move("take_back_decline", DECLINED, "answered", AGENCY, "Take back what was said", "item_decline_taken_back"),
        move("say_wrong", "submitted accepted", "returned", AGENCY, "Say that something wrong was sent", "item_said_wrong"),
        move("enter", f"{ALL_OPEN} with_certifier", "submitted", ASKERS, "Enter an answer that came another way", "item_entered"),
        move("return", f"{RECEIVED} accepted", "returned", READERS, "Return the item", "item_returned"),
        move("accept", RECEIVED, "accepted", READERS, "Accept the answer", "item_accepted"),
        move("withdraw", f"{ALL_OPEN} with_certifier {RECEIVED}", "withdrawn", ASKERS, "Withdraw the item", "item_withdrawn"),
    ),
)
