"""When a response to a recommendation is due: the law's day first, the method's rule as the day asked for; both with why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflows.deadlines import Due, due
from workflows.due_reasons import MethodAlone, MethodOther, MethodSame, Reason, counted
from workflows.due_working import Working, worked
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
    def working(self) -> Working:
        """Reasons, steps and source of the day it is due, and both days beside it."""
        governing, law, wish, asked = self.governing, self.statutory, self.agreed, self.asked
        if governing is None:
            return Working()
        agreed = None
        if wish and asked.rule:
            agreed = worked(wish, words=asked.rule.words, method=asked.method.name, clock=str(wish.clock))
        return worked(
            governing,
            *self.reasons,
            source=asked.power.source if law and asked.power else f"method {asked.method.name}",
            calendar=governing.edition,
            statutory=worked(law) if law else None,
            agreed=agreed,
        )

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why this day, and what the method says beside the law."""
        law, wish = self.statutory, self.agreed
        words = self.asked.rule.words if self.asked.rule else ""
        if law is None:
            return (counted(wish), MethodAlone(words)) if wish else ()
        if wish is None or wish.due is None:
            return (counted(law),)
        return (counted(law), MethodSame() if wish.due == law.due else MethodOther(wish.due, words))


def response_dates(asked: Asked, calendars: Calendars) -> ResponseDates:
    """Both days of a response to a recommendation that was received on a day."""
    power, rule = asked.power, asked.rule
    statutory = agreed = None
    if power is not None and asked.binds and power.clock.name not in NO_DAY:
        statutory = due(power.clock, asked.received_on, calendars, nation=asked.nation, event=power.event)
    if rule is not None and rule.clock.name not in ("none", "stated_date", "clear_before"):
        agreed = due(rule.clock, asked.received_on, calendars, nation=asked.nation, event=rule.event)
    return ResponseDates(statutory, agreed, asked)
