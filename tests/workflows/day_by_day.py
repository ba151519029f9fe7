"""A second, slow way of counting: one day at a time, by the holidays of the govuk-bank-holidays wheel."""

from datetime import date, timedelta

from govuk_bank_holidays.bank_holidays import BankHolidays

_OFFICIAL = BankHolidays(use_cached_holidays=True)
_CLOSED = {
    division: {event["date"] for event in _OFFICIAL.get_holidays(division=division)}
    for division in ("england-and-wales", "scotland", "northern-ireland")
}
_CLOSED["scotland"].add(date(2026, 6, 15))  # proclaimed after the wheel was made
_ANYWHERE = set().union(*_CLOSED.values())
_DAY = timedelta(days=1)


def count_by_day(name: str, number: int, start: date, nation: str) -> date:
    """The due date, found by walking."""
    closed = _ANYWHERE if name == "working_after_uk_any" else _CLOSED[nation]
    if name == "months_beginning_with":
        return _months(start, number)
    if name in ("calendar_after", "clear_after"):
        return _walk(start, number, set(), weekends=True)
    if name == "working_day_number":
        return _walk(start - _DAY, number, closed)
    if name == "clear_before":
        return _walk(start, number + 1, closed, step=-_DAY)
    return _walk(start, number, closed)


def _walk(day: date, number: int, closed: set[date], *, weekends: bool = False, step: timedelta = _DAY) -> date:
    """Walk until so many open days have been stepped on."""
    while number:
        day += step
        if weekends or (day.strftime("%a") not in ("Sat", "Sun") and day not in closed):
            number -= 1
    return day


def _months(start: date, number: int) -> date:
    """The last day before the month's day comes round again so many times, or the month is over."""
    day = start
    while True:
        day += _DAY
        months = (day.year - start.year) * 12 + day.month - start.month
        if months == number and day.day == start.day:
            return day - _DAY
        if months > number:
            return day - _DAY
