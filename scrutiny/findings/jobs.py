"""What became of letters that ask for an accuracy check is noted as it is learnt, and by the sweep where that was missed."""

from __future__ import annotations

from datetime import datetime

from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.outcomes import sweep, when_letter
from scrutiny.findings import delivering


@when_letter(delivering.ASKS, "posted")
def note_accepted(letter: Letter, at: datetime) -> None:
    """An agency whose letter the mail server accepted has its extracts."""
    delivering.note_accepted(letter, at=at)


@when_letter(delivering.ASKS, "bounced")
def note_bounced(letter: Letter, at: datetime) -> None:
    """An agency whose only letter came back has not."""
    delivering.note_bounced(letter, at=at)


def sweep_checks(*, at: datetime) -> int:
    """Note letters accepted or come back where a process stopped before it was noted; how many. Part of the sweep."""
    return sweep(delivering.sweepable(), {"posted": note_accepted, "bounced": note_bounced}, at=at)
