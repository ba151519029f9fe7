"""Notice of a meeting: how many working days it is, and what is said where it is less than is reasonable."""

from datetime import date, timedelta
from typing import Final

from workflows.clocks import parse_clock
from workflows.legal_basis import Caution, LegalBasis
from workflows.workdays import Calendar

#: Working days of notice we take as reasonable where nobody says: an expectation, for the law gives no number.
REASONABLE: Final = 10


def notice_days(sent_on: date, meeting_on: date, calendar: Calendar) -> int:
    """Clear working days between the day a request goes and the day of the meeting: neither is counted."""
    if meeting_on <= sent_on:
        return 0
    return calendar.count(sent_on + timedelta(days=1), meeting_on - timedelta(days=1))


def late_notice(basis: LegalBasis, item: int, sent_on: date, meeting_on: date, calendar: Calendar) -> Caution | None:
    """What to mind where the notice of an item's meeting is short; None where it is enough."""
    clock = parse_clock(basis.chief.clock) if basis.binds and basis.chief else None
    enough = clock.number if clock and clock.name == "reasonable" else REASONABLE
    given = notice_days(sent_on, meeting_on, calendar)
    if given >= enough:
        return None
    law = basis.law if basis.binds else ""
    return Caution("short-notice", {"item": item, "source": law, "enough": enough, "given": given, "on": meeting_on.isoformat()})
