"""Which places are near, and how amounts spread: few are not compared, and a choice that is wrong is named."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from workflows.peers import PeerRules, check_peers, nearest_of, read_peers, spread

TEXT = (Path(__file__).resolve().parents[2] / "config" / "peers.toml").read_text(encoding="utf-8")
RULES = PeerRules(3, 2, ("people", "density"))


def test_the_file_that_comes_with_the_service_can_be_read() -> None:
    assert check_peers(TEXT, "peers.toml") == ()
    assert read_peers(TEXT, "peers.toml").least == 5


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("least = 5", "least = 2"), ("nearest = 15", "nearest = 900"), ('"density"', '"height"'), ('["people", "density"]', "[]")],
)
def test_a_choice_that_is_wrong_is_named(was: str, becomes: str) -> None:
    assert len(check_peers(TEXT.replace(was, becomes), "peers.toml")) == 1


def test_near_is_how_many_times_not_how_much() -> None:
    """A place of half the people is as far as one of twice as many; what is not known is no peer."""
    own = {"people": 100.0, "density": 10.0}
    others = {
        "half": {"people": 50.0, "density": 10.0},
        "most": {"people": 260.0, "density": 10.0},
        "dense": {"people": 100.0, "density": 15.0},
        "unknown": {"people": 100.0},
    }
    assert nearest_of(own, others, RULES) == ["dense", "half"]
    assert nearest_of({"people": 100.0}, others, RULES) == []


def test_the_median_of_few_is_not_told() -> None:
    amounts = [Fraction(5), Fraction(1), Fraction(4), Fraction(2)]
    found = spread(amounts, 4)
    assert found is not None
    assert (found.median, found.lowest, found.highest, found.number) == (3, 1, 5, 4)
    assert spread(amounts, 5) is None
    assert spread([], 0) is None
