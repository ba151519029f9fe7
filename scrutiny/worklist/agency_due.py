"""One row of what waits for an agency, and the rows by who has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from workflows.due_working import Working

MINE, NOBODY = "mine", "nobody"


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
    held: tuple[tuple[str, str], ...] = ()  # who has it: (mine, nobody or person:4, name); none where it is anybody's
    for_reader: bool = True  # whether it waits for whoever asks, or for anybody; not for a colleague alone

    @property
    def order(self) -> tuple[bool, date, str]:
        """Where it stands in the list: by date, those without one last."""
        return self.due_on is None, self.due_on or date.max, self.key


def ways_to_see(found: Sequence[Due]) -> list[tuple[str, str]]:
    """How the list can be narrowed, as (value in the address, words); none where nothing in it differs."""
    held = {key: name for due in found for key, name in due.held}
    if len(held) < 2:
        return []
    said = {MINE: gettext("Mine"), NOBODY: gettext("With nobody yet")}
    ways = [(key, said[key]) for key in (MINE, NOBODY) if key in held]
    others = [(key, gettext("With %(name)s", name=name)) for key, name in held.items() if key not in said]
    return [("", gettext("Everything")), *ways, *sorted(others, key=lambda way: way[1])]


def seen_as(found: Sequence[Due], who: str) -> list[Due]:
    """The rows of whoever is asked for; what is anybody's stands with what nobody has yet."""
    return [due for due in found if who in dict(due.held) or (who == NOBODY and not due.held)]
