"""How an item stands for its asker: a word and a shape worked out from its state, its due date and today. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

#: States in which an agency still has to act on an item.
OPEN: Final = ("asked", "answered", "with_certifier", "sent_back", "returned")
#: States in which the asker has something to look at.
RECEIVED: Final = ("submitted", "not_held", "refused", "redirected")
#: How near a due date counts as soon.
SOON: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shown:
    """How an item stands: a key for filters, a shape, a word and the tone that only tints it."""

    key: str
    shape: str
    word: str
    tone: str


SHOWN: Final = {
    row.key: row
    for row in (
        Shown("not-asked", "·", "Not asked", "quiet"),
        Shown("draft", "·", "Draft", "quiet"),
        Shown("not-delivered", "!", "Not delivered yet", "late"),
        Shown("waiting", "○", "Waiting", "waiting"),
        Shown("due-soon", "◔", "Due soon", "soon"),
        Shown("overdue", "!", "Overdue", "late"),
        Shown("answered", "●", "Answered", "waiting"),
        Shown("returned", "↩", "Returned", "soon"),
        Shown("accepted", "✓", "Accepted", "done"),
        Shown("not-held-accepted", "–", "Not held – accepted", "done"),
        Shown("refusal-accepted", "×", "Refusal accepted", "done"),
        Shown("redirection-accepted", "→", "Redirected – accepted", "done"),
        Shown("not-held", "–", "Not held", "quiet"),
        Shown("refused", "×", "Refused", "refused"),
        Shown("redirected", "→", "Redirected", "quiet"),
        Shown("withdrawn", "·", "Withdrawn", "quiet"),
    )
}
_SETTLED: Final = {
    "submitted": "answered",
    "accepted": "accepted",
    "accepted_not_held": "not-held-accepted",
    "accepted_refused": "refusal-accepted",
    "accepted_redirected": "redirection-accepted",
    "not_held": "not-held",
    "refused": "refused",
    "redirected": "redirected",
    "withdrawn": "withdrawn",
}


def shown(
    state: str, due_on: date | None, today: date, *, late_after: date | None = None, drafted: bool = False, delivered: bool = True
) -> Shown:
    """How an item stands on a day, by `Item.stands`: late only after `late_after`, where the law gives longer than we ask.

    What an agency has begun or has with its certifier is only ○ to the asker.
    """
    if drafted:
        return SHOWN["draft"]
    if state in _SETTLED:
        return SHOWN[_SETTLED[state]]
    if not delivered:
        return SHOWN["not-delivered"]
    if due_on is not None and max(due_on, late_after or due_on) < today:
        return SHOWN["overdue"]
    if state == "returned":
        return SHOWN["returned"]
    if due_on is not None and due_on - today <= SOON:
        return SHOWN["due-soon"]
    return SHOWN["waiting"]


def of_a_meeting(how: Shown, attends: str) -> Shown:
    """How an item that asks somebody to attend stands, in words of its own; `attends` is asked, another or '' of the answer
    sent last."""
    if how.key == "refused":
        return replace(how, word="Declined")
    if how.key == "refusal-accepted":
        return replace(how, word="Declined – accepted")
    words = {"asked": "Will attend", "another": "Sends another"}
    return replace(how, word=words[attends]) if how.key in ("answered", "accepted") and attends in words else how
