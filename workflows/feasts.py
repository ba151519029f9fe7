"""The two days that every division keeps each year, so that a list of bank holidays without one of them is known to be faulty."""

from collections.abc import Container, Iterator
from datetime import date, timedelta


def feasts_lacking(holidays: Container[date], year: int) -> Iterator[tuple[str, date]]:
    """What a year's list lacks of Christmas Day (or its substitute) and Good Friday: the name, and the day to list."""
    friday, christmas = easter(year) - timedelta(days=2), date(year, 12, 25)
    if friday not in holidays:
        yield "Good Friday", friday
    # Where the 25th falls on a weekend its substitute is the 27th, whichever of the two days it is.
    substitute = date(year, 12, 27)
    if christmas not in holidays and not (christmas.weekday() > 4 and substitute in holidays):
        yield "Christmas Day", substitute if christmas.weekday() > 4 else christmas


def easter(year: int) -> date:
    """Easter Day of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
