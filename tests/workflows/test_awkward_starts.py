"""Every clock from every awkward day: worked by hand for England and Wales; a refusal where bank holidays are not known."""

from datetime import date

import pytest

from tests.workflows.calendars import CALENDARS
from workflows.deadlines import RULES, due
from workflows.due_date_steps import KINDS
from workflows.due_reasons import counted
from workflows.refusals import Refused

# Thursday, Saturday, Thursday, Sunday (the last day the calendars know), Thursday (before 1970), Thursday (the far future).
STARTS = ("2024-02-29", "2026-01-31", "2026-12-24", "2028-12-31", "1968-02-29", "2150-01-01")
# x refuses: working days cannot be counted before 2012. ~ is provisional: only weekends are skipped past the end of 2028.
BY_HAND = """
calendar_after:28         2024-03-28   2026-02-28   2027-01-21   2029-01-28   1968-03-28   2150-01-29
months_beginning_with:1   2024-03-28   2026-02-28   2027-01-23   2029-01-30   1968-03-28   2150-01-31
working_after:5           2024-03-07   2026-02-06   2027-01-05   2029-01-05~  x            2150-01-08~
working_after_uk_any:5    2024-03-07   2026-02-06   2027-01-06   2029-01-05~  x            2150-01-08~
working_day_number:5      2024-03-06   2026-02-06   2027-01-04   2029-01-05~  x            2150-01-07~
clear_after:10            2024-03-10   2026-02-10   2027-01-03   2029-01-10   1968-03-10   2150-01-11
clear_before:5            2024-02-21   2026-01-23   2026-12-16   2028-12-20   x            2149-12-24~
reasonable:10             2024-03-14   2026-02-13   2027-01-12   2029-01-12~  x            2150-01-15~
stated_date:2200-02-28    2200-02-28   2200-02-28   2200-02-28   2200-02-28   2200-02-28   2200-02-28
none                      -            -            -            -            -            -
"""
CELLS = [
    (clock, start, told)
    for clock, *row in (line.split() for line in BY_HAND.strip().splitlines())
    for start, told in zip(STARTS, row, strict=True)
]


@pytest.mark.parametrize(("clock", "start", "told"), CELLS)
def test_a_clock_set_going_on_an_awkward_day_gives_the_day_worked_by_hand_and_shows_its_working(
    clock: str, start: str, told: str
) -> None:
    if told == "x":
        with pytest.raises(Refused, match=r"known only from 1 January 2012.*use a later date or a calendar-day clock"):
            due(clock, date.fromisoformat(start), CALENDARS)
        return
    answer = due(clock, date.fromisoformat(start), CALENDARS)
    assert answer.due == (None if told == "-" else date.fromisoformat(told.rstrip("~")))
    assert answer.provisional == told.endswith("~")
    assert counted(answer).known_until == (date(2028, 12, 31) if told.endswith("~") else None)
    steps = answer.steps()
    assert bool(steps) == (told != "-")
    assert all(step.kind in KINDS for step in steps)


def test_every_clock_stands_in_the_table() -> None:
    assert {clock.split(":")[0] for clock, _, _ in CELLS} == RULES.keys()


@pytest.mark.parametrize(
    ("nation", "expected"),
    [("england", "2026-12-29"), ("wales", "2026-12-29"), ("scotland", "2026-12-29"), ("northern-ireland", "2026-12-29")],
)
def test_from_christmas_eve_every_nation_next_works_on_the_29th(nation: str, expected: str) -> None:
    assert due("working_after:1", date(2026, 12, 24), CALENDARS, nation=nation).due == date.fromisoformat(expected)


@pytest.mark.parametrize(("months", "expected"), [(1, "2026-02-28"), (2, "2026-03-30"), (3, "2026-04-30"), (13, "2027-02-28")])
def test_months_from_31_january_end_with_the_month_only_where_it_has_no_31st(months: int, expected: str) -> None:
    assert due(f"months_beginning_with:{months}", date(2026, 1, 31), CALENDARS).due == date.fromisoformat(expected)


@pytest.mark.parametrize(("months", "expected"), [(12, "2025-02-28"), (24, "2026-02-28"), (36, "2027-02-28"), (48, "2028-02-28")])
def test_years_from_29_february_end_on_the_28th(months: int, expected: str) -> None:
    """Where there is no 29 February the period ends with the month; in 2028 there is one to end before."""
    assert due(f"months_beginning_with:{months}", date(2024, 2, 29), CALENDARS).due == date.fromisoformat(expected)
