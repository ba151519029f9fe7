"""A page of evidence is shown as it looks, its words stand where they are seen, and a cell is quoted as it reads."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import openpyxl
import pytest
from PIL import Image, ImageOps

from scrutiny.adapters.pages import cell_text, page_image, page_text, sheet_names, sheet_rows
from scrutiny.adapters.pdf import print_html
from workflows.refusals import Refused

HTML = """<html lang="cy"><head><title>T</title><style>@page { size: 200pt 100pt; margin: 0 } body { margin: 0 }
h1 { position: absolute; left: 100pt; top: 50pt; font: 10pt Liberation Sans; margin: 0 }</style></head>
<body><h1>Siân ŵyr nine</h1><div style="height: 9pt"></div><p style="break-before: page">second</p></body></html>"""
PDF = print_html(HTML, created=datetime(2026, 1, 1, tzinfo=UTC)).pdf
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Caseloads"
    book.active.append(["team", "cases", "share", "on"])
    book.active.append(["North", 12.0, 0.25, date(2026, 11, 27)])
    book.active.append(["South", "=1+1", True, datetime(2026, 11, 27, 9, 30)])
    book.active["F9"] = "far"
    book.create_sheet("Empty")
    book.save(out)
    return out.getvalue()


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


def test_what_is_no_pdf_or_workbook_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be shown here"):
        page_text(b"not a PDF", 1)
    with pytest.raises(Refused, match="cannot be shown here"):
        sheet_names(b"not a workbook", XLSX)


def test_many_readers_at_once_each_get_their_page() -> None:
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda n: page_text(PDF, n % 2 + 1).text, range(40)))
        images = set(pool.map(lambda n: page_image(PDF, 1, width=200), range(8)))
    assert texts == ["Siân ŵyr nine", "second"] * 20
    assert len(images) == 1


def test_a_sheet_is_rows_of_text_with_the_letters_and_numbers_people_quote() -> None:
    content = workbook()
    assert sheet_names(content, XLSX) == ("Caseloads", "Empty")
    part = sheet_rows(content, XLSX, "Caseloads", first=2, rows=2)
    assert part.columns[:4] == ("A", "B", "C", "D")
    assert part.rows[0][0] == 2
    assert part.rows[0][1][:4] == ("North", "12", "0.25", "2026-11-27")
    # A formula never worked out by a spreadsheet has no value to quote.
    assert part.rows[1][1][:4] == ("South", "", "TRUE", "2026-11-27 09:30")
    assert part.more
    assert sheet_rows(content, XLSX, "Empty").rows == ()


def test_one_cell_is_read_by_its_name() -> None:
    content = workbook()
    assert cell_text(content, XLSX, "Caseloads", "b2") == "12"
    assert cell_text(content, XLSX, "Caseloads", "F9") == "far"
    assert cell_text(content, XLSX, "Caseloads", "Z99") == ""
    for wrong in ("", "7", "B", "B0", "B7:C8"):
        with pytest.raises(Refused, match="names no cell"):
            cell_text(content, XLSX, "Caseloads", wrong)
    with pytest.raises(Refused, match=r"no sheet “Nope”\. It has: Caseloads, Empty"):
        cell_text(content, XLSX, "Nope", "A1")


def test_a_csv_is_one_sheet_whose_first_row_is_its_header() -> None:
    content = "team;cases\nGogledd – ŵ;12\nSouth;15\n".encode()
    assert sheet_names(content, "text/csv") == ("",)
    assert cell_text(content, "text/csv", "", "B1") == "cases"
    assert cell_text(content, "text/csv", "", "A2") == "Gogledd – ŵ"
    part = sheet_rows(content, "text/csv", first=2, rows=1)
    assert (part.rows, part.more) == (((2, ("Gogledd – ŵ", "12")),), True)
