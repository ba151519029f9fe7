"""How an item stands for its asker: a word and a shape worked out from its state, its due date and today. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from flask_babel import lazy_gettext

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
    called: Any  # said when it is read, in the language spoken then
    tone: str

    @property
    def word(self) -> str:
        """What it is called, in the language spoken now."""
        return str(self.called)


SHOWN: Final = {
    row.key: row
    for row in (
        Shown("not-asked", "·", lazy_gettext("Not asked"), "quiet"),
        Shown("draft", "·", lazy_gettext("Draft"), "quiet"),
        Shown("not-delivered", "!", lazy_gettext("Not delivered yet"), "late"),
        Shown("waiting", "○", lazy_gettext("Waiting"), "waiting"),
        Shown("due-soon", "◔", lazy_gettext("Due soon"), "soon"),
        Shown("overdue", "!", lazy_gettext("Overdue"), "late"),
        Shown("answered", "●", lazy_gettext("Answered"), "waiting"),
        Shown("returned", "↩", lazy_gettext("Returned"), "soon"),
        Shown("accepted", "✓", lazy_gettext("Accepted"), "done"),
        Shown("not-held-accepted", "–", lazy_gettext("Not held – accepted"), "done"),
        Shown("refusal-accepted", "×", lazy_gettext("Refusal accepted"), "done"),
        Shown("redirection-accepted", "→", lazy_gettext("Redirected – accepted"), "done"),
        Shown("not-held", "–", lazy_gettext("Not held"), "quiet"),
        Shown("refused", "×", lazy_gettext("Refused"), "refused"),
        Shown("redirected", "→", lazy_gettext("Redirected"), "quiet"),
        Shown("withdrawn", "·", lazy_gettext("Withdrawn"), "quiet"),
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
        return replace(how, called=lazy_gettext("Declined"))
    if how.key == "refusal-accepted":
        return replace(how, called=lazy_gettext("Declined – accepted"))
    words = {"asked": lazy_gettext("Will attend"), "another": lazy_gettext("Sends another")}
    return replace(how, called=words[attends]) if how.key in ("answered", "accepted") and attends in words else how
