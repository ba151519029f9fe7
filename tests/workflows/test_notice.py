"""Notice of a meeting, counted by hand in clear working days."""

from datetime import date, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.legal_words import caution_sentence
from tests.workflows.calendars import CALENDARS
from tests.workflows.test_powers import POWERS
from workflows.legal_basis import Asking, find_basis
from workflows.notice import late_notice, notice_days
from workflows.workdays import weekdays

CALENDAR = CALENDARS.of("england")


@pytest.mark.parametrize(
    ("sent", "meeting", "days"),
    [
        ("2026-03-02", "2026-03-03", 0),  # tomorrow: no clear day between
        ("2026-03-02", "2026-03-05", 2),  # Tuesday and Wednesday
        ("2026-03-06", "2026-03-10", 1),  # Friday to Tuesday: only Monday
        ("2026-03-02", "2026-03-16", 9),
        ("2026-03-02", "2026-03-17", 10),
        ("2026-12-24", "2026-12-31", 2),  # Christmas Day, the weekend and the substitute day fall between: 29 and 30 December
        ("2026-04-02", "2026-04-08", 1),  # Good Friday and Easter Monday: 7 April alone
        ("2028-02-28", "2028-03-02", 2),  # 29 February and 1 March
    ],
)
def test_neither_the_day_it_goes_nor_the_day_of_the_meeting_counts(sent: str, meeting: str, days: int) -> None:
    assert notice_days(date.fromisoformat(sent), date.fromisoformat(meeting), CALENDAR) == days


def _said(body: str, meeting: date) -> str:
    basis = find_basis(POWERS, Asking(body, "icb", date(2026, 3, 2), subject="health", host_kind="county"), "attend")
    caution = late_notice(basis, 3, date(2026, 3, 2), meeting, CALENDAR)
    return caution_sentence(caution) if caution else ""


def test_short_notice_is_said_with_the_law_and_the_number() -> None:
    assert _said("health-committee", date(2026, 3, 5)) == (
        "Item 3: The law asks for reasonable notice (SI 2013/218 reg 27), taken here as 10 working days; "
        "this is 2 working days, up to the meeting on 5 March 2026."
    )
    assert _said("health-committee", date(2026, 3, 17)) == ""


def test_an_invitation_is_minded_too_without_claiming_a_law() -> None:
    said = _said("place-board", date(2026, 3, 4))
    assert "An invitation should give reasonable notice, taken here as 10 working days; this is 1 working day," in said


def test_notice_of_a_meeting_thousands_of_years_off_is_counted_at_once() -> None:
    """Walked day by day it took a minute; the number is every Monday to Friday but the bank holidays known."""
    began = process_time()
    days = notice_days(date(2026, 3, 2), date(9999, 12, 31), CALENDAR)
    assert process_time() - began < 10  # of this process, whatever else the machine does
    closed = sum(day.weekday() < 5 and day > date(2026, 3, 2) for day in CALENDAR.holidays)
    assert days == weekdays(date(2026, 3, 3), date(9999, 12, 30)) - closed
    assert notice_days(date(2026, 3, 2), date(2026, 3, 1), CALENDAR) == 0


@given(st.dates(date(2017, 1, 1), date(2031, 12, 31)), st.integers(-3, 500))
def test_working_days_by_arithmetic_are_those_counted_one_by_one(first: date, more: int) -> None:
    last = first + timedelta(days=more)
    assert CALENDAR.count(first, last) == sum(CALENDAR.is_working(first + timedelta(days=n)) for n in range(more + 1))
