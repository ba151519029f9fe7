"""What the pages and letters of a handover say."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext, ngettext

from scrutiny.formats import listed
from scrutiny.handover.queries import Work
from workflows.roles import LABELS

POST_LABELS = {
    "signatory_name": lazy_gettext("who signs the body’s letters"),
    "deputy_name": lazy_gettext("the deputy who signs them"),
    "contact_name": lazy_gettext("the person its letters say to ask"),
}


def in_words(work: Work) -> list[str]:
    """What passes on, a line for each kind; nothing where nothing does."""
    told = []
    if work.roles:
        told.append(gettext("Roles: %(roles)s", roles=listed([str(LABELS[one.role]).lower() for one in work.roles])))
    if work.items:
        words = ngettext("%(num)d question to answer", "%(num)d questions to answer", len(work.items))
        told.append(f"{words}: {listed([item.reference for item in work.items])}")
    if work.drafts:
        told.append(ngettext("%(num)d review being prepared", "%(num)d reviews being prepared", len(work.drafts)))
    if work.posts:
        told.append(gettext("In letters: %(posts)s", posts=listed([str(POST_LABELS[field]) for field in work.posts])))
    if work.contacts:
        names = listed([review.reference for review in work.contacts])
        told.append(gettext("The person to ask about %(reviews)s", reviews=names))
    return told
