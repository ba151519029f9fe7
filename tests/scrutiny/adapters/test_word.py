"""A page of print as a Word document: the same words, headings, tables with a head, a language, and nothing hidden."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from docx import Document
from docx.oxml.ns import qn

from scrutiny.adapters.word import About, word_document
from scrutiny.file_reading.inspection import inspect

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAGE = """<!doctype html><html lang="en-GB"><head><title>T</title><style>p { color: red }</style></head><body>
<header><h1>Waits &amp; delays</h1><p>For members. <strong>Not published.</strong> As it stood.</p></header>
<main><h2>Why</h2><p>First<br>second, with <em>weight</em> in it</p>
<ol><li>One line</li><li>Another <b>line</b></li></ol><ul><li>A point</li></ul>
<table><caption>Items</caption><thead><tr><th scope="col">Agency</th><th scope="col" class="number">Asked</th></tr></thead>
<tbody><tr><th scope="row">Ynys Môn</th><td class="number">1,204</td></tr></tbody></table>
<h3>1. A finding</h3><blockquote>We found 12 – “patterns”</blockquote><dl><dt>Unknown</dt><dd>element</dd></dl>
<div>Loose <p>words</p> too</div><aside>Aside</aside>
<figure><svg><title>Drawn</title></svg><figcaption>Figure 1</figcaption></figure></main></body></html>"""


@pytest.fixture(scope="module")
def made() -> bytes:
    """The page as a document."""
    return word_document(PAGE, About("Waits & delays", "A committee", "en-GB", AT))


def test_every_word_of_the_page_is_there_in_order(made: bytes) -> None:
    document = Document(io.BytesIO(made))
    said = [(one.style.name, one.text) for one in document.paragraphs if one.text]
    assert said == [
        ("Title", "Waits & delays"),
        ("Normal", "For members. Not published. As it stood."),
        ("Heading 1", "Why"),
        ("Normal", "First\nsecond, with weight in it"),
        ("List", "1. One line"),
        ("List", "2. Another line"),
        ("List Bullet", "A point"),
        ("Caption", "Items"),
        ("Heading 2", "1. A finding"),
        ("Quote", "We found 12 – “patterns”"),
        ("Normal", "Unknown"),
        ("Normal", "element"),
        ("Normal", "Loose words too"),
        ("Normal", "Aside"),
        ("Normal", "Figure 1"),
    ]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [["Agency", "Asked"], ["Ynys Môn", "1,204"]]
    assert [run.text for run in document.paragraphs[1].runs if run.bold] == ["Not published."]


def test_the_head_of_a_table_repeats_and_the_language_is_said(made: bytes) -> None:
    document = Document(io.BytesIO(made))
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in document.tables[0].rows]
    assert heads == [True, False]
    assert {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_it_holds_who_made_it_and_nothing_hidden(made: bytes) -> None:
    about = Document(io.BytesIO(made)).core_properties
    assert (about.title, about.author, about.language, about.last_modified_by) == ("Waits & delays", "A committee", "en-GB", "")
    assert (about.comments, about.created) == ("", AT)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names)
        assert {one.date_time for one in archive.infolist()} == {(2026, 3, 2, 9, 30, 0)}
    assert not [name for name in names if re.search("thumbnail|customXml|Effects|comments", name)]
    assert b"python-docx" not in everything
    assert b"w:rsidRoot" not in everything
    inspected = inspect("pack.docx", io.BytesIO(made))
    assert [warning for warning in inspected.warnings if warning.kind.stops] == []


def test_the_same_words_at_the_same_moment_are_the_same_bytes(made: bytes) -> None:
    assert word_document(PAGE, About("Waits & delays", "A committee", "en-GB", AT)) == made
