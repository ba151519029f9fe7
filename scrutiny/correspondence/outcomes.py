"""Telling the room that wrote a letter what became of it: accepted, failed, or come back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial

from scrutiny.correspondence import queries
from scrutiny.correspondence.models import Letter
from scrutiny.transaction import run
from scrutiny.work.batch import run_each

log = logging.getLogger(__name__)
Deed = Callable[[Letter, datetime], None]
#: What is done by kind of letter and outcome: posted, failed or bounced.
_deeds: dict[tuple[str, str], Deed] = {}


def when_letter(kind: str, outcome: str) -> Callable[[Deed], Deed]:
    """Let a function be called for each letter of a kind that comes to an outcome, in a transaction of its own."""

    def enter(deed: Deed) -> Deed:
        _deeds[kind, outcome] = deed
        return deed

    return enter


def tell(posting_id: int, outcome: str, at: datetime) -> None:
    """Tell what came of each letter of an email; one that fails is logged, and taken up again by the sweep of its room."""
    for letter_id, kind in queries.letters_in(posting_id):
        deed = _deeds.get((kind, outcome))
        if deed is None:
            continue
        try:
            run(partial(_tell_one, deed, letter_id, at))
        except Exception:
            log.exception("what came of letter %d could not be noted; the sweep takes it up", letter_id)


def sweep(letter_ids: Iterable[int], deeds: Mapping[str, Deed], *, at: datetime) -> int:
    """Do for each of these letters, by its state, what was not done as its outcome was learnt; how many.

    What was posted is noted as of that moment. When one came back is not kept, so that is noted now.
    """

    def note(letter_id: int) -> int:
        letter = queries.letter(letter_id)
        deed = deeds.get(letter.state) if letter is not None else None
        if letter is None or deed is None:
            return 0
        known = letter.posting.posted_at if letter.posting and letter.state != "bounced" else None
        deed(letter, known or at)
        return 1

    return run_each(letter_ids, note, fault="what became of letter %s could not be noted; the others go on")[0]


def _tell_one(deed: Deed, letter_id: int, at: datetime) -> None:
    """Do the deed for one letter, if it is still there."""
    letter = queries.letter(letter_id)
    if letter is not None:
        deed(letter, at)
