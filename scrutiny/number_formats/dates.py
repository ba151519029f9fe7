"""Days and times as a workbook counts them, in the words and figures a format asks for; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from locale import windows_locale
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

if TYPE_CHECKING:
    from scrutiny.number_formats.formats import Section, Token

DAY = 86_400
LAST_DAY = 2_958_465
#: What a workbook counts from 1904 adds to be counted from 1900.
SINCE_1904 = 1_462
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


class NoDate(Exception):
    """A number that no date or time stands for."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A number of days as a workbook keeps it: since 31 December 1899, or since 1 January 1904."""

    number: Decimal
    since_1904: bool = False

    def rounded(self, places: int) -> tuple[int, Decimal]:
        """The day and the second within it, to so many decimals of a second, as Excel rounds them; raises NoDate."""
        if not 0 <= self.number < LAST_DAY + 1 - (SINCE_1904 if self.since_1904 else 0):
            raise NoDate
        seconds = (self.number * DAY).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        day = int((seconds / DAY).to_integral_value(ROUND_FLOOR))
        return day, seconds - day * DAY


def day_of(number: int, since_1904: bool) -> tuple[int, int, int]:
    """(year, month, day) of a day by its number. Excel has a 29 February 1900, and day 0 is 0 January 1900."""
    number += SINCE_1904 if since_1904 else 0
    if number in (0, 60):
        return (1900, 1, 0) if number == 0 else (1900, 2, 29)
    found = date(1899, 12, 31 if number < 60 else 30) + timedelta(number)
    return found.year, found.month, found.day


def show_moment(moment: Moment, section: Section) -> str:
    """A date or time in the parts of a section; raises NoDate where there is none."""
    tokens = _minutes_told(section.tokens)
    places = max((_places(tokens, n) for n in range(len(tokens))), default=0)
    day, seconds = moment.rounded(places)
    hours_in_twelve = any(token.kind == "half" for token in tokens)
    clock = _Clock(day, seconds, moment.since_1904, hours_in_twelve)
    made, n = [], 0
    while n < len(tokens):
        token = tokens[n]
        if token.kind == "elapsed":
            made.append(_elapsed(token.text, day * DAY + seconds))
        elif token.kind == "half":
            made.append(_half(token.text, seconds))
        elif token.kind == "point" and (count := _places(tokens, n)):
            made.append("." + f"{seconds % 1:.{places}f}"[2 : 2 + count])
            n += count
        elif token.kind == "date":
            made.append(_part(token, clock, section.language))
        elif token.kind != "general":
            made.append(token.text)
        n += 1
    return "".join(made)


def shows_day(section: Section) -> bool:
    """Whether a section shows of which day, month or year something is."""
    return any(token.kind == "date" and token.text[0] in "ydebmYDEB" for token in _minutes_told(section.tokens))


def _minutes_told(tokens: tuple[Token, ...]) -> list[Token]:
    """The tokens, with M for minutes: an m or mm next after hours or next before seconds."""
    told = list(tokens)
    timed = [n for n, token in enumerate(told) if token.kind in ("date", "elapsed")]
    for place, n in enumerate(timed):
        token = told[n]
        if token.kind != "date" or token.text[0] not in "mM":
            continue
        before = told[timed[place - 1]].text[0].lower() if place else ""
        after = told[timed[place + 1]].text[0].lower() if place + 1 < len(timed) else ""
        if len(token.text) < 3 and (before == "h" or after == "s"):
            told[n] = type(token)("date", "M" * len(token.text))
        else:
            told[n] = type(token)("date", token.text.lower())
    return told


def _places(tokens: list[Token], n: int) -> int:
    """How many decimals of a second are asked for by a point here: the noughts after it."""
    count = 0
    if tokens[n].kind == "point":
        while n + 1 + count < len(tokens) and tokens[n + 1 + count].text == "0":
            count += 1
    return count


def _elapsed(text: str, seconds: Decimal) -> str:
    """Hours, minutes or seconds in all."""
    each = {"h": 3600, "m": 60, "s": 1}[text[0].lower()]
    return f"{int(seconds // each):0{len(text)}}"


def _half(text: str, seconds: Decimal) -> str:
    """The half of the day, in the letters of the format."""
    first, second = text.split("/")
    return second if seconds >= DAY // 2 else first


@dataclass(frozen=True, slots=True)
class _Clock:
    """A day by its number and the seconds in it, and whether its hours are shown in twelve."""

    day: int
    seconds: Decimal
    since_1904: bool
    hours_in_twelve: bool


def _part(token: Token, clock: _Clock, language: int) -> str:
    """One part of a date or time: a year, a month, a day, hours, minutes or seconds."""
    letter, width = token.text[0], len(token.text)
    whole = int(clock.seconds)
    if letter in "hH":
        hour = whole // 3600
        return f"{(hour + 11) % 12 + 1 if clock.hours_in_twelve else hour:0{min(width, 2)}}"
    if letter == "M":
        return f"{whole % 3600 // 60:0{min(width, 2)}}"
    if letter in "sS":
        return f"{whole % 60:0{min(width, 2)}}"
    year, month, of_month = day_of(clock.day, clock.since_1904)
    if letter == "m":
        return f"{month:0{width}}" if width < 3 else _name(MONTHS, month - 1, width, language)
    if letter in "dD":
        weekday = (clock.day + (SINCE_1904 if clock.since_1904 else 0) - 1) % 7
        return f"{of_month:0{width}}" if width < 3 else _name(DAYS, weekday, width, language)
    if letter in "gG":
        return ""
    year += 543 if letter in "bB" else 0
    return f"{year % 100:02}" if width < 3 and letter not in "eE" else f"{year:04}"


def _name(english: tuple[str, ...], n: int, width: int, language: int) -> str:
    """The name of a month or a day of the week: short (three letters), whole (four) or its first letter (five)."""
    other = _names(language)
    if other is not None:
        short, whole = other[0 if len(english) == 12 else 1]
        name = short[n] if width == 3 else whole[n]
    else:
        name = english[n][:3] if width == 3 else english[n]
    return name[0] if width == 5 and len(english) == 12 else name


@lru_cache(maxsize=50)
def _names(language: int) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], tuple[tuple[str, ...], tuple[str, ...]]] | None:
    """The months and days (short, whole) in the language with this number of Windows; None for English and unknown ones."""
    called = windows_locale.get(language & 0xFFFF, "en")
    if called.startswith("en"):
        return None
    try:
        locale = Locale.parse(called)
    except (UnknownLocaleError, ValueError):
        return None
    months, days = locale.months["format"], locale.days["format"]
    in_order = (6, 0, 1, 2, 3, 4, 5)
    return (
        (tuple(months["abbreviated"][n] for n in range(1, 13)), tuple(months["wide"][n] for n in range(1, 13))),
        (tuple(days["abbreviated"][n] for n in in_order), tuple(days["wide"][n] for n in in_order)),
    )
