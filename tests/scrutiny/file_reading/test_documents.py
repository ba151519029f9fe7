"""The words of a Word document as Word shows them, page by page; what nobody should open is refused."""

from __future__ import annotations

import io
import itertools

import pytest
from docx import Document

from scrutiny.file_reading import documents
from scrutiny.file_reading.documents import Block, document_page, read_document
from scrutiny.file_reading.sandbox_lanes import CannotBeShown
from tests.hostile import files as hostile


def a_document(paragraphs: int = 1, words: str = "Twelve children went missing.") -> bytes:
    """A document as Word would save it: a heading, paragraphs, an item of a list and a table."""
    document, out = Document(), io.BytesIO()
    document.add_heading("What we found", 1)
    for number in range(1, paragraphs + 1):
        document.add_paragraph(f"{number}. {words}")
    document.add_paragraph("Call the school", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "January", "−12.5 °C"
    document.save(out)
    return out.getvalue()


def of_words(*runs: str) -> bytes:
    """A document of one paragraph, of these runs as they are written."""
    return hostile.docx(f'<w:document xmlns:w="w"><w:body><w:p>{"".join(runs)}</w:p></w:body></w:document>'.encode())


def test_headings_paragraphs_lists_and_tables_stand_in_their_order() -> None:
    page = document_page(a_document(), 1)
    assert page.blocks == (
        Block("heading", "What we found", 1),
        Block("paragraph", "1. Twelve children went missing."),
        Block("list", "Call the school"),
        Block("table", rows=(("January", "−12.5 °C"),)),
    )
    assert (page.number, page.last, page.hides) == (1, 1, False)


def test_every_word_of_a_long_document_is_on_one_page_and_no_page_is_missing() -> None:
    content = a_document(400)
    last = read_document(io.BytesIO(content), 1).last
    assert last > 2
    pages = [read_document(io.BytesIO(content), number) for number in range(1, last + 1)]
    blocks = [*itertools.chain.from_iterable(page.blocks for page in pages)]
    assert [block.text for block in blocks if block.kind == "paragraph"] == [
        f"{number}. Twelve children went missing." for number in range(1, 401)
    ]
    assert read_document(io.BytesIO(content), 99_999).number == last


@pytest.mark.parametrize(
    ("run", "shown", "hides"),
    [
        ("<w:r><w:t>One</w:t><w:tab/><w:t>two</w:t></w:r>", "One\ttwo", False),
        ("<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>", "new", True),
        ("<w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom><w:r><w:t>here</w:t></w:r>", "here", True),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:t>seen</w:t></w:r>", "seen", True),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>seen</w:t></w:r>', "seen", False),
        ("<w:r><w:t>a &lt;b&gt; &amp; c</w:t></w:r>", "a <b> & c", False),
    ],
)
def test_what_word_shows_is_shown_and_what_it_hides_is_told(run: str, shown: str, hides: bool) -> None:
    page = read_document(io.BytesIO(of_words(run)), 1)
    assert [block.text for block in page.blocks] == [shown]
    assert page.hides is hides


@pytest.mark.parametrize(
    "content",
    [
        hostile.docx(b"<w:ins" * 1_000),
        hostile.docx(b"<a>" * 5_000 + b"</a>" * 5_000),
        hostile.docx(hostile.laughs(9, "utf-8")),
        hostile.docx(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
        b"PK no zip",
        hostile.zipped({"word/other.xml": b"<w/>"}),
    ],
    ids=["no end", "deep", "laughs", "an outside entity", "no zip", "no body"],
)
def test_what_is_made_to_harm_cannot_be_shown(content: bytes) -> None:
    with pytest.raises(CannotBeShown, match="cannot be shown here"):
        read_document(io.BytesIO(content), 1)


def test_a_document_longer_than_anybody_reads_cannot_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_LETTERS", 10)
    with pytest.raises(CannotBeShown, match="too long"):
        read_document(io.BytesIO(of_words("<w:r><w:t>more than ten letters</w:t></w:r>")), 1)


def _table(row: str, rows: int = 1) -> bytes:
    """A document of one table, of so many rows as they are written."""
    inside = f"<w:tr>{row}</w:tr>" * rows
    return hostile.docx(f'<w:document xmlns:w="w"><w:body><w:tbl>{inside}</w:tbl></w:body></w:document>'.encode())


def _cell(words: str = "") -> str:
    return f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>" if words else "<w:tc/>"


def _drawn(page: documents.DocumentPage) -> int:
    """How much of a page a reader is sent: each cell and each block takes its tags too."""
    return sum(100 + len(one.text) + sum(80 + len(cell) for row in one.rows for cell in row) for one in page.blocks)


@pytest.mark.parametrize(
    "content",
    {
        "one long paragraph": of_words(f"<w:r><w:t>{'x' * 400_000}</w:t></w:r>"),
        "many empty cells": _table(_cell("a") + _cell() * 62, 2_000),
        "a long cell": _table(_cell("y" * 300_000) + _cell("z")),
        "many short paragraphs": hostile.docx(
            b'<w:document xmlns:w="w"><w:body>' + b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 30_000 + b"</w:body></w:document>"
        ),
    }.items(),
    ids=lambda one: one[0],
)
def test_no_page_of_a_document_is_much_longer_than_a_page(content: tuple[str, bytes]) -> None:
    page = read_document(io.BytesIO(content[1]), 1)
    assert page.last > 1
    for number in {1, 2, page.last}:
        assert _drawn(read_document(io.BytesIO(content[1]), number)) < 100_000


def test_what_is_parted_is_whole_together() -> None:
    content = _table(_cell(" ".join(map(str, range(5_000)))) + _cell("Total"))
    last = read_document(io.BytesIO(content), 1).last
    rows = [row for n in range(1, last + 1) for block in read_document(io.BytesIO(content), n).blocks for row in block.rows]
    assert "".join(row[0] for row in rows).split() == [*map(str, range(5_000))]
    assert [row[1] for row in rows if row[1]] == ["Total"]


def test_a_table_wider_than_word_opens_is_taken_away_to_be_read() -> None:
    with pytest.raises(CannotBeShown, match="too wide"):
        read_document(io.BytesIO(_table(_cell("a") + _cell() * 3_000)), 1)
