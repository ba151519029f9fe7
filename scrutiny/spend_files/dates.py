"""The day of a payment as publishers write it; whether day or month comes first is decided by the whole column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

DMY, MDY = "dmy", "mdy"
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ionawr ion",
            "feb february chwefror chwef",
            "mar march mawrth maw",
            "apr april ebrill ebr",
            "may mai",
            "jun june mehefin meh",
            "jul july gorffennaf gorff",
            "aug august awst",
            "sep sept september medi",
            "oct october hydref hyd",
            "nov november tachwedd tach",
            "dec december rhagfyr rhag",
        ),
        1,
    )
    for name in names.split()
}
MONTH = r"(?P<month>[A-Za-z]{3,10})\.?"
TIME = re.compile(r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$")
WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\.?,?\s+", re.IGNORECASE)
ISO = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
NUMERIC = re.compile(r"(\d{1,2})\s?[-/.\\ ]\s?(\d{1,2})\s?[-/.\\ ]\s?(\d{4}|\d{2})")
DAY_MONTH = re.compile(rf"(?P<day>\d{{1,2}})(st|nd|rd|th)?[-/ .]*(of )?{MONTH}[-/ .,]*'?(?P<year>\d{{4}}|\d{{2}})", re.IGNORECASE)
MONTH_DAY = re.compile(rf"{MONTH}[-/ .]*(?P<day>\d{{1,2}})(st|nd|rd|th)?[-/ .,]+(?P<year>\d{{4}})", re.IGNORECASE)
MONTH_YEAR = re.compile(rf"{MONTH}[-/ .,']*(?P<year>\d{{4}}|\d{{2}})", re.IGNORECASE)
LOST = re.compile(r"0{1,2}:00(:00)?(\.0+)?|0?0/0?0/0{2,4}|0{4}-00-00|#+")
SERIAL = re.compile(r"(\d{5})(\.\d+)?")
COMPACT = re.compile(r"(19|20)\d{6}")
YEAR = r"(?P<year>20\d{2})\s?[-/]\s?(20)?(?P<next>\d{2})"
PERIOD = re.compile(
    rf"({YEAR}[\s,-]*)?\b(p|per|period|month|mth|m)\s?0?(?P<number>\d{{1,2}})\b"
    r"([\s,-]*(?P<after>20\d{2})\s?[-/]\s?(20)?\d{2})?",
    re.IGNORECASE,
)
QUARTER = re.compile(r"(q|quarter)\s?[1-4]\b.*|.*\b(q|quarter)\s?[1-4]", re.IGNORECASE)
#: No day or period is longer as it is written; patterns cost more time the longer what they are tried on is.
LONGEST = 100
#: Before this nobody published payments, and much after today nobody has made any.
EARLIEST = date(1997, 4, 1)


class Kind(StrEnum):
    """What a cell is as a day."""

    DAY = "day"
    NUMERIC = "numeric"
    SERIAL = "serial"
    PERIOD = "period"
    LOST = "lost"
    BLANK = "blank"
    IMPOSSIBLE = "impossible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Written:
    """A cell as a day: the day where only one is meant, else its two numbers and its year; or a period."""

    kind: Kind
    day: date | None = None
    first: int = 0
    second: int = 0
    year: int = 0
    period: str = ""

    @property
    def looks_dated(self) -> bool:
        """Whether it looks as a date does, also one whose day was lost; a bare number does not."""
        return self.kind in (Kind.DAY, Kind.NUMERIC, Kind.LOST, Kind.PERIOD, Kind.IMPOSSIBLE)


@lru_cache(maxsize=50_000)
def read_date(text: str) -> Written:
    """What one cell says as a day, without its column."""
    text = " ".join(text.strip().lstrip("'").split())
    if len(text) > LONGEST:
        return Written(Kind.NONE)
    if not text:
        return Written(Kind.BLANK)
    if LOST.fullmatch(text):
        return Written(Kind.LOST)
    bare = WEEKDAY.sub("", TIME.sub("", text)).strip(" ,")
    if found := ISO.fullmatch(bare):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := NUMERIC.fullmatch(bare):
        first, second, year = int(found[1]), int(found[2]), _full_year(found[3])
        if first > 31 or second > 31 or not first or not second or (first > 12 and second > 12):
            return Written(Kind.IMPOSSIBLE)
        return Written(Kind.NUMERIC, first=first, second=second, year=year)
    if found := DAY_MONTH.fullmatch(bare) or MONTH_DAY.fullmatch(bare):
        if month := MONTHS.get(found["month"].lower()):
            return _day(_full_year(found["year"]), month, int(found["day"]))
    elif COMPACT.fullmatch(bare):
        return _day(int(bare[:4]), int(bare[4:6]), int(bare[6:]))
    elif (found := SERIAL.fullmatch(bare)) and 20_000 < int(found[1]) < 80_000:
        return Written(Kind.SERIAL, date(1899, 12, 30) + timedelta(days=int(found[1])))
    return _period(bare)


def _day(year: int, month: int, day: int) -> Written:
    try:
        return Written(Kind.DAY, date(year, month, day))
    except ValueError:
        return Written(Kind.IMPOSSIBLE)


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else (1900 if int(digits) > 79 else 2000) + int(digits)


def _period(text: str) -> Written:
    """A month, a period of a financial year (from April), a span of months, a quarter or a year."""
    if (found := MONTH_YEAR.fullmatch(text)) and (month := MONTHS.get(found["month"].lower())):
        return Written(Kind.PERIOD, period=f"{_full_year(found['year'])}-{month:02}")
    if found := PERIOD.fullmatch(text):
        number, said = int(found["number"]), found["year"] or found["after"]
        if said and 1 <= number <= 12:
            return Written(Kind.PERIOD, period=f"{int(said) + (number > 9)}-{(number + 2) % 12 + 1:02}")
        return Written(Kind.PERIOD, period=text)
    months = [MONTHS.get(word.lower()) for word in re.findall(r"[A-Za-z]{3,}", text)]
    if months and all(months) and re.search(r"\d{2}", text):
        return Written(Kind.PERIOD, period=text)
    if QUARTER.fullmatch(text) or re.fullmatch(YEAR, text) or re.fullmatch(r"20\d{2}(0[1-9]|1[0-3])", text):
        return Written(Kind.PERIOD, period=text)
    return Written(Kind.NONE)


@dataclass(frozen=True, slots=True)
class Order:
    """Whether day or month comes first in a column; and whether its cells say so, or nothing does."""

    order: str
    is_sure: bool
    #: how many numeric dates can be read in this order alone, and in the other alone
    only: int = 0
    other: int = 0


def order_of(cells: Iterable[Written]) -> Order:
    """Day or month first, by all cells of a column: those that can be read in one way only, else the fewest months."""
    numeric = Counter((one.first, one.second, one.year) for one in cells if one.kind is Kind.NUMERIC)
    day_first = sum(count for (first, _, _), count in numeric.items() if first > 12)
    month_first = sum(count for (_, second, _), count in numeric.items() if second > 12)
    if day_first or month_first:
        if month_first > day_first:
            return Order(MDY, is_sure=True, only=month_first, other=day_first)
        return Order(DMY, is_sure=True, only=day_first, other=month_first)
    if not numeric:
        return Order(DMY, is_sure=True)
    # A month's file has few months and many days: 01/04, 01/05, 01/06 of one month have the month first.
    months_second = len({(second, year) for _, second, year in numeric})
    months_first = len({(first, year) for first, _, year in numeric})
    if len(numeric) >= 4 and months_second <= 3 < months_first:
        return Order(DMY, is_sure=True)
    if len(numeric) >= 4 and months_first <= 3 < months_second:
        return Order(MDY, is_sure=True)
    return Order(DMY, is_sure=len({(one[0], one[1]) for one in numeric if one[0] != one[1]}) == 0)


def day_of(written: Written, order: str) -> tuple[date | None, bool]:
    """The day that a cell means in a column of this order, None where there is none such; and whether only the other order
    makes it a day."""
    if written.kind is not Kind.NUMERIC:
        return written.day, False
    day, month = (written.first, written.second) if order == DMY else (written.second, written.first)
    if month <= 12:
        return _day(written.year, month, day).day, False
    return _day(written.year, day, month).day, True
