"""A text is read some thousand letters at a time, in a child, whatever its size and encoding; no letter is lost."""

from __future__ import annotations

import io

import pytest

from scrutiny.file_reading.plain_texts import LETTERS_OF_PAGE, LETTERS_TO_LINE_END, read_text_page, text_page

MOST = LETTERS_OF_PAGE + LETTERS_TO_LINE_END


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    "text", ["", "Twelve children.\n", "A line of words – “so many”.\n" * 2_000, "<" * 45_000, "a" * 9_999 + "\n" + "b" * 50_000]
)
def test_every_letter_is_on_one_page_and_no_page_is_longer_than_a_page(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    last = read_text_page(io.BytesIO(content), 1).last
    pages = [read_text_page(io.BytesIO(content), number) for number in range(1, last + 1)]
    assert "".join(page.text for page in pages) == text
    assert [page.number for page in pages] == [*range(1, last + 1)]
    assert max(len(page.text) for page in pages) <= MOST


def test_after_the_last_page_comes_the_last_page_and_it_is_read_in_a_child() -> None:
    page = text_page(("word " * 10_000).encode(), 999)
    assert (page.number, page.last) == (5, 5)
    assert page.text.startswith("word")
