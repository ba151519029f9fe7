"""What grows with the square or the cube of a text, in the library or in us, is bounded: figures are seconds of processor."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from scrutiny import word_changes
from scrutiny.file_reading.inspection import safe_name
from scrutiny.findings.quoting import plain
from scrutiny.typed_text import clean, folded
from scrutiny.word_changes import Piece, pieces

#: Marks in the wrong order, of which unicodedata puts a million in order in an hour.
MARKS = "a" + "\u0301\u0327" * 500_000


def seconds(deed: Callable[[], object]) -> float:
    """The processor that something takes."""
    begun = time.process_time()
    deed()
    return time.process_time() - begun


@pytest.mark.parametrize("reader", [clean, folded, plain, safe_name])
def test_a_million_marks_on_one_letter_are_read_in_seconds(reader: Callable[[str], str]) -> None:
    tracemalloc.start()
    took = seconds(lambda: reader(MARKS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert took < 10
    if reader is clean:
        assert peak < 80_000_000, "a stranger's form is no half of a gigabyte"


@pytest.mark.parametrize(("address", "box"), [("/many", "places"), ("/codes", "codes"), ("/sign-in", "email")])
def test_a_stranger_stops_nobody_with_marks(client: FlaskClient, address: str, box: str) -> None:
    """256 kB of them kept every page of the service away for a minute."""
    assert seconds(lambda: client.post(address, data={box: MARKS[:300_000]})) < 10


def test_what_changed_is_all_that_was_and_all_that_is() -> None:
    before, after = "One two  three.\n\nFour five.", "One 2 three.\n\nFour five six."
    found = pieces(before, after)
    assert "".join(piece.words for piece in found if piece.kind != "in") == before
    assert "".join(piece.words for piece in found if piece.kind != "out") == after
    assert Piece("out", "two  ") in found
    assert Piece("in", "2 ") in found


def alternating(word: str, of: int) -> str:
    """One word again and again with another between each time, so that every one is like every other."""
    return "".join(f"a {word}{number} " for number in range(of))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 25_000, "b " * 25_000),
        ("a b " * 12_500, "b a " * 12_500),
        (alternating("x", 6_000), alternating("y", 6_000)),
        ("\n".join([alternating("x", 200)] * 10), "\n".join([alternating("y", 200)] * 10)),
        ("a\n" * 25_000, "b\na\n" * 12_500),
    ],
)
def test_two_answers_of_50_000_letters_are_compared_in_a_moment(before: str, after: str) -> None:
    """Two of 2,000 letters took half a minute, at each look at their page."""
    assert seconds(lambda: pieces(before, after)) < 6


@pytest.mark.parametrize("texts", [3, 60])
def test_all_that_is_compared_for_one_page_is_bounded_together(app: Flask, texts: int) -> None:
    """Three long answers that were changed took five seconds, at each look at their page: each was bounded, the page was not."""
    with app.test_request_context("/"):
        steps = g.get("steps_left_to_compare", word_changes.MOST_STEPS_A_PAGE)
        shown = [pieces("a b " * 12_500, f"b a c{number} " * 8_000) for number in range(texts)]
        assert 0 <= g.steps_left_to_compare <= steps / 2
        assert all("".join(piece.words for piece in one if piece.kind != "in") == "a b " * 12_500 for one in shown)
        # What comes after them and is short is compared all the same.
        assert Piece("out", "two ") in pieces("One two three.", "One 2 three.")


def test_a_long_answer_that_was_edited_is_shown_word_by_word(app: Flask) -> None:
    chance = random.Random(5)
    old = chance.choices([f"w{number}" for number in range(5_000)], [1 / (3 + number) for number in range(5_000)], k=8_000)
    new = [word if chance.random() < 0.9 else "new" for word in old]
    with app.test_request_context("/"):
        found = pieces(" ".join(old), " ".join(new))
    assert len(found) > 500
    assert sum(len(piece.words) for piece in found if piece.kind == "same") > len(" ".join(old)) / 2
