"""Workbooks made to harm whoever looks at a page of them: small files that would be pages of hundreds of megabytes."""

from __future__ import annotations

import io
import zipfile

import pytest

from scrutiny.file_reading.inspection import MEDIA_TYPES
from scrutiny.file_reading.sandbox_lanes import CannotBeShown
from scrutiny.file_reading.sheet_parts import LAST_COLUMN, LAST_ROW, read_rows
from scrutiny.file_reading.sheets import Sheet, read_sheet
from scrutiny.number_formats.formats import shown

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{RELATED}"'.encode()
FULL = b"".join(b"<row>" + b'<c t="s"><v>0</v></c>' * 50 + b"</row>" for _ in range(500))


def book(rows: bytes, *, before: bytes = b"", strings: bytes = b"") -> io.BytesIO:
    """A workbook of one sheet, by its parts."""
    kinds = {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"}
    relations = "".join(f'<Relationship Id="{kind}" Type="{RELATED}/{kind}" Target="{to}"/>' for kind, to in kinds.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>")
        parts.writestr(
            "xl/workbook.xml", b'<workbook %s><sheets><sheet name="A" sheetId="1" r:id="worksheet"/></sheets></workbook>' % SPACES
        )
        parts.writestr("xl/worksheets/sheet1.xml", sheet_part(rows, before))
        parts.writestr("xl/sharedStrings.xml", b"<sst %s>%s</sst>" % (SPACES, strings))
    return out


def sheet_part(rows: bytes, before: bytes = b"") -> bytes:
    """The part of a sheet."""
    return b"<worksheet %s>%s<sheetData>%s</sheetData></worksheet>" % (SPACES, before, rows)


def read(file: io.BytesIO) -> Sheet:
    """The first page of it."""
    return read_sheet(file, MEDIA_TYPES["xlsx"], "waits.xlsx", "")


def test_one_long_text_in_every_cell_is_no_page_of_hundreds_of_megabytes() -> None:
    """4 kB were a page of 819 MB, made in the process that serves everybody."""
    with pytest.raises(CannotBeShown, match="more than can be shown"):
        read(book(FULL, strings=b"<si><t>" + b"a" * 32_767 + b"</t></si>"))
    assert len(read(book(FULL, strings=b"<si><t>" + b"a" * 50 + b"</t></si>")).rows) == 500


def test_columns_hidden_over_and_over_are_noted_once() -> None:
    part = sheet_part(b"<row><c><v>1</v></c></row>", b"<cols>" + b'<col min="-9" max="99999" hidden="1"/>' * 2000 + b"</cols>")
    assert read_rows(part, 1, 500).hidden_columns == set(range(1, LAST_COLUMN + 1))


def test_a_row_hidden_over_and_over_is_noted_once() -> None:
    assert read_rows(sheet_part(b'<row r="1" hidden="1"/>' * 2000), 1, 500).hidden_rows == {1}


@pytest.mark.parametrize("comment", [b"", b"<!-- -->"], ids=["plain", "read whole"])
def test_no_row_stands_beyond_the_last(comment: bytes) -> None:
    part = sheet_part(comment + b'<row r="99999999999999999999"><c><v>1</v></c></row>')
    assert read_rows(part, 1, 500).last_written == LAST_ROW


def test_a_format_longer_than_excel_takes_is_not_worked_out() -> None:
    """Excel takes 255 characters; each costs time in each of 25,000 cells."""
    assert shown(1234.5, "0" * 255).endswith("1235")
    assert shown(1234.5, "0" * 256) == "1234.5"


def test_half_a_character_or_none_is_shown_as_a_gap() -> None:
    """A page that holds one cannot be sent at all, and a database refuses it."""
    rows = read(book(b'<row><c t="str"><v>a_xD800_b_x0000_c</v></c></row>')).rows
    assert rows[0][1] == ("a\ufffdb\ufffdc",)
