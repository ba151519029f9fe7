"""When a response to a recommendation is due: the law's day first, the method's rule as the day asked for; both with why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from scrutiny.formats import day
from workflows.deadlines import Due, due, explain_in_words
from workflows.method import Method, ResponseRule
from workflows.powers import Power
from workflows.workdays import Calendars

#: Clocks of a power that set no day by law.
NO_DAY = ("none", "stated_date", "reasonable", "clear_before")


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides the day of a response: the power, the method and its rule for this agency, the day of receipt, the nation."""

    power: Power | None
    method: Method
    rule: ResponseRule | None
    received_on: date
    nation: str
    subject: str | None = None  # of the review

    @property
    def binds(self) -> bool:
        """Whether the power sets the day: one over a single subject does so for that subject, or where the method names it."""
        power = self.power
        if power is None or power.doubtful:
            return False
        named = self.rule is not None and self.rule.power == power.key
        return named or power.subject in (None, self.subject)


@dataclass(frozen=True, slots=True)
class ResponseDates:
    """The law's day and the day the method asks for, each as it was counted; None where there is none."""

    statutory: Due | None
    agreed: Due | None
    asked: Asked

    @property
    def governing(self) -> Due | None:
        """The one lateness is measured by: a duty comes before a wish."""
        return self.statutory or self.agreed

    @property
    def due_on(self) -> date | None:
        """The day a response is due."""
        return self.governing.due if self.governing else None

    @property
    def working(self) -> dict[str, Any]:
        """Sentence, steps and source of the day it is due, and both days beside it, as plain values to store."""
        counted = self.governing
        if counted is None:
            return {}
        found: dict[str, Any] = {
            "sentence": self.sentence,
            "source": self.asked.power.source if self.statutory and self.asked.power else f"method {self.asked.method.name}",
            "provisional": counted.provisional,
            "steps": _steps(counted),
            "calendar": counted.edition,
        }
        if self.statutory:
            found["statutory"] = {"sentence": explain_in_words(self.statutory), "steps": _steps(self.statutory)}
        if self.agreed and self.asked.rule:
            found["agreed"] = {
                "sentence": explain_in_words(self.agreed),
                "steps": _steps(self.agreed),
                "words": self.asked.rule.words,
                "method": self.asked.method.name,
                "clock": str(self.agreed.clock),
            }
        return found

    @property
    def sentence(self) -> str:
        """Why this day, and what the method says beside the law."""
        law, wish = self.statutory, self.agreed
        words = self.asked.rule.words if self.asked.rule else ""
        if law is None:
            return f"{explain_in_words(wish)} No law sets a day; the method asks for this one. {words}" if wish else ""
        if wish is None or wish.due is None:
            return explain_in_words(law)
        if wish.due == law.due:
            return f"{explain_in_words(law)} The method says the same."
        return f"{explain_in_words(law)} The law's day counts; the method asks for {day(wish.due)}. {words}"


def response_dates(asked: Asked, calendars: Calendars) -> ResponseDates:
    """Both days of a response to a recommendation that was received on a day."""
    power, rule = asked.power, asked.rule
    statutory = agreed = None
    if power is not None and asked.binds and power.clock.name not in NO_DAY:
        statutory = due(power.clock, asked.received_on, calendars, nation=asked.nation, event=power.event)
    if rule is not None and rule.clock.name not in ("none", "stated_date", "clear_before"):
        agreed = due(rule.clock, asked.received_on, calendars, nation=asked.nation, event=rule.event)
    return ResponseDates(statutory, agreed, asked)


def _steps(counted: Due) -> list[dict[str, Any]]:
    """Every day of a count, as plain values."""
    return [{"date": s.date.isoformat(), "counted": s.counted, "why": s.why} for s in counted.steps()]
