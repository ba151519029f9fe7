"""Stretches of time that things are counted in: calendar quarters, calendar years and financial years, by a short key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_KEY = re.compile(r"(?P<year>(?:19|20)\d\d)-q(?P<quarter>[1-4])|(?P<kind>fy|cy)(?P<whole>(?:19|20)\d\d)")
#: The key of all time.
ALL: Final = "all"
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both within it."""

    key: str
    first: date
    last: date

    def __contains__(self, on: date) -> bool:
        return self.first <= on <= self.last


def period_of(key: str) -> Period | None:
    """The period of a key: 2026-q3, cy2026 (January to December), fy2026 (April 2026 to March 2027) or all; else None."""
    if key == ALL:
        return Period(ALL, _FIRST, _LAST)
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    if found["quarter"]:
        return _quarter(int(found["year"]), int(found["quarter"]))
    year = int(found["whole"])
    if found["kind"] == "cy":
        return Period(key, date(year, 1, 1), date(year, 12, 31))
    return Period(key, date(year, 4, 1), date(year + 1, 3, 31))


def quarters_between(first: date, last: date) -> Iterator[Period]:
    """Every calendar quarter with a day in a stretch, in order."""
    year, number = first.year, (first.month + 2) // 3
    while (quarter := _quarter(year, number)).first <= last:
        yield quarter
        year, number = (year, number + 1) if number < 4 else (year + 1, 1)


def _quarter(year: int, number: int) -> Period:
    first = date(year, 3 * number - 2, 1)
    after = date(year + number // 4, 3 * (number % 4) + 1, 1)
    return Period(f"{year}-q{number}", first, after - timedelta(days=1))
