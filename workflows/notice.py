"""Notice of a meeting: how many working days it is, and what is said where it is less than is reasonable."""

from datetime import date, timedelta
from typing import Final

from workflows.power import Power
from workflows.workdays import Calendar, in_words

#: Working days of notice we take as reasonable where nobody says: an expectation, for the law gives no number.
REASONABLE: Final = 10


def notice_days(sent_on: date, meeting_on: date, calendar: Calendar) -> int:
    """Clear working days between the day a request goes and the day of the meeting: neither is counted."""
    if meeting_on <= sent_on:
        return 0
    return calendar.count(sent_on + timedelta(days=1), meeting_on - timedelta(days=1))


def late_notice(power: Power | None, sent_on: date, meeting_on: date, calendar: Calendar) -> str:
    """What to mind where the notice is short, in a sentence; '' where it is enough."""
    enough = power.clock.number if power and power.clock.name == "reasonable" else REASONABLE
    given = notice_days(sent_on, meeting_on, calendar)
    if given >= enough:
        return ""
    asks = f"The law asks for reasonable notice ({power.source})" if power else "An invitation should give reasonable notice"
    is_this = f"this is {given} working day{'' if given == 1 else 's'}, up to the meeting on {in_words(meeting_on)}"
    return f"{asks}, taken here as {enough} working days; {is_this}."
