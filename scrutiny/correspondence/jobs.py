"""Letters posted by the clock; what a stopped process left claimed is taken up again."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime

from sqlalchemy import update

from scrutiny.correspondence import posting, queries
from scrutiny.correspondence.models import Posting
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from workflows.jobs import job

log = logging.getLogger(__name__)


@job("post_letters")
def post_letters(*, at: datetime) -> str:
    """Post every letter that is due, each e-mail by itself: one that fails stops no other. Says what came of them."""
    if queries.any_unposted(at):
        posting.put_in_envelopes(at)
    came: Counter[str] = Counter()
    for posting_id in queries.postings_due(at):
        try:
            came[posting.post(posting_id, at).state] += 1
        except Exception:
            # The claim is left to run out: the next run takes this e-mail up again.
            log.exception("the e-mail %d could not be posted", posting_id)
            came["broken"] += 1
    words = {"posted": "posted", "later": "to be tried again", "failed": "failed", "broken": "stopped by a fault"}
    return ", ".join(f"{came[state]} {said}" for state, said in words.items() if came[state])


def sweep_postings(*, at: datetime) -> int:
    """Free every e-mail whose claim has run out, so that it is posted next; how many. Part of the sweep."""
    left = update(Posting).where(Posting.claim.is_not(None), Posting.claimed_until < at)
    with writes_now():
        result = db.session.execute(left.values(claim=None, claimed_until=None))
    return int(result.rowcount)  # type: ignore[attr-defined]  # an update gives a CursorResult, which has it
