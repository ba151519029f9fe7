"""The mailbox read by the clock."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime

from scrutiny.adapters import fitted
from scrutiny.correspondence.incoming import take_in
from scrutiny.correspondence.mail_reading import MOST_BYTES
from scrutiny.formats import plural
from workflows.jobs import job

log = logging.getLogger(__name__)


@job("read_mailbox")
def read_mailbox(*, at: datetime) -> str:
    """Take in every unread email of the mailbox, each by itself: one that cannot be kept stops no other and stays unread."""
    mailbox = fitted.mailbox()
    if mailbox is None:
        return "no mailbox is set"
    came: Counter[str] = Counter()
    left = 0

    def take(raw: bytes) -> bool:
        nonlocal left
        try:
            came[take_in(raw, at=at).kind] += 1
        except Exception:
            log.exception("an email in the mailbox could not be taken in; it stays unread, and the others go on")
            left += 1
            return False
        return True

    read = mailbox.read(take, most_bytes=MOST_BYTES)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(came.items()))
    said = f"{plural(read, 'email')} read" + (f": {kinds}" if kinds else "")
    return f"{said}; {plural(left, 'email')} not taken in, to be tried again: see the log" if left else said
