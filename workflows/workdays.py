"""Calendars of bank holidays, one for each division of the United Kingdom, and fast counting of working days."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Final

from workflows.feasts import feasts_lacking
from workflows.labels import labels
from workflows.reading import Document, Fault, Table, faults_with, read_with
from workflows.refusals import Refused
from workflows.written_days import day_written

ENGLAND_AND_WALES: Final = "england-and-wales"
SCOTLAND: Final = "scotland"
NORTHERN_IRELAND: Final = "northern-ireland"
UK_ANY: Final = "uk-any"
DIVISIONS: Final = (ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND)
DIVISION_LABELS: Final = labels(
    {
        ENGLAND_AND_WALES: "England and Wales",
        SCOTLAND: "Scotland",
        NORTHERN_IRELAND: "Northern Ireland",
        UK_ANY: "any part of the United Kingdom",
    }
)
NATIONS: Final = ("england", "wales", SCOTLAND, NORTHERN_IRELAND)
_DIVISION_OF: Final = {"england": ENGLAND_AND_WALES, "wales": ENGLAND_AND_WALES, **{division: division for division in DIVISIONS}}
_ONE_DAY: Final = timedelta(days=1)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def division_of(nation: str) -> str:
    """The division whose bank holidays a nation keeps; an unknown nation is refused."""
    try:
        return _DIVISION_OF[nation]
    except KeyError:
        raise Refused(
            "There is no nation %(nation)s; write one of %(division_of)s.",
            nation=repr(nation),
            division_of=", ".join(_DIVISION_OF),
        ) from None


@dataclass(frozen=True)
class Calendar:
    """The bank holidays of one division, known from a first day to a last day, both included."""

    division: str
    holidays: Mapping[date, str]
    first_day: date
    last_day: date

    @cached_property
    def digest(self) -> str:
        """The edition: a SHA-256 over what the calendar says, the same however its file is laid out."""
        days = {day.isoformat(): title for day, title in sorted(self.holidays.items())}
        facts = [self.division, self.first_day.isoformat(), self.last_day.isoformat(), days]
        return sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()

    @cached_property
    def working_days(self) -> list[int]:
        """Every working day known, as sorted ordinals; built once, searched by bisection."""
        known = range(self.first_day.toordinal(), self.last_day.toordinal() + 1)
        closed = {day.toordinal() for day in self.holidays}
        return [day for day in known if day % 7 not in (6, 0) and day not in closed]  # ordinal 1 was a Monday

    @cached_property
    def _closed_weekdays(self) -> list[int]:
        """The bank holidays on a Monday to Friday, as sorted ordinals."""
        return sorted(day.toordinal() for day in self.holidays if day.weekday() < 5)

    def why_not(self, day: date) -> str:
        """Why a day is not a working day, or '' if it is one."""
        return self.holidays.get(day, "") or (WEEKDAYS[day.weekday()] if day.weekday() > 4 else "")

    def is_working(self, day: date) -> bool:
        """Whether a day is neither Saturday, Sunday nor a known bank holiday."""
        return day.weekday() < 5 and day not in self.holidays

    def after(self, start: date, days: int) -> date:
        """The day that is so many working days after a day; past the last known day only weekends are skipped."""
        self._require(start)
        known = self.working_days
        place = bisect_right(known, start.toordinal()) + days - 1
        if place < len(known):
            return date.fromordinal(known[place])
        return _weekdays_after(max(start, self.last_day), place - len(known) + 1)

    def before(self, start: date, days: int) -> date:
        """The day that is so many working days before a day."""
        self._require(start)
        day = start
        while days:
            day -= _ONE_DAY
            self._require(day)
            days -= self.is_working(day)
        return day

    def count(self, first: date, last: date) -> int:
        """How many working days there are from one day to another, both counted; weekends alone where no holidays are known."""
        closed = self._closed_weekdays
        return weekdays(first, last) - max(0, bisect_right(closed, last.toordinal()) - bisect_left(closed, first.toordinal()))

    def on_or_after(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return day if self.is_working(day) else self.after(day, 1)

    def _require(self, day: date) -> None:
        """Refuse to count working days where the bank holidays are not known."""
        if day < self.first_day:
            raise Refused(
                "Bank holidays of %(division_labels)s are known only from %(first_day)s, so working days cannot be counted "
                "from %(day)s; use a later date or a calendar-day clock.",
                division_labels=DIVISION_LABELS[self.division],
                first_day=in_words(self.first_day),
                day=in_words(day),
            )


@dataclass(frozen=True)
class Calendars:
    """The calendars of all divisions, and the one of any part of the United Kingdom made from them."""

    by_division: Mapping[str, Calendar]

    def of(self, nation: str) -> Calendar:
        """The calendar a nation (or division) keeps."""
        return self.by_division[division_of(nation)]

    @cached_property
    def uk_any(self) -> Calendar:
        """A day is closed here if it is a bank holiday in any part of the United Kingdom.

        FOIA 2000 s.10(6) also names Christmas Day and Good Friday, which are in every list or on a weekend.
        """
        parts = self.by_division.values()
        titles: dict[date, dict[str, list[str]]] = {}
        for part in parts:
            for day, title in part.holidays.items():
                titles.setdefault(day, {}).setdefault(title, []).append(part.division)
        holidays = {day: _title_and_place(named, len(self.by_division)) for day, named in titles.items()}
        return Calendar(UK_ANY, holidays, max(p.first_day for p in parts), min(p.last_day for p in parts))

    def __iter__(self) -> Iterator[Calendar]:
        return iter(self.by_division.values())


def _title_and_place(named: Mapping[str, list[str]], divisions: int) -> str:
    """A holiday's title, with the divisions that keep it where not all do."""
    words = []
    for title, places in named.items():
        everywhere = len(places) == divisions
        words.append(title if everywhere else f"{title} in {' and '.join(DIVISION_LABELS[p] for p in places)}")
    return "; ".join(words)


def _weekdays_after(start: date, days: int) -> date:
    """The day that is so many Mondays to Fridays after a day."""
    start -= timedelta(days=max(0, start.weekday() - 4))  # from a weekend, count as if from its Friday
    weeks, rest = divmod(days, 5)
    over_a_weekend = 2 if start.weekday() + rest > 4 else 0
    return start + timedelta(days=7 * weeks + rest + over_a_weekend)


def past_the_calendar(what: str, remedy: str = "use less") -> Refused:
    """The refusal of what would be counted past the first or the last day that can be written."""
    return Refused("%(what)s runs past the dates that can be written; %(remedy)s.", what=what, remedy=remedy)


def weekdays(first: date, last: date) -> int:
    """How many Mondays to Fridays there are from one day to another, both counted; none where the last is before the first."""
    weeks, rest = divmod(max(0, (last - first).days + 1), 7)
    return 5 * weeks + sum((first.weekday() + n) % 7 < 5 for n in range(rest))


def in_words(day: date) -> str:
    """A date as people write it, such as 9 May 2026."""
    return f"{day.day} {day:%B} {day.year}"


def read_calendar(text: str, file_name: str) -> Calendar:
    """Read one division's holidays, accepted once; Faulty only where their text is no TOML any more.

    Where it is not said from when to when they are known, the years of its days are; its division is then its file's name.
    """
    return read_with(_calendar, text, file_name)


def check_calendar(text: str, file_name: str) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of one division's holidays."""
    return faults_with(_calendar, text, file_name)


def _calendar(root: Table) -> Calendar:
    """One division's holidays."""
    document = root.document
    named = document.file.rsplit("/", 1)[-1].removesuffix(".toml")
    division = root.choice("division", DIVISIONS, otherwise=named if named in DIVISIONS else ENGLAND_AND_WALES)
    root.text("source")
    first, last = root.day("first_day", needed=True), root.day("last_day", needed=True)
    holidays = _days(root.table("holidays", needed=True)) | _days(root.table("extra_days"))
    if first and last:
        for day in sorted(holidays):
            if not first <= day <= last:
                document.fault(
                    ("holidays", day.isoformat()),
                    f"{day} lies outside first_day {first} to last_day {last}",
                    "move the day, or the first or last day",
                )
        if not any(last.year == day.year for day in holidays):
            document.fault(("last_day",), f"no holiday of {last.year} is listed", "list them or bring last_day forward")
        if not document.faults:
            _check_feasts(document, holidays, first, last)
    first = first or date(min(holidays, default=date.min).year, 1, 1)
    last = last or max(first, date(max(holidays, default=first).year, 12, 31) if holidays else first)
    return Calendar(division, holidays, first, last)


def _check_feasts(document: Document, holidays: Mapping[date, str], first: date, last: date) -> None:
    """Every whole year lists Christmas Day and Good Friday: no division has ever been without them."""
    for year in range(first.year, last.year + 1):
        if first <= date(year, 1, 1) and date(year, 12, 31) <= last:
            for name, day in feasts_lacking(holidays, year):
                remedy = f'add {day} = "{name}" under [holidays], and look whether more of {year} is missing'
                document.fault(("holidays",), f"{name} of {year} is not listed", remedy)


def _days(table: Table) -> dict[date, str]:
    """The days of a table whose keys are dates and whose values are titles."""
    days: dict[date, str] = {}
    for key in table.data:  # every key is asked for, so nothing is left to close
        title = table.text(key)
        if not key[:1].isdigit():
            said = f"{key} is not a key known here: this table holds days only"
            table.fault(key, said, "write it above this table, or take it out")
            continue
        try:
            days[day_written(key)] = title
        except ValueError:
            table.fault(key, f"{key!r} is not a date that exists", "write it as 2026-12-25")
    return days


def read_calendars(texts: Mapping[str, str]) -> Calendars:
    """Read every division's file (file name to text), once they are checked."""
    calendars = {calendar.division: calendar for calendar in (read_calendar(text, name) for name, text in texts.items())}
    return Calendars({division: calendars[division] for division in DIVISIONS})


def check_calendars(texts: Mapping[str, str]) -> tuple[Fault, ...]:
    """Everything that is wrong with the files together; a division without a file, or with two, is a fault."""
    faults = [fault for name, text in sorted(texts.items()) for fault in check_calendar(text, name)]
    if faults:
        return tuple(faults)
    divisions: set[str] = set()
    for name, text in sorted(texts.items()):
        division = read_calendar(text, name).division
        if division in divisions:
            faults.append(Fault(name, 1, "division", f"{division} has another file already", "remove one"))
        divisions.add(division)
    missing = [division for division in DIVISIONS if division not in divisions and not faults]
    return (*faults, *(Fault(f"{name}.toml", 1, "", "this calendar is missing", "put it back") for name in missing))
