"""All that a row keeps beside a due date: why it is that day, the days counted, the law's own day, what moved it since.

Frozen, and read back from what rows keep, of today's form (VERSION) or of before. What is nothing is not written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from workflows import plain_values
from workflows.deadlines import Due
from workflows.due_date_steps import Step, kept_steps, plain_steps
from workflows.due_reasons import VERSION, Reason, counted, from_plain, reasons_of, to_plain
from workflows.written_days import day_written


@dataclass(frozen=True, slots=True)
class RestsOn:
    """The power a date rests on: its key, the law, and the event that starts its clock."""

    key: str = ""
    law: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Standstill:
    """A clock that stands still for a question: since when, the day it had, and whether that day had been agreed."""

    on: date
    before: date
    agreed: bool


@dataclass(frozen=True, slots=True)
class Attending:
    """The meeting an item asks somebody to attend, and how many working days of notice were given."""

    held_on: date
    begins: str = ""
    place: str = ""
    whom: str = ""
    notice: int = 0


@dataclass(frozen=True, slots=True)
class Working:
    """The working of one date. `statutory` and `agreed` are those of the law's own day and of the one the method asks for."""

    reasons: tuple[Reason, ...] = ()
    plain_steps: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)  # as the row keeps them; `steps` reads them
    source: str = ""
    due: date | None = None  # of a day that stands beside the row's own
    counted: date | None = None  # the day the count came to, whatever was agreed since
    start: date | None = None
    calendar: str = ""  # the digest of the calendar used
    provisional: bool = False
    expected: bool = False  # an expectation: no law sets the number of days
    needs: tuple[str, ...] = ()  # events whose day must be known first
    rests_on: RestsOn | None = None
    statutory: Working | None = None
    agreed: Working | None = None
    words: str = ""  # the method's own, of the day it asks for
    method: str = ""
    clock: str = ""
    edition: str = ""  # the digest of the list of holidays it was issued with
    extended: Reason | None = None
    again: Reason | None = None  # it was returned
    before: date | None = None  # the day it had
    moved_on: date | None = None
    late: bool = False  # the planned day was over when the request arrived
    awaits: str = ""
    if_delivered: date | None = None  # the day its letter names
    paused: Standstill | None = None
    attend: Attending | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every day from the start, counted or not."""
        return kept_steps({"steps": self.plain_steps})

    def counted_anew(self, older: Working) -> Working:
        """This working in place of an older one: why the day had moved before, and what it was issued with, stay."""
        return replace(
            self,
            edition=older.edition,
            extended=older.extended,
            again=older.again,
            attend=self.attend or older.attend,
            late=self.late or older.late,
        )

    def to_plain(self) -> dict[str, Any]:
        """As a row keeps it."""
        plain: dict[str, Any] = {"reasons": [to_plain(reason) for reason in self.reasons], "steps": list(self.plain_steps)}
        plain |= {name: getattr(self, name) for name in _PLAIN} | {"needs": list(self.needs)}
        plain |= {name: plain_values.to_plain(getattr(self, name)) for name in (*_DAYS, *_PARTS)}
        plain |= {name: part.to_plain() for name in _WORKINGS if (part := getattr(self, name))}
        plain |= {name: to_plain(reason) for name in _REASONS if (reason := getattr(self, name))}
        said = {name: value for name, value in plain.items() if value}
        return {"version": VERSION} | said if said else {}

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> Working:
        """From what a row keeps, of today's form or of before."""
        values: dict[str, Any] = {name: kept[name] for name in _PLAIN if kept.get(name)}
        values |= {name: day_written(kept[name]) for name in _DAYS if kept.get(name)}
        values |= {name: plain_values.from_plain(kind, kept[name]) for name, kind in _PARTS.items() if kept.get(name)}
        values |= {name: cls.from_plain(kept[name]) for name in _WORKINGS if kept.get(name)}
        values |= {name: from_plain(kept[name]) for name in _REASONS if kept.get(name)}
        steps, needs = tuple(kept.get("steps") or ()), tuple(kept.get("needs") or ())
        return cls(reasons=reasons_of(kept), plain_steps=steps, needs=needs, **values)


#: How each part of a working is kept.
_PLAIN: Final = ("source", "calendar", "provisional", "expected", "words", "method", "clock", "edition", "late", "awaits")
_DAYS: Final = ("due", "counted", "start", "before", "moved_on", "if_delivered")
_PARTS: Final[dict[str, type[Any]]] = {"rests_on": RestsOn, "paused": Standstill, "attend": Attending}
_WORKINGS: Final = ("statutory", "agreed")
_REASONS: Final = ("extended", "again")


def worked(found: Due, *reasons: Reason, **more: Any) -> Working:
    """The working of a date that was counted: its days, whether it is provisional, and why; without reasons, the count itself."""
    return Working(
        reasons=reasons or (counted(found),), plain_steps=tuple(plain_steps(found.steps())), provisional=found.provisional, **more
    )
