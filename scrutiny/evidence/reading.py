"""What a reading page is made of: the picture and text of a PDF page, and a sheet or CSV as rows of cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from flask_babel import gettext

from scrutiny.adapters import fitted
from scrutiny.evidence.models import EvidenceFile
from scrutiny.file_reading import documents, pages, plain_texts
from scrutiny.file_reading.decoding import decode
from scrutiny.file_reading.inspection import MEDIA_TYPES
from scrutiny.file_reading.sandbox_lanes import CannotBeShown, show
from scrutiny.file_reading.sheets import Sheet, read_cell, read_heads, read_sheet
from scrutiny.file_reading.workbooks import Cell
from scrutiny.formats import day, london_day
from workflows.refusals import Refused

#: In a longer text a quotation is checked by eye; in bytes.
MOST_SEARCHED = 2_000_000
PIXELS_WIDE = 1200  # small print can be read, and a page stays under half a megabyte
SHEETS = (MEDIA_TYPES["xlsx"], MEDIA_TYPES["csv"])
PICTURES = (MEDIA_TYPES["png"], MEDIA_TYPES["jpg"])


def kind_of(file: EvidenceFile) -> str:
    """How a file can be read here: 'pages', 'sheet', 'picture', 'text', or 'download' where it can only be taken away."""
    media_type = file.stored.media_type
    if media_type == MEDIA_TYPES["pdf"]:
        return "pages"
    if media_type in SHEETS:
        return "sheet"
    if media_type in PICTURES:
        return "picture"
    return "text" if media_type == MEDIA_TYPES["txt"] else "download"


def reads_by_page(file: EvidenceFile) -> bool:
    """Whether its pages can be read here one after the other: of a PDF as pictures, of a Word document or a text as words."""
    return file.erased_at is None and (is_document(file) or kind_of(file) in ("pages", "text"))


def is_document(file: EvidenceFile) -> bool:
    """Whether it is a Word document, whose words are read here and which is cited by eye."""
    return file.stored.media_type == MEDIA_TYPES["docx"]


def content_of(file: EvidenceFile) -> bytes:
    """The bytes, checked against their digest; Refused where they were erased."""
    _refuse_erased(file)
    return fitted.files().read(file.sha256)


def opened(file: EvidenceFile) -> IO[bytes]:
    """The bytes as an open file, checked against their digest before anything is read; Refused where they were erased."""
    _refuse_erased(file)
    store = fitted.files()
    return store.opened(file.sha256)


def page_png(file: EvidenceFile, n: int) -> bytes:
    """Page n of a PDF (from 1) as a PNG; Refused where there is no such page."""
    with _pdf(file) as pdf:
        return pages.page_image(pdf, n, width=PIXELS_WIDE, known_as=file.sha256)


def page_words(file: EvidenceFile, n: int) -> pages.PageText:
    """The text of page n of a PDF (from 1), and where each of its words stands."""
    with _pdf(file) as pdf:
        return pages.page_text(pdf, n, known_as=file.sha256)


def page_text(file: EvidenceFile, n: int) -> str:
    """The text of page n of a PDF (from 1), its lines as the page has them; '' for a scanned picture."""
    return page_words(file, n).text


def document_page(file: EvidenceFile, n: int) -> documents.DocumentPage:
    """Page n (from 1) of the words of a Word document, or its last."""
    with opened(file) as content:
        return documents.document_page(content, n, known_as=file.sha256)


def text_page(file: EvidenceFile, n: int) -> plain_texts.TextPage:
    """Page n (from 1) of the words of a text file, or its last, in the encoding its sender was told it was read in."""
    with opened(file) as content:
        return plain_texts.text_page(content, n, known_as=file.sha256)


def plain_text(file: EvidenceFile) -> str:
    """All words of a text file, to look for others in them; CannotBeShown where they are more than anybody reads."""
    if file.stored.size > MOST_SEARCHED:
        raise CannotBeShown(gettext("This text is too long to search here. Download it to read it."))
    return decode(content_of(file))[0]


def sheet_rows(file: EvidenceFile, name: str = "", row: int = 1, column: int = 1) -> Sheet:
    """The page with this row and column of a sheet of a workbook (the first unless named) or of a CSV.

    Refused where there is no such sheet, CannotBeShown where the file can only be taken away.
    """
    sheet: Sheet = _of_table(read_sheet, file, name, (row, column))
    return sheet


def cell_of(file: EvidenceFile, sheet: str, address: str) -> tuple[str, Cell]:
    """The name of the sheet (the first unless named) and what stands in a cell of it such as B7; for checking a citation."""
    found: tuple[str, Cell] = _of_table(read_cell, file, sheet, address)
    return found


def heads_of(file: EvidenceFile, sheet: str, address: str) -> tuple[str, str]:
    """What heads the row and the column of a cell of a table; CannotBeShown where the table cannot be read here."""
    found: tuple[str, str] = _of_table(read_heads, file, sheet, address)
    return found


def _of_table(read: Callable[..., Any], file: EvidenceFile, *wanted: str | tuple[int, int]) -> Any:
    """What is read of a table, in a child."""
    if file.stored.media_type not in SHEETS:
        raise Refused(gettext("“%(file)s” is not a table: download it to read it", file=file.name))
    with opened(file) as content:
        return show(read, file.stored.media_type, file.name, *wanted, file=content, known_as=file.sha256)


def _pdf(file: EvidenceFile) -> IO[bytes]:
    """A PDF, open."""
    if kind_of(file) != "pages":
        raise Refused(gettext("“%(file)s” is not a PDF: download it to read it", file=file.name))
    return opened(file)


def _refuse_erased(file: EvidenceFile) -> None:
    if file.erased_at is not None:
        raise Refused(
            gettext(
                "“%(file)s” was erased on %(erased_at)s: %(erased_why)s",
                file=file.name,
                erased_at=day(london_day(file.erased_at)),
                erased_why=file.erased_why,
            )
        )
