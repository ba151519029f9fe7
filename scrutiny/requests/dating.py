"""When an item is due and why: the asker's day, else the method's, else the law's, else what is reasonable. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from scrutiny.formats import day
from workflows.clocks import Clock
from workflows.deadlines import Due, due, explain_in_words
from workflows.method import UNITS, Evidence
from workflows.methods import PhaseDates, due_of_evidence
from workflows.powers import Power
from workflows.refusals import Refused
from workflows.workdays import Calendars

#: What is asked where neither method nor law says when: an expectation, never called a duty.
DEFAULT = "reasonable:10"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What decides a due date: the standard item and phases of the method, the power, and the day the asker chose."""

    standard: Evidence | None
    phases: tuple[PhaseDates, ...]
    power: Power | None
    chosen_on: date | None
    nation: str


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of an item and all that is stored beside them."""

    due: Due
    statutory: Due | None
    sentence: str

    @property
    def due_on(self) -> date | None:
        """The day the item is wanted by."""
        return self.due.due

    @property
    def statutory_due_on(self) -> date | None:
        """The day the law sets, where it sets one."""
        return self.statutory.due if self.statutory else None

    @property
    def working(self) -> dict[str, Any]:
        """Sentence, steps, source and what the law says, as plain values to store."""
        found: dict[str, Any] = {
            "sentence": self.sentence,
            "steps": [{"date": s.date.isoformat(), "counted": s.counted, "why": s.why} for s in self.due.steps()],
            "source": self.due.source,
            "rule": self.due.rule,
            "provisional": self.due.provisional,
        }
        if self.statutory:
            found["statutory"] = as_stored(self.statutory)
        return found


def as_stored(statutory: Due) -> dict[str, Any]:
    """What the law says, as it is kept beside a due date."""
    return {
        "due": statutory.due.isoformat() if statutory.due else None,
        "sentence": explain_in_words(statutory),
        "source": statutory.source,
    }


def dates_of(wanted: Wanted, sent_on: date, calendars: Calendars) -> Dates:
    """The dates of an item whose request is sent on a day; a chosen day that has gone by is refused."""
    statutory = statutory_of(wanted, sent_on, calendars)
    if wanted.chosen_on is not None:
        if wanted.chosen_on <= sent_on:
            raise Refused(f"{day(wanted.chosen_on)} is not after {day(sent_on)}, when the request goes: choose a later day")
        found = due(Clock("stated_date", on=wanted.chosen_on), sent_on, calendars, nation=wanted.nation, event="request_sent")
        return Dates(found, statutory, with_law(f"Due on {day(wanted.chosen_on)}: the day the officer chose", found, statutory))
    if wanted.standard is not None:
        found = due_of_evidence(wanted.standard, wanted.phases, sent_on, calendars, wanted.nation)
        return Dates(found, statutory, with_law(_of_method(wanted, found), found, statutory))
    if statutory is not None:
        return Dates(statutory, statutory, explain_in_words(statutory))
    found = due(DEFAULT, sent_on, calendars, nation=wanted.nation, event="request_sent")
    return Dates(found, None, explain_in_words(found))


def statutory_of(wanted: Wanted, sent_on: date, calendars: Calendars) -> Due | None:
    """What the power's own clock gives, where it gives a number. A letter sent by e-mail is received the day it is sent."""
    power = wanted.power
    if power is None or power.doubtful or power.clock.name in ("none", "stated_date", "reasonable", "clear_before"):
        return None
    return due(power.clock, sent_on, calendars, nation=wanted.nation, event=power.event)


def _of_method(wanted: Wanted, found: Due) -> str:
    """The sentence for a standard item: hung on a phase, or counted by its clock."""
    item = wanted.standard
    if item is None or item.phase is None or found.clock.name != "stated_date" or found.due is None:
        return explain_in_words(found)
    phase = next(phase for phase in wanted.phases if phase.key == item.phase)
    number = abs(item.offset)
    unit = UNITS[item.unit] + ("" if number == 1 else "s")
    far = f"{number} {unit} {'after' if item.offset > 0 else 'before'}" if number else "the day on which"
    return f"Due on {day(found.due)}: {far} “{phase.title}” ends ({day(phase.ends_on)})."


def with_law(sentence: str, found: Due, statutory: Due | None) -> str:
    """The sentence, with what the law says beside it where that is another day."""
    sentence = sentence if sentence.endswith(".") else f"{sentence}."
    if statutory is None:
        return f"{sentence} The law gives no number of days." if found.clock.name == "stated_date" else sentence
    if statutory.due == found.due:
        return f"{sentence} The law says the same."
    return f"{sentence} By law ({statutory.source}): {day(statutory.due)}."


def phases_of(rows: Iterable[Any]) -> tuple[PhaseDates, ...]:
    """The phases of a review, as stored, for counting."""
    return tuple(
        PhaseDates(row.key, row.title, row.starts_on, row.ends_on, row.statutory, str(row.why.get("sentence", "")))
        for row in rows
    )
