"""Days as publishers write them; the whole column decides whether the day or the month comes first."""

from __future__ import annotations

from datetime import date

import pytest

from scrutiny.spend_files.dates import DMY, MDY, Kind, day_of, order_of, read_date

THIRD_OF_APRIL = date(2024, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2024",
        "3/4/24",
        "2024-04-03",
        "2024/04/03",
        "03-Apr-24",
        "3rd April 2024",
        "April 3, 2024",
        "Wednesday, April 03, 2024",
        "45385",
        "45385.5",
        "2024-04-03T00:00:00Z",
        "03/04/2024 00:00",
        "2024-04-03 09:30:00.000",
        "03.04.2024",
        "20240403",
        "3 Ebrill 2024",
        "03 04 2024",
    ],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    """With the day first, where both are numbers."""
    assert day_of(read_date(text), DMY) == (THIRD_OF_APRIL, False)


@pytest.mark.parametrize("text", ["31/04/2024", "29/02/2023", "32/01/2024", "13/13/2024", "2024-02-30", "00/01/2024"])
def test_a_day_that_never_was_is_none(text: str) -> None:
    """Whichever order is meant."""
    assert day_of(read_date(text), DMY)[0] is None
    assert day_of(read_date(text), MDY)[0] is None


@pytest.mark.parametrize(
    ("text", "period"), [("2022/23 P5", "2022-08"), ("P10 2022/23", "2023-01"), ("Apr-22", "2022-04"), ("August 2022", "2022-08")]
)
def test_a_period_is_its_month(text: str, period: str) -> None:
    """Periods are counted from April, as the financial year of public bodies is."""
    assert read_date(text).period == period


def test_what_has_lost_its_day_is_no_day() -> None:
    """Neither today nor 1900."""
    assert read_date("00:00:00").kind is Kind.LOST
    assert day_of(read_date("00:00:00"), DMY) == (None, False)


def test_one_cell_decides_for_its_column() -> None:
    """13 is no month."""
    assert order_of(map(read_date, ["04/05/2024", "04/13/2024"])).order == MDY
    assert order_of(map(read_date, ["04/05/2024", "13/04/2024"])).order == DMY
    assert day_of(read_date("04/13/2024"), DMY) == (date(2024, 4, 13), True)


def test_a_month_of_payments_has_one_month_and_many_days() -> None:
    """So days from 1 to 12 alone still tell; two of them alone do not."""
    assert order_of(map(read_date, [f"04/{day:02}/2024" for day in range(1, 9)])).order == MDY
    assert order_of(map(read_date, [f"{day:02}/04/2024" for day in range(1, 9)])).is_sure
    assert not order_of(map(read_date, ["03/04/2024", "04/05/2024"])).is_sure
