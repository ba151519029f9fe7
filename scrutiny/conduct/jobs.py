"""The job that reminds agencies of checks before their day, and bodies of invitations."""

from __future__ import annotations

from datetime import datetime

from scrutiny.conduct import reminding
from scrutiny.formats import plural
from workflows.jobs import job


@job("remind_of_checks")
def remind_of_checks(*, at: datetime) -> str:
    """Remind of accuracy checks three days before their day and of invitations after a week, each once."""
    return f"{plural(reminding.remind_by_clock(at=at), 'reminder')} written"
