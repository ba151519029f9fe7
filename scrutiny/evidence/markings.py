"""Markings in plain words: who may see what is marked so, which is the stricter, what each needs; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask_babel import gettext, lazy_gettext

from workflows.labels import Labels, words_of

#: What an agency was told when it sent something open: it may be published before the report, or only with it.
BEFORE_REPORT: Final = "list"
#: From the freest to the strictest.
STRICTNESS: Final = ("open", "exempt", "confidential", "personal")
#: Markings whose reading is itself noted in the trail, and which no part in a review opens to partner bodies.
GUARDED: Final = ("confidential", "personal")
#: The marking that opens to the people named for the review, and to nobody else.
NAMED_ONLY: Final = "personal"
#: marking: (its name, who may see it in plain words)
WORDS: Final = Labels(
    {
        "open": (
            lazy_gettext("Anyone, once it is published"),
            lazy_gettext(
                "It is published with the report, or earlier with the list of requests. We tell you at least five working days "
                "before that. Until then only the bodies in this review can see it."
            ),
        ),
        "exempt": (
            lazy_gettext("The bodies of this review, but not the public"),
            lazy_gettext("You must say which paragraph of Schedule 12A applies and why secrecy serves the public better."),
        ),
        "confidential": (
            lazy_gettext("The body in the lead only: it came on terms that forbid disclosure"),
            lazy_gettext("Partner bodies see it only where a named person is granted it."),
        ),
        "personal": (
            lazy_gettext("Only the people named for this review: somebody could be recognised in it"),
            lazy_gettext(
                "They are inspectors and officers, never councillors. It is erased on its day, and only its digest stays."
            ),
        ),
    },
    lambda marking: (
        gettext("Nobody here can see it, because it is marked “%(marking)s”", marking=words_of(marking)),
        gettext("This marking is not used here any more."),
    ),
)

#: What is said otherwise where the reader enters an answer in its agency's name.
FOR_REQUESTER: Final = {
    "open": lazy_gettext(
        "It is published with the report, or earlier with the list of requests. The agency is told at least five working days "
        "before that. Until then only the bodies in this review can see it."
    ),
    "exempt": lazy_gettext("Below, say which paragraph of Schedule 12A applies and why secrecy serves the public better."),
}


def label(marking: str) -> str:
    """Who may see it, in words: 'Anyone, once it is published'; what nobody offered is not chosen."""
    return WORDS[marking][0] if marking else gettext("Not chosen")


def who_sees(marking: str, *, held_back: bool) -> str:
    """Who may see something now, in words: one marked open may have been taken back from the public since."""
    if held_back and marking == "open":
        return gettext("The bodies of this review, but not the public")
    return label(marking)


def stricter(one: str, other: str) -> str:
    """The stricter of two markings; one that is not known here (any more) is stricter than all."""
    return max(one, other, key=lambda marking: STRICTNESS.index(marking) if marking in STRICTNESS else len(STRICTNESS))


def offered(*, personal: bool) -> tuple[str, ...]:
    """The markings a review offers; personal only where its method may hold it."""
    return tuple(marking for marking in STRICTNESS if personal or marking != "personal")


def readers_words(names: Sequence[str]) -> str:
    """Who may open what is for people named only, in words: each by name and office."""
    if not names:
        return gettext("Nobody has been named yet. Until somebody is, only your agency can open it.")
    return gettext("Named now: %(names)s.", names="; ".join(names))
