"""Names are compared as people write them, not as a list spells them."""

from __future__ import annotations

import pytest

from scrutiny.typed_text import folded


@pytest.mark.parametrize(
    ("typed", "official"),
    [
        ("King’s Lynn", "King's Lynn"),
        ("kings lynn", "King's Lynn"),
        ("Hammersmith & Fulham", "Hammersmith and Fulham"),
        ("Newcastle-upon-Tyne", "Newcastle upon Tyne"),
        ("Stoke on Trent", "Stoke-on-Trent"),
        ("St. Albans", "St Albans"),
        ("Saint Helens", "St. Helens"),
        ("Ynys Mo\u0302n", "Ynys Môn"),
        ("TY DDEWI", "Tŷ Ddewi"),
        ("Kingston upon  Hull,City of", "Kingston upon Hull, City of"),
    ],
)
def test_the_same_name_folds_alike(typed: str, official: str) -> None:
    assert folded(typed) == folded(official)


@pytest.mark.parametrize(("one", "other"), [("Bath", "Bathgate"), ("Ely", "Ely Valley"), ("East Sussex", "West Sussex")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)
