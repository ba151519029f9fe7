"""What this room does by the clock."""

from __future__ import annotations

from datetime import datetime

from scrutiny.formats import plural
from scrutiny.transaction import writes_now
from scrutiny.unsaved import service
from workflows.jobs import job


@job("forget_unsaved")
def forget_unsaved(*, at: datetime) -> str:
    """Forget what was typed and not saved within its day."""
    with writes_now():
        count = service.forget_old(at=at)
    return f"{plural(count, 'unsaved form')} forgotten" if count else ""
