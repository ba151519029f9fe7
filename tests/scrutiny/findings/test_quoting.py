"""A quotation stands where it is said to stand, however the page breaks its lines; what is not there is never verified."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scrutiny.findings.quoting import plain, stands_in, stands_in_cell

PAGE = (
    "The police found 1,204 patterns of safe-\nguarding concern.\nThey said “we do not know”. The ﬁnal ﬁgure is £3.50\nnot 9–10."
)
#: As an agency might write: signs, footnotes, ratios, ranges, suppressed and negative numbers.
ANSWER = (
    "Reserve at the end of the year: −£1,200,000. People who waited over a year: 5¹. Change in staff: -12 posts. "
    "Floor space: 300 m². Ratio 1:8. Wait 12:30. Rate 12.5% of cases, ±3 points; fewer than: <5. Loss (1,400) in all. "
    "Temperature 21°. Carbon CO₂. Half: 2½ days. Spread: 1\u202f204\u202f000 people."
    " The 12-year plan. Rose to 40—the highest. .75 of it."
)


@pytest.mark.parametrize(
    "words",
    [
        "found 1,204 patterns",
        "The police\nfound   1,204",
        "safeguarding concern",
        "safe-guarding concern. They said",
        "safe-\nguarding concern",
        'They said "we do not know"',
        "final figure is £3.50",
        "9-10",
        "The police found … They said",
        "The police [...] The final",
    ],
)
def test_words_of_the_page_stand_in_it(words: str) -> None:
    assert stands_in(words, PAGE)


@pytest.mark.parametrize(
    "words",
    [
        "204 patterns",
        "1,20",
        "attern",
        "They said … The police",
        "we know",
        "3.5",
        "",
        "…",
        "found 1.204 patterns",
        "the police",
        "910",
        "10",
        "9",
        "3.50",
        "safe guarding",
        "1, 204",
    ],
)
def test_words_that_are_not_there_do_not(words: str) -> None:
    assert not stands_in(words, PAGE)


@pytest.mark.parametrize(
    "words",
    [
        "Reserve at the end of the year: £1,200,000",
        "£1,200,000",
        "1,200,000",
        "People who waited over a year: 51",
        "People who waited over a year: 5",
        "Change in staff: 12 posts",
        "12 posts",
        "300 m",
        "300 m2",
        "8. Wait",
        "30. Rate",
        "12. Rate",
        "12.5 of cases",
        "Rate 12.5",
        "3 points",
        "5. Loss",
        "1,400",
        "Temperature 21",
        "CO2",
        "CO",
        "Half: 2 days",
        "204 000 people",
        "The 12",
        "75 of it",
        "Reserve … £1,200,000",
    ],
)
def test_signs_superscripts_and_decimals_are_part_of_the_words(words: str) -> None:
    assert not stands_in(words, ANSWER)


@pytest.mark.parametrize(
    "words",
    [
        "Reserve at the end of the year: −£1,200,000",
        "Reserve at the end of the year: -£1,200,000",
        "a year: 5¹",
        "Change in staff: -12 posts",
        "Change in staff: –12 posts",
        "300 m²",
        "Ratio 1:8. Wait 12:30",
        "Rate 12.5% of cases, ±3 points",
        "fewer than: <5",
        "Loss (1,400) in all",
        "Rose to 40",
        "2½ days",
        "1 204 000 people",
        ".75 of it",
    ],
)
def test_what_is_copied_with_its_sign_is_found(words: str) -> None:
    assert stands_in(words, ANSWER)


@pytest.mark.parametrize(
    ("words", "page"), [("51", "5\n1"), ("therapist", "the\nrapist"), ("1214", "12-\n14"), ("1204", "12\n04")]
)
def test_two_lines_are_not_one_word(words: str, page: str) -> None:
    assert not stands_in(words, page)


@pytest.mark.parametrize(
    ("words", "page"),
    [("12-14", "12-\n14"), ("safeguarding", "safe\u00ad\nguarding"), ("re-sign", "re-\nsign"), ("King's", "King’s")],
)
def test_what_only_the_line_changed_is_found(words: str, page: str) -> None:
    assert stands_in(words, page)


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
        ("12", "-12", False),
        ("5", "<5", False),
    ],
)
def test_a_cell_is_quoted_whole_or_by_its_words(words: str, cell: str, stands: bool) -> None:
    assert stands_in_cell(words, cell) is stands


WORDS = st.from_regex(r"[A-Za-zéŵ]{1,8}", fullmatch=True)
NUMBERS = st.from_regex(r"[-−+±<£]?£?[0-9]{1,3}(,[0-9]{3})?(\.[0-9]{1,2})?(%|²|³|¹|m)?", fullmatch=True)
TOKENS = st.lists(WORDS | NUMBERS, min_size=1, max_size=12)
GAPS = st.sampled_from([" ", "  ", "\n", " \n "])


@given(TOKENS, st.data())
def test_what_stands_there_is_always_found(tokens: list[str], data: st.DataObject) -> None:
    page = "".join(token + data.draw(GAPS) for token in tokens)
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    assert stands_in(" ".join(tokens[first : last + 1]), page)


@given(TOKENS, st.data())
def test_a_text_with_one_character_changed_or_left_out_is_never_found(tokens: list[str], data: st.DataObject) -> None:
    page = " ".join(tokens)
    at = data.draw(st.integers(0, len(page) - 1))
    letter = data.draw(st.sampled_from(["", "-", "1", "²", "x", "."]))
    changed = page[:at] + letter + page[at + 1 :]
    # Taken for the same are only spaces, the shapes of dashes, and nothing at all.
    assume(changed.split() != page.split() and plain(changed) != plain(page))
    assume(not page.startswith(changed) and not page.endswith(changed))
    assume(changed.strip() and changed not in page)
    whole = f" {' '.join(changed.split())} "
    assume(whole not in f" {' '.join(page.split())} ")
    assert not stands_in(changed, page)


@pytest.mark.parametrize(
    ("quotation", "text"),
    [
        ("a-\n" * 4_000 + "b", "a-\n" * 12_000),
        ("-" * 4_000 + "b", "-" * 50_000),
        ("a" * 2_000 + "b", "a-\n" * 600_000),
        ("a" * 1_000, "_" + "a" * 2_000_000),
        ("a" * 1_000, ("a" * 999 + "-") * 2_000),
        ("a" * 50 + " b", "a" * 50 + " " * 2_000_000 + "c"),
        (" … ".join(["zz"] * 500), "zz " + "aa b " * 200_000),
    ],
    ids=["line ends", "dashes", "hyphens", "within a word", "nearly", "spaces", "parts"],
)
def test_no_quotation_takes_the_square_of_its_length(quotation: str, text: str) -> None:
    """Tried at every place these took from seconds to hours of the processor."""
    begun = time.process_time()
    assert not stands_in(quotation, text)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("quotation", "text", "stands"),
    [
        ("–12.5 °C", "It was −12.5 °C then", True),
        ("12.5 °C", "It was −12.5 °C then", False),
        ("well-known", "a well-\nknown case", True),
        ("wellknown", "a well-\nknown case", True),
        ("wellknown", "a well-known case", False),
        ("- -", "- \n -", True),
        ("—", "they came — late", True),
        ("--b", "x -\n-b", True),
    ],
)
def test_signs_and_hyphens_before_and_within_are_found_as_they_stand(quotation: str, text: str, stands: bool) -> None:
    assert stands_in(quotation, text) is stands
