"""The official list of bank holidays as GOV.UK gives it: compared with the calendars held here, and taken up into them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from workflows.feasts import feasts_lacking
from workflows.reading import Fault, Faulty
from workflows.refusals import Refused
from workflows.workdays import DIVISION_LABELS, DIVISIONS, Calendar, Calendars, in_words
from workflows.written_days import is_like_a_day, read_day

#: The longest count of the law here is seventy working days, and a review is planned about half a year ahead.
ENOUGH: Final = timedelta(days=270)
#: No division has had fewer bank holidays in a year; a year with fewer is a list cut short.
LEAST_IN_A_YEAR: Final = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """A day on which the official list and the calendar held here do not agree; a title is '' where it is no holiday."""

    division: str
    day: date
    official: str
    held: str

    @property
    def sentence(self) -> str:
        """What differs."""
        where, when = DIVISION_LABELS[self.division], in_words(self.day)
        if not self.held:
            return f"{when} ({self.official}) is new in {where}."
        return f"{when} ({self.held}) is held here for {where}, but is not in the official list."


def read_official(text: str, file_name: str) -> dict[str, dict[date, str]]:
    """Read a GOV.UK list that was accepted once: the title of each day, by division, none where a division cannot be read.

    Faulty only where the text is no list of divisions any more.
    """
    reader = _Reader(text, file_name)
    found = reader.read()
    if not found:
        raise Faulty(reader.faults)
    return {division: found.get(division, {}) for division in DIVISIONS}


def check_official(text: str, file_name: str) -> tuple[Fault, ...]:
    """Everything that is wrong with a GOV.UK list: every bad date and every missing division."""
    reader = _Reader(text, file_name)
    reader.read()
    return tuple(reader.faults)


def differences(calendars: Calendars, official: Mapping[str, Mapping[date, str]]) -> tuple[Difference, ...]:
    """Where the official list and the calendars disagree, within the years the list covers; a day's wording is no difference."""
    found = []
    for division, days in official.items():
        if not days:
            continue
        held = calendars.by_division[division].holidays
        first, last = (edge(days).year for edge in (min, max))
        within = {day for day in held if first <= day.year <= last}
        for day in sorted(days.keys() ^ within):
            found.append(Difference(division, day, days.get(day, ""), held.get(day, "")))
    return tuple(found)


def taken_up(calendars: Calendars, official: Mapping[str, Mapping[date, str]]) -> Calendars:
    """The calendars with an official list over them: within its years the list counts, outside them what was held."""
    return Calendars({calendar.division: _over(calendar, official[calendar.division]) for calendar in calendars})


def check_taken_up(calendars: Calendars, official: Mapping[str, Mapping[date, str]]) -> None:
    """Refuse a list that leaves a year out, or holds fewer days of one than any year has had: it has been cut short."""
    for calendar in calendars:
        _check_over(calendar, official[calendar.division])


def _check_over(held: Calendar, days: Mapping[date, str]) -> None:
    """The same for one division."""
    first, last = (edge(days).year for edge in (min, max))
    for year in range(min(first, held.last_day.year + 1), last + 1):
        count = sum(day.year == year for day in days)
        if count < LEAST_IN_A_YEAR:
            raise Refused(
                "The list holds %(count)s bank holidays of %(year)s for %(division_labels)s, and no year has had fewer than "
                "%(least_in_a_year)s: fetch the whole list, www.gov.uk/bank-holidays.json, and try again.",
                count=count,
                year=year,
                division_labels=DIVISION_LABELS[held.division],
                least_in_a_year=LEAST_IN_A_YEAR,
            )
    for year in range(first, last + 1):
        for name, day in feasts_lacking(days, year):
            raise Refused(
                "The list holds no %(name)s of %(year)s for %(division_labels)s (%(day)s): fetch the whole list, "
                "www.gov.uk/bank-holidays.json, and try again.",
                name=name,
                year=year,
                division_labels=DIVISION_LABELS[held.division],
                day=in_words(day),
            )


def _over(held: Calendar, days: Mapping[date, str]) -> Calendar:
    """One division's calendar with the official days over it."""
    if not days:
        return held
    first, last = (edge(days).year for edge in (min, max))
    outside = {day: title for day, title in held.holidays.items() if not first <= day.year <= last}
    reach = (min(held.first_day, date(first, 1, 1)), max(held.last_day, date(last, 12, 31)))
    return Calendar(held.division, dict(sorted({**outside, **days}.items())), *reach)


def changes(before: Calendars, after: Calendars) -> tuple[str, ...]:
    """What calendars would change over others, in sentences: days new, days gone, and how much further holidays are known."""
    told = []
    for old, new in zip(before, after, strict=True):
        where = DIVISION_LABELS[old.division]
        for day in sorted(old.holidays.keys() ^ new.holidays.keys()):
            if day in old.holidays:
                told.append(f"{in_words(day)} ({old.holidays[day]}) is no longer a bank holiday in {where}.")
            elif day <= old.last_day:
                told.append(f"{in_words(day)} ({new.holidays[day]}) is new in {where}.")
        if new.last_day != old.last_day:
            told.append(f"Bank holidays of {where} are known to {in_words(new.last_day)}; before, to {in_words(old.last_day)}.")
    return tuple(told)


def signs_of_age(before: Calendars, after: Calendars) -> tuple[str, ...]:
    """Why calendars seem older than those in use, in sentences: they end earlier, or lack days that are known already."""
    told = []
    for old, new in zip(before, after, strict=True):
        where = DIVISION_LABELS[old.division]
        if new.last_day < old.last_day:
            told.append(
                f"For {where} this list ends on {in_words(new.last_day)}, and the one in use on {in_words(old.last_day)}."
            )
        lacking = [day for day in old.holidays if day <= new.last_day and day not in new.holidays]
        if lacking:
            told.append(f"This list lacks {_days(lacking)}, known for {where}.")
    return tuple(told)


def _days(days: Sequence[date]) -> str:
    """The first of some days in words, and how many more there are."""
    more = len(days) - 3
    return ", ".join(in_words(day) for day in days[:3]) + (f" and {more} more" if more > 0 else "")


def as_text(calendar: Calendar, source: str) -> str:
    """A calendar written out as a file of config/holidays/ is, so that an edition of it can be kept and read for ever."""
    head = {"division": calendar.division, "source": source}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    lines += [f"first_day = {calendar.first_day}", f"last_day = {calendar.last_day}", "", "[holidays]"]
    lines += [f"{day} = {json.dumps(title, ensure_ascii=False)}" for day, title in sorted(calendar.holidays.items())]
    return "\n".join(lines) + "\n"


def staleness(calendars: Calendars, today: date) -> tuple[str, ...]:
    """What to say loudly, for each division whose holidays are known no further than some months ahead."""
    told = []
    for calendar in calendars:
        where, last = DIVISION_LABELS[calendar.division], in_words(calendar.last_day)
        remedy = "load the newest list, www.gov.uk/bank-holidays.json"
        if calendar.last_day < today:
            told.append(f"Bank holidays of {where} were known only to {last}: every working-day date is provisional; {remedy}.")
        elif calendar.last_day - today < ENOUGH:
            told.append(f"Bank holidays of {where} are known only to {last}: dates after it are provisional; {remedy}.")
    return tuple(told)


class _Reader:
    """One text being read; faults gather, each with the line its words stand on."""

    def __init__(self, text: str, file_name: str) -> None:
        self.text, self.file = text, file_name
        self.faults: list[Fault] = []

    def fault(self, key: str, problem: str, remedy: str, words: str = "") -> None:
        """Note a fault at the line where its words stand first."""
        at = self.text.find(words) if words else 0
        self.faults.append(Fault(self.file, self.text.count("\n", 0, max(at, 0)) + 1, key, problem, remedy))

    def read(self) -> dict[str, dict[date, str]]:
        """Every division that can be read."""
        try:
            data = json.loads(self.text)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 1)
            self.faults.append(Fault(self.file, line, "", f"this is not JSON ({error})", "fetch the list from GOV.UK again"))
            return {}
        if not isinstance(data, dict):
            self.fault("", "this is not the GOV.UK list of bank holidays", "fetch www.gov.uk/bank-holidays.json")
            return {}
        for division in DIVISIONS:
            if division not in data:
                self.fault(division, f"{DIVISION_LABELS[division]} is missing", "fetch the whole list from GOV.UK again")
        for name in sorted(data.keys() - set(DIVISIONS)):
            self.fault(name, f"{name!r} is not a division known here", f"the list holds {', '.join(DIVISIONS)}", f'"{name}"')
        return {division: self._division(division, data[division]) for division in DIVISIONS if division in data}

    def _division(self, division: str, data: Any) -> dict[date, str]:
        """The days of one division."""
        events = data.get("events") if isinstance(data, dict) else None
        if not isinstance(events, list) or not events:
            self.fault(division, f"{division} holds no events", 'each division holds "events", a list', f'"{division}"')
            return {}
        days: dict[date, str] = {}
        for place, event in enumerate(events, start=1):
            key = f"{division}.events.{place}"
            title = event.get("title") if isinstance(event, dict) else None
            if not isinstance(title, str) or not title.strip():
                self.fault(key, "this event has no title", 'each event has a "title" and a "date"', f'"{division}"')
                continue
            day = self._day(key, title, event.get("date"))
            if day in days:
                self.fault(f"{key}.date", f"{day} is there twice ({days[day]}; {title})", "keep one of them", f'"{day}"')
            elif day:
                days[day] = title
        return days

    def _day(self, key: str, title: str, value: Any) -> date | None:
        """The date of an event, or None with a fault that names it."""
        words = f'"{value}"' if isinstance(value, str) else f'"{title}"'
        if day := read_day(value) if isinstance(value, str) else None:
            return day
        if isinstance(value, str) and is_like_a_day(value):
            self.fault(f"{key}.date", f"the date of {title}, {value}, does not exist", "correct it by the official list", words)
            return None
        said = "missing" if value is None else f"{value!r}"
        self.fault(f"{key}.date", f"the date of {title} is {said}", "write it as 2026-12-25", words)
        return None
