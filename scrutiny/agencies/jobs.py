"""What this room does by the clock."""

from __future__ import annotations

from datetime import datetime

from scrutiny.agencies import bulk_jobs as lists
from scrutiny.formats import plural
from scrutiny.loading import uploads
from scrutiny.transaction import writes_now
from workflows.jobs import job


@job("forget_lists")
def forget_lists(*, at: datetime) -> str:
    """Drop lists of places, and their answers, a day after they were sent; and files of boundaries that no loading awaits."""
    with writes_now():
        count = lists.forget_old(at=at)
    erased = uploads.erase_left(at=at)
    said = [f"{plural(count, 'list')} forgotten"] if count else []
    return ", ".join(said + ([f"{plural(erased, 'file')} of boundaries erased"] if erased else []))
