"""The clocks: each a named way of counting days, its rule in words and the law it comes from."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from workflows.refusals import Refused
from workflows.written_days import read_day


@dataclass(frozen=True, slots=True)
class Rule:
    """What a clock means: the rule in words (with {n}), where it comes from, and what its argument is."""

    words: str
    source: str
    argument: str = "number"  # number, date or nothing
    working: bool = False  # whether bank holidays matter
    event: str = "start"  # what starts it, where nobody says


RULES: Final = {
    "calendar_after": Rule(
        "{n} days, starting the day after; weekends and bank holidays count", "general rule for “within {n} days of”"
    ),
    "months_beginning_with": Rule(
        "{n} months beginning with the day of the start, which is counted, so the last day is the one before "
        "the same day of the month",
        "wording of LGA 2000 s.9FE and SI 2009/1919 reg 6; arithmetic by the corresponding-date rule",
    ),
    "working_after": Rule("{n} working days, starting the day after", "practice of the inspectorates", working=True),
    "working_after_uk_any": Rule(
        "{n} working days, starting the day after; a bank holiday anywhere in the United Kingdom does not count",
        "Freedom of Information Act 2000 s.10(6)",
        working=True,
    ),
    "working_day_number": Rule(
        "working day {n}, counting the first day, or the next working day after it, as day 1",
        "GOV.UK note of changes to joint targeted area inspections: notification is day 1 rather than day 0",
        working=True,
        event="notification",
    ),
    "clear_after": Rule(
        "{n} clear days after the day it is received",
        "SI 2012/2089 reg 17: delivered by receipt and {n} days",
        event="request_received",
    ),
    "clear_before": Rule(
        "{n} clear working days before the meeting, not counting the day of the meeting or the day of publication",
        "LGA 1972 s.100B and SI 2012/2089; leaving out weekends and bank holidays is the common local convention",
        working=True,
        event="meeting",
    ),
    "stated_date": Rule(
        "the date written in the request",
        "SI 2009/942 reg 5 and SI 2013/218 reg 26, which give no number of days",
        argument="date",
    ),
    "reasonable": Rule(
        "{n} working days, which we take to be a reasonable time; the law sets no number of days",
        "the law gives no number of days (“reasonable notice”, SI 2013/218 reg 27); {n} is our default",
        working=True,
    ),
    "none": Rule("no date is set by law", "the power gives no period", argument="nothing"),
}
_CLOCK: Final = re.compile(r"([a-z_]+)(?::(.*))?")


@dataclass(frozen=True, slots=True)
class Clock:
    """A named way of counting: 'working_after:20' has name and number, 'stated_date:2026-12-01' a day."""

    name: str
    number: int = 0
    on: date | None = None

    def __str__(self) -> str:
        if RULES[self.name].argument == "number":
            return f"{self.name}:{self.number}"
        return f"{self.name}:{self.on}" if self.on else self.name

    @property
    def rule(self) -> Rule:
        """What this clock means and where it comes from."""
        return RULES[self.name]

    @property
    def words(self) -> str:
        """The rule in words, with its number."""
        return worded(self.rule.words, self.number)

    @property
    def source(self) -> str:
        """Where the rule comes from."""
        return self.rule.source.format(n=self.number)


def worded(rule: str, number: int) -> str:
    """The words of a rule with its number; in English one day and one month are said as one."""
    words = rule.format(n=number)
    return words if number != 1 else re.sub(r"\b1 ((?:clear |working )*)(day|month)s\b", r"1 \1\2", words)


@lru_cache(maxsize=512)
def parse_clock(text: str) -> Clock:
    """Read a clock such as 'working_after:20'; what it cannot read it refuses, saying what to write."""
    match = _CLOCK.fullmatch(text.strip())
    rule = RULES.get(match[1]) if match else None
    if not match or not rule:
        raise Refused("There is no clock %(text)s; write one of %(examples)s.", text=repr(text), examples=", ".join(_examples()))
    name, argument = match[1], match[2]
    if rule.argument == "number":
        if not argument or not re.fullmatch(r"[0-9]{1,4}", argument) or int(argument) < 1:
            raise Refused(
                "The clock %(text)s needs a whole number from 1 to 9999; write for example %(name)s:10.",
                text=repr(text),
                name=name,
            )
        return Clock(name, int(argument))
    if rule.argument == "nothing":
        if argument is not None:
            raise Refused("The clock %(name)s takes nothing after it; write %(name2)s.", name=repr(name), name2=name)
        return Clock(name)
    return Clock(name, on=_stated(text, argument))


def _stated(text: str, argument: str | None) -> date | None:
    """The day written in a stated_date clock; a power writes the clock without one."""
    if argument is None:
        return None
    if day := read_day(argument):
        return day
    raise Refused("The clock %(text)s names no date that exists; write for example stated_date:2026-12-01.", text=repr(text))


def _examples() -> list[str]:
    """Every clock as one may write it."""
    arguments = {"number": ":10", "date": ":2026-12-01", "nothing": ""}
    return [name + arguments[rule.argument] for name, rule in RULES.items()]


def corresponding_day(start: date, months: int) -> date:
    """The last day of a period of months beginning with a day: the one before the same day of the month.

    Where that month has no such day the period ends with the month (corresponding-date rule).
    """
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    length = monthrange(year, month)[1]
    if start.day > length:
        return date(year, month, length)
    return date(year, month, start.day) - timedelta(days=1)
