"""Amounts as people write them: each sign and grouping, and what can be read in two ways is not guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scrutiny.spend_files.amounts import COMMA, DOT, mark_of, pence_of, read_amount, value_of
from scrutiny.spend_files.records import Why


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("£1,234.56", "1234.56"),
        ("£1,234.56CR", "-1234.56"),
        ("(500.00)", "-500"),
        ("-£20.00", "-20"),
        ("£-20.00", "-20"),
        ("£(20.00)", "-20"),
        ("1E+05", "100000"),
        ("500.00 DR", "500"),
        ("−750.00", "-750"),
        ("1 616.23 ", "1616.23"),
        ("1'616.23", "1616.23"),
        ("250.00-", "-250"),
        ("Â£12.00", "12"),
        ("œ12.00", "12"),
        ("GBP 12.00", "12"),
        ("'12.00", "12"),
        ("[12.00]", "-12"),
        ("+12.00", "12"),
        (".5", "0.5"),
        ("-0.00", "0"),
    ],
)
def test_an_amount_is_read_with_its_sign(text: str, pounds: str) -> None:
    """To the penny, as a decimal."""
    assert value_of(read_amount(text), DOT, fine=False) == Decimal(pounds)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Nil", Why.NO_AMOUNT),
        ("", Why.NO_AMOUNT),
        ("-", Why.NO_AMOUNT),
        ("£ -", Why.NO_AMOUNT),
        ("#REF!", Why.SHEET_ERROR),
        ("#####", Why.SHEET_ERROR),
        ("1.234,56", Why.AMBIGUOUS_AMOUNT),
        ("12,34,567.00", Why.AMBIGUOUS_AMOUNT),
        ("1.234", Why.AMBIGUOUS_AMOUNT),
        ("(5.00)CR", Why.AMBIGUOUS_AMOUNT),
        ("-(5.00)", Why.AMBIGUOUS_AMOUNT),
        ("€12.00", Why.OTHER_CURRENCY),
        ("$12", Why.OTHER_CURRENCY),
        ("twelve", Why.NOT_AN_AMOUNT),
        ("12%", Why.NOT_AN_AMOUNT),
        ("ACME 12", Why.NOT_AN_AMOUNT),
    ],
)
def test_what_is_no_amount_or_several_says_so(text: str, why: Why) -> None:
    """In a column with a decimal point."""
    assert value_of(read_amount(text), DOT, fine=False) is why


def test_a_column_decides_what_parts_pounds_from_pence() -> None:
    """By the cells that can be read in one way only."""
    assert mark_of(map(read_amount, ["600,00", "1.700,50", "1.500"])) == COMMA
    assert mark_of(map(read_amount, ["600.00", "1,700.50", "1,500", "1.234,56"])) == DOT
    assert value_of(read_amount("1.500"), COMMA, fine=False) == Decimal(1500)
    assert value_of(read_amount("1,500"), DOT, fine=False) == Decimal(1500)


def test_half_a_penny_goes_up() -> None:
    """Away from nought, on both sides of it."""
    assert [pence_of(Decimal(text)) for text in ("0.005", "-0.005", "1.994", "12.345")] == [1, -1, 199, 1235]
