"""How long a wish for more time that nobody has decided holds reminders back."""

from datetime import date, timedelta
from typing import Final

from workflows.workdays import Calendar

#: How many working days a wish for more time that nobody has decided holds the ladder back: the asker's time to decide.
LONGEST_UNDECIDED: Final = 10
_ONE_DAY: Final = timedelta(days=1)


def wish_holds(asked_on: date, due_on: date | None, today: date, calendar: Calendar) -> bool:
    """Whether a wish for more time, not decided, still holds the ladder back for what is due on a day.

    Not if it was asked after that day, nor for longer than the asker has to decide: else any wish would silence it.
    """
    if due_on is not None and asked_on > due_on:
        return False
    return today <= asked_on or calendar.count(asked_on + _ONE_DAY, today) <= LONGEST_UNDECIDED
