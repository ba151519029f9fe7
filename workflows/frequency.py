"""How often a publisher says it publishes, and whether it does: the day the next figures were expected, and how late they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflows.clocks import corresponding_day
from workflows.labels import labels

#: The words of DCAT-AP's frequencies that figures of spending have.
FREQUENCIES: Final = labels({"annual": "Once a year", "quarterly": "Every 3 months", "monthly": "Every month"})
_MONTHS: Final = {"annual": 12, "quarterly": 3, "monthly": 1}


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Declared against actual: when figures last came, when the next were expected, and by how many days they are late."""

    frequency: str
    last_on: date
    expected_on: date
    days_late: int

    @property
    def is_late(self) -> bool:
        """Whether the next figures should have come by now."""
        return self.days_late > 0


def punctuality(frequency: str, last_on: date, today: date) -> Punctuality:
    """How a series that came last on a day stands today: the next is expected one period later, and late from the day after."""
    expected = corresponding_day(last_on, _MONTHS[frequency])
    return Punctuality(frequency, last_on, expected, max((today - expected).days, 0))
