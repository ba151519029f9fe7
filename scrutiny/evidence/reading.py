"""What a reading page is made of: the picture and text of a PDF page, and a sheet or CSV as rows of cells."""

from __future__ import annotations

from typing import IO

from scrutiny.adapters import fitted, pages
from scrutiny.adapters.inspection import MEDIA_TYPES
from scrutiny.adapters.sandbox_lanes import show
from scrutiny.adapters.sheets import Sheet, read_sheet
from scrutiny.adapters.tables import decode
from scrutiny.evidence.models import EvidenceFile
from scrutiny.formats import day, london_day
from workflows.refusals import Refused

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


def plain_text(file: EvidenceFile) -> str:
    """The words of a text file, in the encoding its sender was told it was read in."""
    return decode(content_of(file))[0]


def sheet_rows(file: EvidenceFile, name: str = "") -> Sheet:
    """A sheet of a workbook (the first unless named) or a CSV, as rows of text; Refused where there is no such sheet."""
    if file.stored.media_type not in SHEETS:
        raise Refused(f"“{file.name}” is no table: download it to read it")
    with opened(file) as content:
        sheet: Sheet = show(read_sheet, file.stored.media_type, file.name, name, file=content, known_as=file.sha256)
    return sheet


def cell_of(file: EvidenceFile, sheet: str, cell: str) -> str | None:
    """What stands in a cell such as B7, or None where there is nothing; for checking a citation."""
    found = sheet_rows(file, sheet)
    for number, cells in found.rows:
        for column, text in zip(found.columns, cells, strict=False):
            if f"{column}{number}" == cell.upper():
                return text or None
    return None


def _pdf(file: EvidenceFile) -> IO[bytes]:
    """A PDF, open."""
    if kind_of(file) != "pages":
        raise Refused(f"“{file.name}” is not a PDF: download it to read it")
    return opened(file)


def _refuse_erased(file: EvidenceFile) -> None:
    if file.erased_at is not None:
        raise Refused(f"“{file.name}” was erased on {day(london_day(file.erased_at))}: {file.erased_why}")
