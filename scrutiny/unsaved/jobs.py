"""What this room does by the clock."""

from __future__ import annotations

from datetime import datetime

from scrutiny import sent_once
from scrutiny.formats import plural
from scrutiny.transaction import writes_now
from scrutiny.unsaved import service
from workflows.jobs import job


@job("forget_unsaved")
def forget_unsaved(*, at: datetime) -> str:
    """Forget what was typed and not saved within its day; and which forms were dealt with whose tokens are too old by now."""
    with writes_now():
        count = service.forget_old(at=at)
        sent_once.forget_old(at=at)
    return f"{plural(count, 'unsaved form')} forgotten" if count else ""
