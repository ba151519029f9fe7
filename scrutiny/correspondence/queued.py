"""What a page says of the letters its deed has just written, composed from these letters and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flask import g, has_request_context
from flask_babel import gettext, ngettext

from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.formats import listed, moment


def remember(letter: Letter, name: str) -> None:
    """Let the page that is being answered tell of a letter, and of whom it is for."""
    if has_request_context():
        g.setdefault("letters_written", []).append((letter, name))


def written_now(*kinds: str) -> list[tuple[Letter, str]]:
    """The letters of some kinds that the present request wrote and nothing undid, each with the name of whom it is for."""
    rows = g.get("letters_written", []) if has_request_context() else []
    return [(letter, name) for letter, name in rows if letter.kind in kinds and letter in db.session]


def queued_now(*kinds: str) -> str:
    """What became of the letters of some kinds that the present request wrote, in sentences."""
    return queued_words(written_now(*kinds))


def queued_words(written: Sequence[tuple[Letter, str]]) -> str:
    """How many emails are queued, which wait for an open day, and who has no email address and what to do about it.

    `written`: each letter with the name of whom it is for.
    """
    reachable = sorted((letter for letter, _ in written if letter.address), key=_held_until)
    said = []
    for until, group in groupby(reachable, key=_held_until):
        letters = list(group)
        if not until:
            said.append(ngettext("%(num)s email queued.", "%(num)s emails queued.", len(letters)))
            continue
        words = ngettext(
            "%(num)s email will be sent on %(moment)s, because no emails are sent there today.",
            "%(num)s emails will be sent on %(moment)s, because no emails are sent there today.",
            len(letters),
            moment=moment(letters[0].not_before),
        )
        said.append(words)
    if not reachable:
        said.append(gettext("No email was sent."))
    unknown = sorted({name for letter, name in written if not letter.address})
    if unknown:
        said.append(
            ngettext(
                "%(num)s agency has no email address: %(names)s. Enter an email address, or print the letter and post it.",
                "%(num)s agencies have no email address: %(names)s. Enter an email address for each, or print the letters and "
                "post them.",
                len(unknown),
                names=listed(unknown),
            )
        )
    return " ".join(said)


def _held_until(letter: Letter) -> str:
    """Until when a letter waits, to sort by."""
    return letter.not_before.isoformat() if letter.not_before else ""
