"""The typed calendars against the official list, as the govuk-bank-holidays wheel carries it."""

from datetime import date
from pathlib import Path

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from workflows.workdays import DIVISIONS, read_calendars

FOLDER = Path(__file__).parents[2] / "config" / "holidays"
CALENDARS = read_calendars({path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.toml")})
# Days proclaimed after the wheel was made; each stands under [extra_days] with where it was read.
PROCLAIMED_LATER = {"scotland": {date(2026, 6, 15)}}


@pytest.mark.parametrize("division", DIVISIONS)
def test_the_typed_days_are_the_official_days(division: str) -> None:
    calendar = CALENDARS.of(division)
    official = {event["date"]: event["title"] for event in BankHolidays(use_cached_holidays=True).get_holidays(division=division)}
    typed = {day for day in calendar.holidays if day not in PROCLAIMED_LATER.get(division, set())}
    assert typed == official.keys()
    for day, title in official.items():
        assert calendar.holidays[day].startswith(title), day
    assert (calendar.first_day, calendar.last_day) == (date(2012, 1, 1), date(2028, 12, 31))


def test_the_days_proclaimed_later_are_kept() -> None:
    for division, days in PROCLAIMED_LATER.items():
        assert days <= CALENDARS.of(division).holidays.keys()


@pytest.mark.parametrize("division", DIVISIONS)
def test_no_holiday_falls_on_a_weekend_for_the_official_list_moves_it(division: str) -> None:
    assert [day for day in CALENDARS.of(division).holidays if day.weekday() > 4] == []
