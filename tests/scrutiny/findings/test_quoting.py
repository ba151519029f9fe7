"""A quotation stands where it is said to stand, however the page breaks its lines; half a word or number does not."""

from __future__ import annotations

import pytest

from scrutiny.findings.quoting import stands_in, stands_in_cell

PAGE = (
    "The police found 1,204 patterns of safe-\nguarding concern.\nThey said “we do not know”. The ﬁnal ﬁgure is £3.50\nnot 9–10."
)


@pytest.mark.parametrize(
    "words",
    [
        "found 1,204 patterns",
        "The police\nfound   1,204",
        "safeguarding concern",
        "safe-guarding concern. They said",
        'They said "we do not know"',
        "final figure is £3.50",
        "9-10",
        "The police found … They said",
        "The police [...] the final figure".replace("the final", "The final"),
    ],
)
def test_words_of_the_page_stand_in_it(words: str) -> None:
    assert stands_in(words, PAGE)


@pytest.mark.parametrize(
    "words",
    ["204 patterns", "1,20", "attern", "They said … The police", "we know", "3.5", "", "…", "found 1.204 patterns", "the police"],
)
def test_words_that_are_not_there_do_not(words: str) -> None:
    assert not stands_in(words, PAGE)


@pytest.mark.parametrize(
    ("words", "cell", "stands"),
    [
        ("1204", "1204", True),
        ("120", "1204", False),
        ("", "", False),
        ("January", " January ", True),
        ("doubled in error", "Counts were doubled in error until March", True),
        ("halved", "Counts were doubled in error until March", False),
        ("Janu", "January", False),
    ],
)
def test_a_cell_is_quoted_whole_or_by_its_words(words: str, cell: str, stands: bool) -> None:
    assert stands_in_cell(words, cell) is stands
