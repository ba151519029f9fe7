"""A passage is known in another text however it is cut, spaced and written large; common words are nobody's."""

from __future__ import annotations

import time

import pytest

from scrutiny.evidence.passages import quotes, runs_of, struck, struck_within

ANSWER = "Two hundred and eleven children waited longer than eighteen weeks.\nAlys Hale of Mill Lane"
RUNS = runs_of([ANSWER])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("He wrote: “children  waited\nlonger than Eighteen weeks” to us.", "He wrote: “X” to us."),
        ("weeks. ALYS HALE, OF MILL LANE, again", "X, again"),
        ("eighteen weeks, Alys Hale of Mill Lane", "X"),
        (f"{ANSWER}, and {ANSWER}", "X, and X"),
        ("They waited longer than weeks", "They waited longer than weeks"),
        ("Two hundred and eleven", "Two hundred and eleven"),
        ("", ""),
    ],
)
def test_a_passage_is_struck_and_no_other_word(text: str, left: str) -> None:
    assert struck(text, RUNS, "X") == left
    assert quotes(text, RUNS) is (text != left)


def test_what_stands_in_another_text_too_is_no_quotation() -> None:
    assert not quotes(ANSWER, runs_of([ANSWER], but=[ANSWER]))
    assert not quotes("none", runs_of(["none"]))


def test_plain_values_are_struck_but_for_what_is_spared() -> None:
    value = {"a": [ANSWER, 7, None], "citations": [ANSWER]}
    assert struck_within(value, RUNS, "X", frozenset({"citations"})) == {"a": ["X", 7, None], "citations": [ANSWER]}


def test_the_time_grows_with_the_length() -> None:
    """No square of anything: a megabyte that is all quotation, and one that nearly is."""
    long = " ".join(f"word{number % 7}" for number in range(150_000))
    begun = time.process_time()
    struck(long, runs_of([long]), "X")
    struck(long, RUNS, "X")
    assert time.process_time() - begun < 5
