"""The report as a Word document: every word of the print, in its order, its maps with their words, and a draft that says so."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from lxml import html as markup
from PIL import Image

from scrutiny.adapters.word import pictures_in
from scrutiny.file_reading.inspection import inspect
from scrutiny.snapshots import printing
from scrutiny.snapshots.snapshot import read
from scrutiny.snapshots.word import word_of

KEPT = json.loads((Path(__file__).parents[2] / "golden" / "reports" / "form-2.json").read_text(encoding="utf-8"))
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DIGEST = "0" * 64


@pytest.fixture(scope="module")
def made(the_app: Flask) -> bytes:
    """The Word document of the kept report."""
    with the_app.test_request_context():
        return word_of(printing.html_of(KEPT, DIGEST, in_word=True), read(KEPT), at=AT)


def words_of(content: bytes) -> list[str]:
    """Every word of a document in order, tables where they stand."""
    body = Document(io.BytesIO(content)).element.body
    texts = (node.text or "" for node in body.iter() if node.tag.endswith("}t"))
    return re.findall(r"\w+", " ".join(texts))


def test_every_word_of_the_print_is_there(the_app: Flask, made: bytes) -> None:
    with the_app.test_request_context():
        body = markup.fromstring(printing.html_of(KEPT, DIGEST, in_word=True)).find("body")
    for drawing in list(body.iter("svg")):
        drawing.getparent().remove(drawing)
    printed = re.findall(r"\w+", " ".join(body.itertext()))
    assert sorted(set(printed) - set(words_of(made))) == []
    lines = {" ".join(one.text.split()) for one in Document(io.BytesIO(made)).paragraphs}
    paragraphs = {" ".join(one.text_content().split()) for one in body.iter("p", "dt", "dd", "h2", "h3", "h4")} - {""}
    assert len(paragraphs) > 60
    assert sorted(paragraphs - lines) == [], "a space between two elements is one in the document too"
    report = read(KEPT)
    headings = [one.text for one in Document(io.BytesIO(made)).paragraphs if one.style.name.startswith("Heading")]
    assert [one for one in headings if re.match(r"\d+\. ", one)] == [f"{row.number}. {row.title}" for row in report.findings]


def test_each_map_is_a_picture_that_says_in_words_what_it_shows(the_app: Flask, made: bytes) -> None:
    with the_app.test_request_context():
        drawings = pictures_in(printing.html_of(KEPT, DIGEST))
    document = Document(io.BytesIO(made))
    pictures = document.inline_shapes
    assert len(pictures) == len(drawings) > 0
    for one in pictures:
        assert one._inline.docPr.get("descr"), "what a screen reader says"
        assert 0.3 < one.height / one.width < 1.5
    blobs = [part.blob for part in document.part.related_parts.values() if part.content_type == "image/png"]
    assert blobs
    for blob in blobs:
        colours = Image.open(io.BytesIO(blob)).convert("RGB").getcolors(1 << 20) or []
        assert len(colours) > 5, "something is drawn"


def test_it_is_a_document_that_any_check_takes_and_the_same_twice(the_app: Flask, made: bytes) -> None:
    found = inspect("report.docx", io.BytesIO(made))
    assert [warning for warning in found.warnings if warning.kind.stops] == []
    with the_app.test_request_context():
        assert word_of(printing.html_of(KEPT, DIGEST, in_word=True), read(KEPT), at=AT) == made


def test_it_says_nothing_that_is_true_of_the_print_alone(made: bytes) -> None:
    said = " ".join(one.text for one in Document(io.BytesIO(made)).paragraphs)
    assert "attached to this file" not in said
    assert "Length" not in said
    assert "Anybody can change this document. What was agreed is" in said


def test_a_draft_says_that_it_is_one(the_app: Flask) -> None:
    with the_app.test_request_context():
        draft = word_of(printing.html_of(KEPT, "", in_word=True), read(KEPT), at=AT)
    said = [one.text for one in Document(io.BytesIO(draft)).paragraphs]
    assert "Draft: not published" in said[:4]
    assert not any("SHA-256 of" in one for one in said)
