"""Letters posted by the clock; what a stopped process left claimed is taken up again."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from threading import Lock, get_ident

from flask import Flask, current_app
from sqlalchemy import update

from scrutiny.adapters import fitted
from scrutiny.correspondence import posting, queries
from scrutiny.correspondence.lanes import FIRST, SEVERAL, Due, go_through
from scrutiny.correspondence.models import Posting
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from scrutiny.work.clock import Clock, running_from
from workflows.jobs import job

log = logging.getLogger(__name__)


@job("post_sign_in_letters")
def post_sign_in_letters(*, at: datetime) -> str:
    """Post the letters somebody waits for, and again those written meanwhile. Says what came of them."""
    came: Counter[str] = Counter()
    tried: set[int] = set()
    clock = running_from(at)
    while due := [one for one in _due(at, only=FIRST) if one.posting_id not in tried]:
        tried |= {one.posting_id for one in due}
        _post(due, clock, came)
    return _said(came)


@job("post_letters")
def post_letters(*, at: datetime) -> str:
    """Post every letter that is due, each email by itself: one that fails stops no other. Says what came of them."""
    came: Counter[str] = Counter()
    _post(_due(at), running_from(at), came)
    return _said(came)


def _due(at: datetime, only: Sequence[str] = ()) -> list[Due]:
    """The emails to post now, of all kinds of letter or of some; those somebody waits for stand first."""
    if queries.any_unposted(at, only):
        posting.put_in_envelopes(at, only)
    return [Due(posting_id, address) for posting_id, address in queries.postings_due(at, only, first=FIRST)]


def _post(due: Sequence[Due], clock: Clock, came: Counter[str]) -> None:
    """Post emails, several at once where a mail server takes them, and count what came of them."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # each thread pushes a context of its own
    here, counting = get_ident(), Lock()

    def post(one: Due) -> None:
        try:
            if get_ident() == here:
                state = posting.post(one.posting_id, clock).state
            else:
                with app.app_context():
                    state = posting.post(one.posting_id, clock).state
        except Exception:
            # The claim is left to run out: the next run takes this email up again.
            log.exception("the email %d could not be posted", one.posting_id)
            state = "broken"
        with counting:
            came[state] += 1

    db.session.rollback()  # nothing read here is held open while others write
    go_through(due, post, at_once=SEVERAL if fitted.mailer().may_take_several else 1)


def _said(came: Counter[str]) -> str:
    """What came of a run in words: '3 posted, 1 failed'."""
    words = {"posted": "posted", "later": "to be tried again", "failed": "failed", "broken": "stopped by a fault"}
    return ", ".join(f"{came[state]} {said}" for state, said in words.items() if came[state])


def sweep_postings(*, at: datetime) -> int:
    """Free every email whose claim has run out, so that it is posted next; how many. Part of the sweep."""
    left = update(Posting).where(Posting.claim.is_not(None), Posting.claimed_until < at)
    with writes_now():
        result = db.session.execute(left.values(claim=None, claimed_until=None))
    return int(result.rowcount)  # type: ignore[attr-defined]  # an update gives a CursorResult, which has it
