"""How dates, moments, numbers, shares and sizes are said on pages, in letters and in print, in the language spoken now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext, ngettext

from scrutiny.languages import day_in_words
from workflows.written_days import day_written

LONDON = ZoneInfo("Europe/London")


def day(value: date | None) -> str:
    """A day in full: 'Friday 27 November 2026'."""
    return "" if value is None else day_in_words(value, f"%A {value.day} %B %Y", "EEEE d MMMM y")


def plain_day(value: date | None) -> str:
    """A day without its weekday: '27 November 2026'."""
    return "" if value is None else day_in_words(value, f"{value.day} %B %Y", "d MMMM y")


def weekday(value: date) -> str:
    """The name of a day: 'Friday'."""
    return day_in_words(value, "%A", "EEEE")


def iso_day(value: str) -> str:
    """A day kept as text in plain values, in full; text that is none stays as it is."""
    try:
        return day(day_written(value))
    except ValueError:
        return value


def short_day(value: date | str | None) -> str:
    """A day for tables: 'Fri 27 Nov 2026'; a stored working holds its days as text, 2026-11-27."""
    value = day_written(value) if isinstance(value, str) else value
    return "" if value is None else day_in_words(value, f"%a {value.day} %b %Y", "EEE d MMM y")


def moment(value: datetime | None) -> str:
    """A moment in London time: '27 November 2026 at 2:05pm'."""
    if value is None:
        return ""
    local = value.astimezone(LONDON)
    on = day_in_words(local, f"{local.day} %B %Y", "d MMMM y")
    return gettext("%(day)s at %(hour)s", day=on, hour=clock_time(value))


def clock_time(value: datetime) -> str:
    """The time of day in London: '2:05pm', '7am'."""
    local = value.astimezone(LONDON)
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def month(value: datetime) -> str:
    """The month in London in which a moment falls: 'March 2026'."""
    return day_in_words(london_day(value), "%B %Y", "MMMM y")


def london_day(value: datetime) -> date:
    """The day in London on which a moment falls."""
    return value.astimezone(LONDON).date()


def number(value: float | int | None) -> str:
    """A whole number with thousands: '226,598'."""
    return "" if value is None else f"{value:,.0f}"


def full_stop(text: str | None) -> str:
    """Somebody's words as a whole sentence: a full stop at the end where they have no end of their own."""
    words = (text or "").rstrip()
    ends = words.rstrip("”’\"')").endswith((".", "!", "?", "…"))
    return words if ends or not words else f"{words}."


def sentences(parts: Iterable[str | None]) -> str:
    """Several people's words, or sentences of ours with or without a full stop, one after the other, each ended once."""
    return " ".join(filter(None, map(full_stop, parts)))


def percent(share: float | None, places: int = 0) -> str:
    """A share from 0 to 1 as '76%'; a little is never said as nothing, nor nearly all as all."""
    if share is None:
        return gettext("not known")
    if share >= 1:
        return gettext("all")
    if 0 < share < 0.01 and places == 0:
        return gettext("under 1%")
    if 0.99 < share < 1 and places == 0:
        return gettext("over 99%")
    return f"{share * 100:.{places}f}%"


def square_km(metres: float | None) -> str:
    """An area given in square metres as '3,789 km²'."""
    if metres is None:
        return ""
    km2 = metres / 1e6
    return f"{km2:,.0f} km²" if km2 >= 10 else f"{km2:,.2f} km²"


def land(metres: float) -> str:
    """A piece of land given in square metres, however small: '4.20 km²', '850 m²'."""
    return f"{metres / 1e6:,.2f} km²" if metres >= 10_000 else f"{metres:,.0f} m²"


def span(days: int) -> str:
    """How long so many days are: '3 years', '90 days'."""
    years, over = divmod(days, 365)
    if years and not over:
        return ngettext("%(num)s year", "%(num)s years", years)
    return ngettext("%(num)s day", "%(num)s days", days)


def size(count: int | None) -> str:
    """A size in bytes as '1.2MB'."""
    if count is None:
        return ""
    if count < 1000:
        return ngettext("%(num)s byte", "%(num)s bytes", count)
    return f"{count / 1000:,.0f}KB" if count < 1_000_000 else f"{count / 1_000_000:,.1f}".removesuffix(".0") + "MB"


def plural(count: int, one: str, many: str = "") -> str:
    """'1 item', '3 items'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def days_from(value: date, today: date) -> str:
    """How far off a day is, in calendar days: 'today', '5 days', '3 days late'."""
    gap = (value - today).days
    if gap == 0:
        return gettext("today")
    if gap > 0:
        return ngettext("%(count)s day", "%(count)s days", gap, count=f"{gap:,}")
    return ngettext("%(count)s day late", "%(count)s days late", -gap, count=f"{-gap:,}")


def listed(names: list[str]) -> str:
    """Names as an English list: 'A, B and C'."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(most)s and %(last)s", most=", ".join(names[:-1]), last=names[-1])


def mid_sentence(label: str) -> str:
    """A label as it stands within a sentence: 'integrated care board', but 'NHS trust'."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
