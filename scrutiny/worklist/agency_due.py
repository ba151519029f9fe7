"""One row of what waits for an agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflows.due_working import Working


@dataclass(frozen=True, slots=True)
class Due:
    """One thing an agency has before it: when it is due and why then, from whom, what, who has it, and where to go on."""

    key: str  # the same from day to day, for calendars
    due_on: date | None
    working: Working
    why: str  # the sentence that says why then
    asker: str
    title: str
    reference: str
    what: str
    notes: tuple[str, ...]
    who: str
    href: str
    action: str
    late_after: date | None = None  # the day after which it is late, where that is not the day it is due
    for_reader: bool = True  # whether it waits for whoever asks, or for anybody; not for a colleague alone

    @property
    def order(self) -> tuple[bool, date, str]:
        """Where it stands in the list: by date, those without one last."""
        return self.due_on is None, self.due_on or date.max, self.key
