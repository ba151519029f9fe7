"""A page of evidence is shown as it looks, its words stand where they are seen, and a cell is quoted as it reads."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from PIL import Image, ImageOps

from scrutiny.adapters.pdf import print_html
from scrutiny.file_reading import sandbox_lanes
from scrutiny.file_reading.pages import draw_page, page_image, page_text
from tests.hostile import files as hostile
from workflows.refusals import Refused

HTML = """<html lang="cy"><head><title>T</title><style>@page { size: 200pt 100pt; margin: 0 } body { margin: 0 }
h1 { position: absolute; left: 100pt; top: 50pt; font: 10pt Liberation Sans; margin: 0 }</style></head>
<body><h1>Siân ŵyr nine</h1><div style="height: 9pt"></div><p style="break-before: page">second</p></body></html>"""
PDF = print_html(HTML, created=datetime(2026, 1, 1, tzinfo=UTC)).pdf


def test_a_page_is_a_picture_of_the_width_asked_for() -> None:
    with Image.open(io.BytesIO(page_image(PDF, 1, width=400))) as image:
        assert (image.format, image.width) == ("PNG", 400)
        assert abs(image.height - 200) <= 1
        ink = ImageOps.invert(image.convert("L")).getbbox()
        assert ink is not None
        assert 195 < ink[0] < 210
        assert 95 < ink[1] < 115


def test_words_stand_in_boxes_where_they_are_seen() -> None:
    read = page_text(PDF, 1)
    assert read.text == "Siân ŵyr nine"
    assert [word.text for word in read.words] == ["Siân", "ŵyr", "nine"]
    first = read.words[0]
    assert 0.49 < first.left < 0.53
    assert 0.48 < first.top < 0.56
    assert 0.05 < first.width < 0.15
    assert 0.04 < first.height < 0.12
    assert page_text(PDF, 2).text == "second"


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_page_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(Refused, match=f"pages 1 to 2; there is no page {number}"):
        page_image(PDF, number)


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be shown here"):
        page_text(b"not a PDF", 1)


def test_many_readers_at_once_each_get_their_page() -> None:
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda n: page_text(PDF, n % 2 + 1).text, range(40)))
        images = set(pool.map(lambda n: page_image(PDF, 1, width=200), range(8)))
    assert texts == ["Siân ŵyr nine", "second"] * 20
    assert len(images) == 1


def test_a_page_is_shown_on_a_machine_that_has_just_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock that only goes forward counts from the start of the machine: in its first hour nothing was ever shown."""
    monkeypatch.setattr(sandbox_lanes, "time", SimpleNamespace(monotonic=lambda: 60.0))
    assert sandbox_lanes.show(draw_page, 1, 200, file=PDF, known_as="just started").startswith(b"\x89PNG")


def a_page_of(words: int) -> bytes:
    """A page with so many words, one upon the other."""
    font = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    return hostile.page(b"BT /F1 1 Tf 9 700 Td " + b"(spent 42 ) Tj " * (words // 2) + b"ET", resources=font)


def test_a_page_of_very_many_words_is_read_without_their_places_and_one_of_far_more_not_at_all() -> None:
    """A place for each of 100,000 words cost the process that serves pages a second, at each look."""
    assert len(page_text(a_page_of(400), 1).words) == 400
    read = page_text(a_page_of(40_000), 1)
    assert (read.words, read.text[:10]) == ((), "spent 42 s")
    with pytest.raises(Refused, match="Download it to read it"):
        page_text(a_page_of(120_000), 1)
