"""What payments say of themselves: the financial year they are of, their stream, and the words that are published of them."""

from __future__ import annotations

from datetime import date

import pytest

from scrutiny.payments.cells import summed_up
from scrutiny.payments.years import year_of_payment, year_of_payments
from scrutiny.spend_files.records import Payment
from scrutiny.spend_files.rows import stream_of

FIRST, LAST = date(2000, 1, 1), date(2026, 3, 2)


@pytest.mark.parametrize(
    ("period", "year"),
    [("Jan - Mar 2025", 2024), ("March 2025", 2024), ("Apr 2025", 2025), ("Oct 2024 - Jan 2025", 2024), ("Quarter 1 2025", 2025)],
)
def test_a_period_is_of_the_financial_year_of_its_first_month(period: str, year: int) -> None:
    assert year_of_payment(Payment(2, 100, period=period), FIRST, LAST) == year


@pytest.mark.parametrize(
    ("name", "year"),
    [("Primary schools 2024.csv", 2024), ("spend-jan-2024.csv", 2023), ("March_2024.csv", 2023), ("Market 2024.csv", 2024)],
)
def test_a_file_is_of_the_year_that_its_name_says(name: str, year: int) -> None:
    assert year_of_payments([], name) == year


def test_free_words_of_a_payment_are_no_words_of_the_count() -> None:
    """People are named in what a payment is for; of a payment to a person its kind of expense is not published either."""
    payments = [
        Payment(2, 100, purpose="Foster allowance Jane Smith"),
        Payment(3, 200, category="Carer Jane Smith", supplier="Jane Smith", is_personal=True),
        Payment(4, 300, category="Stationery", supplier="Acme Ltd"),
        Payment(5, 400, service="Parks", supplier="Jane Smith", is_personal=True),
    ]
    assert {one.words for one in summed_up(payments, [2024] * 4)} == {"", "Stationery", "Parks"}
    assert sum(one.pence for one in summed_up(payments, [2024] * 4)) == 1_000


@pytest.mark.parametrize(
    ("said", "stream"),
    [("Capital", "capital"), ("c", "capital"), ("Current", "revenue"), ("Revenue", "revenue"), ("Charity", ""), ("", "")],
)
def test_current_spending_is_revenue(said: str, stream: str) -> None:
    assert stream_of(said) == stream
