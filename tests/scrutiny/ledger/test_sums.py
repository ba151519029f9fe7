"""The sums of the count: nothing lost to the penny, and netting the same from both sides."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.ledger.sums import (
    AGREE,
    DIFFER,
    OTHER_YEAR,
    PAID,
    PAYER_ONLY,
    RECEIVED,
    RECEIVER_ONLY,
    Figure,
    apportioned,
    change,
    net,
    per_head,
    spent,
)

COUNCIL, POLICE, BOARD = 1, 2, 3
PENCE = st.integers(-(10**13), 10**13)


@st.composite
def figures(draw: st.DrawFn) -> list[Figure]:
    """Figures of three bodies over three years, some of them transfers that one or both sides record."""
    found = []
    for key in range(draw(st.integers(0, 25))):
        body, other = draw(st.permutations([COUNCIL, POLICE, BOARD]))[:2]
        direction = draw(st.sampled_from(["", PAID, RECEIVED]))
        pence = draw(st.one_of(PENCE, st.sampled_from([100, 250, -100])))
        year = draw(st.sampled_from([2023, 2024, 2025]))
        found.append(Figure(key, body, year, pence, direction, other if direction else None))
    return found


def _mirrored(figure: Figure) -> Figure:
    """The same transfer as its other side says it."""
    if figure.other is None:
        return figure
    return replace(figure, body=figure.other, other=figure.body, direction=RECEIVED if figure.direction == PAID else PAID)


@given(figures())
def test_what_is_netted_is_what_both_sides_say_and_no_more(given_figures: list[Figure]) -> None:
    """The net total is the sum of what was spent less the matched transfers, and no figure loses more than it is."""
    found = net(given_figures, 2024)
    by_key = {figure.key: figure for figure in given_figures}
    assert found.pence == sum(transfer.matched for transfer in found.transfers)
    for key, taken in found.taken_off.items():
        assert by_key[key].direction == PAID
        assert by_key[key].year == 2024
        assert 0 < taken * (1 if by_key[key].pence > 0 else -1) <= abs(by_key[key].pence)
    left = sum(figure.pence - found.taken_off.get(figure.key, 0) for figure in given_figures if figure.is_spending)
    assert left == spent(given_figures) - found.pence


@given(figures())
def test_every_side_of_a_transfer_is_named_once(given_figures: list[Figure]) -> None:
    found = net(given_figures, 2024)
    named = [key for transfer in found.transfers for key in (*transfer.paid_keys, *transfer.received_keys)]
    assert sorted(named) == sorted(figure.key for figure in given_figures if figure.other is not None and figure.year == 2024)


@given(figures())
def test_netting_is_the_same_from_either_side(given_figures: list[Figure]) -> None:
    """With every transfer told by its other side, the same pence match, and who paid becomes who received."""
    told, mirrored = net(given_figures, 2024), net([_mirrored(figure) for figure in given_figures], 2024)
    ours = [(one.payer, one.receiver, one.matched, one.paid, one.received) for one in told.transfers]
    theirs = [(one.payer, one.receiver, one.matched, one.received, one.paid) for one in mirrored.transfers]
    assert ours == theirs


@given(PENCE, st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_parts_of_an_apportioned_amount_add_up_to_it(pence: int, weights: list[int]) -> None:
    shares = {f"E{at}": Fraction(weight, sum(weights)) for at, weight in enumerate(weights)}
    parts = apportioned(pence, shares)
    assert sum(parts.values()) == pence
    for code, part in parts.items():
        assert abs(part - pence * shares[code]) < 1


def _pair(paid: int | None, received: int | None, *, received_in: int = 2024) -> list[Figure]:
    """A grant of the council to the police, as each of them says; None says nothing."""
    told = [] if paid is None else [Figure(1, COUNCIL, 2024, paid, PAID, POLICE)]
    return told + ([] if received is None else [Figure(2, POLICE, received_in, received, RECEIVED, COUNCIL)])


@pytest.mark.parametrize(
    ("paid", "received", "standing", "matched"),
    [
        (500, 500, AGREE, 500),
        (500, 420, DIFFER, 420),
        (420, 500, DIFFER, 420),
        (500, None, PAYER_ONLY, 0),
        (None, 500, RECEIVER_ONLY, 0),
        (500, -500, DIFFER, 0),
        (-50, -50, AGREE, -50),
    ],
)
def test_how_two_sides_stand(paid: int | None, received: int | None, standing: str, matched: int) -> None:
    (transfer,) = net(_pair(paid, received), 2024).transfers
    assert (transfer.standing, transfer.matched) == (standing, matched)
    assert transfer.unmatched == (paid or 0) + (received or 0) - 2 * matched


def test_a_transfer_the_other_side_has_in_another_year_is_named_and_not_netted() -> None:
    told = _pair(500, 500, received_in=2025)
    for year, other in ((2024, 2025), (2025, 2024)):
        (transfer,) = net(told, year).transfers
        assert (transfer.standing, transfer.recorded_in, transfer.matched) == (OTHER_YEAR, other, 0)


def test_a_different_amount_in_another_year_is_another_transfer() -> None:
    (transfer,) = net([*_pair(500, 400, received_in=2025)], 2024).transfers
    assert (transfer.standing, transfer.recorded_in) == (PAYER_ONLY, None)


def test_per_head_and_change_where_there_is_nothing_to_divide_by() -> None:
    assert per_head(1001, 2) == 501
    assert per_head(-1001, 2) == -501
    assert per_head(100, None) is None
    assert per_head(100, 0) is None
    assert change(200, 150) == Fraction(-1, 4)
    assert change(0, 5) is None
    assert change(None, 5) is None
