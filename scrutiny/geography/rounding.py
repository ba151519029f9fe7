"""A whole amount divided into whole amounts by largest remainder, so that the parts always add up to it; pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def divided(amount: int, shares: Sequence[Fraction]) -> list[int]:
    """The amount (pence, or people) divided by shares that add up to 1; the units left by rounding down go, one each, to the
    largest remainders, the earlier share first where two are equal. A negative amount is divided as its opposite is."""
    if sum(shares) != 1 or any(share < 0 for share in shares):
        raise ValueError("shares are not negative and add up to 1")
    exact = [abs(amount) * share for share in shares]
    parts = [int(part) for part in exact]  # rounded down: none is negative
    left = abs(amount) - sum(parts)
    order = sorted(range(len(exact)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[:left]:
        parts[at] += 1
    return parts if amount >= 0 else [-part for part in parts]
