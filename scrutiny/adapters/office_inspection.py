"""Office documents somebody sent (.docx, .xlsx, .pptx, .odt, .ods): no bombs, no macros, and what a reader would not see."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from scrutiny.adapters.office_parts import Book, OpenSheets, Relations, Sheet, Slide, Words
from scrutiny.adapters.xml_parts import Damaged, Reader, read_part
from workflows.refusals import Refused

MOST_MEMBERS = 10_000
MOST_UNPACKED = 500_000_000
# Sheets of figures pack 20 to 40 times; a bomb a thousand times.
MOST_RATIO, RATIO_COUNTS_FROM = 100, 1_000_000
MOST_COLUMNS = 16_384

CENTRE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
ODF = {"odt": b"application/vnd.oasis.opendocument.text", "ods": b"application/vnd.oasis.opendocument.spreadsheet"}
MACROS = re.compile(r"(^|/)(vba(Project|Data)\.|macrosheets/|activeX/)|^(Basic|Scripts)/(?!script-l[bc]\.xml)", re.I)
PROGRAMS = re.compile(r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|js|jar|zip|7z|rar|iso|lnk)$", re.I)
COMMENTS = re.compile(r"(^|/)(comments\d*|threadedComments?/.*)\.xml$", re.I)
EMBEDDED = re.compile(r"/embeddings/|^Object \d+/|ObjectReplacements/")
# What is looked for in which part of which kind of document.
READ: dict[str, list[tuple[str, type[Reader]]]] = {
    "docx": [(r"word/document\.xml", Words)],
    "odt": [(r"content\.xml", Words)],
    "ods": [(r"content\.xml", OpenSheets)],
    "pptx": [(r"ppt/slides/slide\d+\.xml", Slide)],
    "xlsx": [(r"xl/workbook\.xml", Book), (r"xl/_rels/workbook\.xml\.rels", Relations), (r".*worksheets/[^/]+\.xml", Sheet)],
}


@dataclass(frozen=True)
class Contents:
    """What an office document holds; rows are those written in a workbook's sheets, headers too."""

    pages: int | None = None
    sheets: tuple[str, ...] = ()
    rows: int | None = None
    warnings: tuple[str, ...] = ()


def inspect_office(extension: str, file: IO[bytes], size: int) -> Contents:
    """What the document holds, and warnings of what it hides. Refusals are sentences without their subject."""
    try:
        with zipfile.ZipFile(file) as parts:
            _refuse_bombs(parts, size)
            _refuse_wrong_kind(extension, parts)
            _refuse_what_runs(parts)
            return _contents(extension, parts.namelist(), _read_through(extension, parts))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, Damaged, KeyError, ValueError, OSError):
        raise Refused("is damaged or cut short. Open it to see, save it afresh and send it again.") from None


def _refuse_bombs(parts: zipfile.ZipFile, size: int) -> None:
    members = parts.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        raise Refused("unpacks to far more than a document holds. Save it afresh, or send it in parts.")
    if unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * size:
        raise Refused("unpacks to a hundred times its size, as a zip bomb does. Save it afresh, or send it as PDF.")


def _refuse_wrong_kind(extension: str, parts: zipfile.ZipFile) -> None:
    names = set(parts.namelist())
    if any(member.flag_bits & 1 for member in parts.infolist()):
        raise Refused("is protected with a password. Save it without one and send that.")
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise Refused("holds files that point outside it. Save it afresh and send that.")
    if extension in ODF:
        is_that = "mimetype" in names and parts.read("mimetype").strip() == ODF[extension]
        if is_that and b"encryption-data" in parts.read("META-INF/manifest.xml"):
            raise Refused("is protected with a password. Save it without one and send that.")
    else:
        is_that = CENTRE[extension] in names
    if not is_that:
        raise Refused(f"is a zip file, but no .{extension} document. Save it as .{extension} and send it again.")


def _refuse_what_runs(parts: zipfile.ZipFile) -> None:
    names = parts.namelist()
    types = parts.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if b"macroEnabled" in types or any(MACROS.search(name) for name in names):
        raise Refused("carries macros or controls that run. Save it without them, or as PDF, and send that.")
    if program := next((name for name in names if PROGRAMS.search(name)), None):
        raise Refused(f"has a program or archive inside it ({program.rsplit('/', 1)[-1]}). Take it out and send it again.")


def _read_through(extension: str, parts: zipfile.ZipFile) -> dict[str, Reader]:
    """Read every part to its end, once: a damaged one shows by its checksum. What stands in those that matter, by their path."""
    readers: dict[str, Reader] = {}
    for member in parts.infolist():
        kind = next((kind for pattern, kind in READ[extension] if re.fullmatch(pattern, member.filename)), None)
        with parts.open(member) as part:
            if kind is None:
                read_part(part)
            else:
                readers[member.filename] = kind()
                read_part(part, readers[member.filename])
    return readers


def _contents(extension: str, names: list[str], readers: dict[str, Reader]) -> Contents:
    warnings = []
    if any(EMBEDDED.search(name) for name in names):
        warnings.append("It has other documents embedded in it; whoever opens it can read them whole.")
    if any(COMMENTS.search(name) for name in names):
        warnings.append("It has comments in it.")
    if extension == "xlsx":
        return _workbook(names, readers, warnings)
    if extension == "ods":
        return _open_spreadsheet(readers, warnings)
    if extension == "pptx":
        return _slides(names, readers, warnings)
    if any(isinstance(reader, Words) and reader.is_tracked for reader in readers.values()):
        warnings.append("It has tracked changes: what was struck out can still be read.")
    return Contents(warnings=tuple(warnings))


def _slides(names: list[str], readers: dict[str, Reader], warnings: list[str]) -> Contents:
    slides = [reader for reader in readers.values() if isinstance(reader, Slide)]
    if hidden := sum(slide.is_hidden for slide in slides):
        warnings.append(f"{_some(hidden, 'slide')} hidden.")
    if any(name.startswith("ppt/notesSlides/") for name in names):
        warnings.append("It has speaker's notes.")
    return Contents(pages=len(slides), warnings=tuple(warnings))


def _workbook(names: list[str], readers: dict[str, Reader], warnings: list[str]) -> Contents:
    """Sheets by name, rows written, and all that is hidden: sheets, rows, columns, figures behind pivots and links."""
    sheets, rows = [], 0
    for title, state, path in _sheets_of(readers):
        sheet = readers[path]
        if not isinstance(sheet, Sheet):
            raise KeyError(path)
        sheets.append(title)
        rows += sheet.rows
        if state != "visible":
            warnings.append(f"The sheet “{title}” is hidden.")
        if sheet.hidden_rows:
            warnings.append(f"{_some(sheet.hidden_rows, 'row')} hidden in the sheet “{title}”.")
        if sheet.hidden_columns:
            columns = min(sheet.hidden_columns, MOST_COLUMNS)
            warnings.append(f"{_some(columns, 'column')} hidden in the sheet “{title}”.")
    if any(name.startswith("xl/pivotCache/pivotCacheRecords") for name in names):
        warnings.append("It keeps the figures behind a pivot table, which can be more than the sheet shows.")
    if any(name.startswith("xl/externalLinks/") for name in names):
        warnings.append("It keeps figures taken from other workbooks.")
    return Contents(sheets=tuple(sheets), rows=rows, warnings=tuple(warnings))


def _sheets_of(readers: dict[str, Reader]) -> list[tuple[str, str, str]]:
    """(name, visible or hidden or veryHidden, path of the part) of each sheet in order; chart sheets have no cells."""
    book, relations = readers["xl/workbook.xml"], readers["xl/_rels/workbook.xml.rels"]
    if not isinstance(book, Book) or not isinstance(relations, Relations):
        raise KeyError("xl/workbook.xml")
    found = [(name, state, relations.paths.get(identity, "")) for name, state, identity in book.sheets]
    return [sheet for sheet in found if "worksheets/" in sheet[2]]


def _open_spreadsheet(readers: dict[str, Reader], warnings: list[str]) -> Contents:
    content = readers["content.xml"]
    if not isinstance(content, OpenSheets):
        raise KeyError("content.xml")
    if content.hidden:
        warnings.append(f"{_some(content.hidden, 'run')} of rows or columns hidden.")
    return Contents(sheets=tuple(content.names), rows=content.rows, warnings=tuple(warnings))


def _some(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number:,} {noun}s are"
