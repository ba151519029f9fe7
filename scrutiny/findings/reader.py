"""The reading page: one part of a lodging (written answer, page of a PDF, sheet, picture) ready to be shown and quoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from scrutiny.evidence import reading
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.evidence.reading import Sheet
from scrutiny.file_reading import pages
from workflows.refusals import Refused


@dataclass(frozen=True, slots=True)
class Part:
    """What of a lodging is before the reader. `kind`: answer, pages, sheet, picture, text, download, erased or unreadable."""

    kind: str
    name: str
    file: EvidenceFile | None = None
    page: int = 0
    last: int = 0
    text: str = ""
    words: tuple[pages.Word, ...] = ()
    sheet: Sheet | None = None
    why: str = ""  # why it cannot be shown

    @property
    def by_page(self) -> bool:
        """Whether its words can be read on a page of their own."""
        return self.file is not None and reading.reads_by_page(self.file)

    @property
    def prefix(self) -> str:
        """What stands before the address of a cell where it is cited: Sheet1! of Sheet1!B7; nothing in a table without sheets."""
        return f"{self.sheet.name}!" if self.sheet and self.sheet.name else ""


def part_of(lodging: Lodging, files: list[EvidenceFile], wanted: MultiDict[str, str]) -> Part:
    """The part asked for by file, page and sheet; the written answer, or else the first file, where none is named.

    `files` are those the reader may open: any other is not there (404).
    """
    if "file" not in wanted:
        if lodging.evidence.text or lodging.evidence.figures or not files:
            return Part("answer", gettext("The written answer"), text=lodging.evidence.text)
        file: EvidenceFile | None = files[0]
    else:
        file = next((one for one in files if str(one.id) == wanted["file"]), None)
    if file is None:
        abort(404)
    try:
        return _of_file(file, wanted)
    except Refused as refused:
        return Part("erased" if file.erased_at else "unreadable", file.name, file=file, why=refused.sentence)


def _of_file(file: EvidenceFile, wanted: MultiDict[str, str]) -> Part:
    """A file as it can be read here."""
    kind = reading.kind_of(file)
    if kind == "pages":
        number, last = _number(wanted.get("page", "1")), file.stored.pages or 1
        if not 1 <= number <= last:
            abort(404)
        found = reading.page_words(file, number)
        return Part(kind, file.name, file=file, page=number, last=last, text=found.text, words=found.words)
    if kind == "sheet":
        row, column = _number(wanted.get("row", "1")), _number(wanted.get("column", "1"))
        return Part(kind, file.name, file=file, sheet=reading.sheet_rows(file, wanted.get("sheet", ""), row, column))
    if kind == "text":
        words = reading.text_page(file, max(_number(wanted.get("page", "1")), 1))
        return Part(kind, file.name, file=file, page=words.number, last=words.last, text=words.text)
    if file.erased_at is not None:
        reading.content_of(file)  # refuses, saying when it was erased and why
    return Part(kind, file.name, file=file)


def _number(text: str) -> int:
    """The number of a page, row or column; 0 for anything else."""
    digits = text.strip().replace(",", "")
    return int(digits) if digits.isdecimal() and len(digits) < 8 else 0


def navigation(reference: str, lodging: Lodging, files: list[EvidenceFile], part: Part) -> list[dict[str, Any]]:
    """The parts of a lodging as links, the present one marked."""
    items = []
    if lodging.evidence.text or lodging.evidence.figures:
        address = url_for("reading.read", reference=reference, lodging_id=lodging.id)
        items.append({"text": gettext("The written answer"), "href": address, "active": part.file is None})
    for file in files:
        address = url_for("reading.read", reference=reference, lodging_id=lodging.id, file=file.id)
        items.append({"text": file.name, "href": address, "active": part.file is file})
    return items
