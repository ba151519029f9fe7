"""Office documents somebody sent (.docx, .xlsx, .pptx, .odt, .ods): no bombs, no macros, and what a reader would not see."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import IO

from scrutiny.adapters.xml_parts import Damaged, Enough, read_part, refuse_entities
from workflows.refusals import Refused

MOST_MEMBERS = 10_000
MOST_UNPACKED = 500_000_000
# Sheets of figures pack 20 to 40 times; a bomb a thousand times.
MOST_RATIO, RATIO_COUNTS_FROM = 100, 1_000_000
MOST_SHEETS, MOST_CELLS, MOST_ROWS, MOST_COLUMNS = 1000, 10_000_000, 1_048_576, 16_384

CENTRE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
ODF = {"odt": b"application/vnd.oasis.opendocument.text", "ods": b"application/vnd.oasis.opendocument.spreadsheet"}
MACROS = re.compile(r"(^|/)(vba(Project|Data)\.|macrosheets/|activeX/)|^(Basic|Scripts)/(?!script-l[bc]\.xml)", re.I)
PROGRAMS = re.compile(r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|js|jar|zip|7z|rar|iso|lnk)$", re.I)
EMBEDDED = re.compile(r"/embeddings/|^Object \d+/|ObjectReplacements/")


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
            _read_through(parts)
            return _contents(extension, parts)
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


def _read_through(parts: zipfile.ZipFile) -> None:
    """Read every part to its end: a damaged one shows by its checksum, and no part may define entities (XML bombs)."""
    for member in parts.infolist():
        with parts.open(member) as part:
            refuse_entities(part)


def _contents(extension: str, parts: zipfile.ZipFile) -> Contents:
    names = parts.namelist()
    warnings = []
    if any(EMBEDDED.search(name) for name in names):
        warnings.append("It has other documents embedded in it; whoever opens it can read them whole.")
    if any(re.search(r"(^|/)(comments\d*|threadedComments?/.*)\.xml$", name, re.I) for name in names):
        warnings.append("It has comments in it.")
    if extension == "xlsx":
        return _workbook(parts, warnings)
    if extension == "ods":
        return _open_spreadsheet(parts, warnings)
    if extension == "docx" and _has(parts, "word/document.xml", "ins", "del"):
        warnings.append("It has tracked changes: what was struck out can still be read.")
    if extension == "odt" and _has(parts, "content.xml", "tracked-changes"):
        warnings.append("It has tracked changes: what was struck out can still be read.")
    if extension != "pptx":
        return Contents(warnings=tuple(warnings))
    slides = [name for name in names if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    hidden = [name for name in slides if _is_hidden_slide(parts, name)]
    if hidden:
        warnings.append(f"{_some(len(hidden), 'slide')} hidden.")
    if any(name.startswith("ppt/notesSlides/") for name in names):
        warnings.append("It has speaker's notes.")
    return Contents(pages=len(slides), warnings=tuple(warnings))


def _workbook(parts: zipfile.ZipFile, warnings: list[str]) -> Contents:
    """Sheets by name, rows written, and all that is hidden: sheets, rows, columns, figures behind pivots and links."""
    sheets, rows = [], 0
    for title, state, path in _sheets_of(parts):
        sheets.append(title)
        if state != "visible":
            warnings.append(f"The sheet “{title}” is hidden.")
        written, hidden_rows, hidden_columns = _counted(parts, path)
        rows += written
        if hidden_rows:
            warnings.append(f"{_some(hidden_rows, 'row')} hidden in the sheet “{title}”.")
        if hidden_columns:
            warnings.append(f"{_some(hidden_columns, 'column')} hidden in the sheet “{title}”.")
    names = parts.namelist()
    if any(name.startswith("xl/pivotCache/pivotCacheRecords") for name in names):
        warnings.append("It keeps the figures behind a pivot table, which can be more than the sheet shows.")
    if any(name.startswith("xl/externalLinks/") for name in names):
        warnings.append("It keeps figures taken from other workbooks.")
    return Contents(sheets=tuple(sheets), rows=rows, warnings=tuple(warnings))


def _sheets_of(parts: zipfile.ZipFile) -> list[tuple[str, str, str]]:
    """(name, visible or hidden or veryHidden, path of the part) of each sheet in order; chart sheets have no cells."""
    paths: dict[str, str] = {}
    sheets: list[tuple[str, str, str]] = []

    def relation(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            paths[attributes.get("Id", "")] = normpath(join("xl", attributes.get("Target", ""))).lstrip("/")

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), paths.get(identity, "")))
            if len(sheets) > MOST_SHEETS:
                raise Refused(f"has more than {MOST_SHEETS:,} sheets. Send it in parts.")

    with parts.open("xl/_rels/workbook.xml.rels") as part:
        read_part(part, relation)
    with parts.open("xl/workbook.xml") as part:
        read_part(part, sheet)
    return [one for one in sheets if "worksheets/" in one[2]]


@dataclass(slots=True)
class _Counted:
    """What stands in the sheets of one workbook, counted as it is read; more than a person could use is refused."""

    rows: int = 0
    cells: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0

    def element(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Count an element of a sheet of an Excel workbook."""
        if tag == "c":
            self.cells += 1
            if self.cells > MOST_CELLS:
                raise Refused(f"holds more than {MOST_CELLS:,} cells. Send it in parts, or as CSV.")
        elif tag == "row":
            self.rows += 1
            self.hidden_rows += attributes.get("hidden") in ("1", "true")
            if self.rows > MOST_ROWS:
                raise Refused(f"holds more than {MOST_ROWS:,} rows. Send it in parts, or as CSV.")
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            self.hidden_columns += int(attributes.get("max", "1")) - int(attributes.get("min", "1")) + 1


def _counted(parts: zipfile.ZipFile, path: str) -> tuple[int, int, int]:
    """(rows written, rows hidden, columns hidden) of one sheet, read as a stream."""
    count = _Counted()
    with parts.open(path) as part:
        read_part(part, count.element)
    return count.rows, count.hidden_rows, min(count.hidden_columns, MOST_COLUMNS)


@dataclass(slots=True)
class _OpenSheets:
    """What stands in an OpenDocument spreadsheet; its blank end is one row repeated a million times, without text."""

    names: list[str] = field(default_factory=list)
    rows: int = 0
    hidden: int = 0
    cells: int = 0
    is_written: bool = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Count a table, row, column or cell as it begins."""
        if tag == "table":
            self.names.append(next((value for key, value in attributes.items() if key.endswith(":name")), ""))
        elif tag in ("table-row", "table-column"):
            self.is_written = False
            self.hidden += any(key.endswith(":visibility") and value != "visible" for key, value in attributes.items())
        elif tag == "table-cell":
            self.cells += 1
        if self.cells > MOST_CELLS or len(self.names) > MOST_SHEETS:
            raise Refused(f"holds more than {MOST_CELLS:,} cells or {MOST_SHEETS:,} sheets. Send it in parts, or as CSV.")

    def text(self, words: str) -> None:
        """Note that something is written in this row."""
        self.is_written = self.is_written or not words.isspace()

    def end(self, tag: str) -> None:
        """Count a row that has something written in it."""
        if tag == "table-row":
            self.rows += self.is_written


def _open_spreadsheet(parts: zipfile.ZipFile, warnings: list[str]) -> Contents:
    count = _OpenSheets()
    with parts.open("content.xml") as part:
        read_part(part, count.start, end=count.end, text=count.text)
    if count.hidden:
        warnings.append(f"{_some(count.hidden, 'run')} of rows or columns hidden.")
    return Contents(sheets=tuple(count.names), rows=count.rows, warnings=tuple(warnings))


def _has(parts: zipfile.ZipFile, path: str, *tags: str) -> bool:
    """Whether an element of one of these names stands in a part."""
    seen = False

    def look(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal seen
        if tag in tags:
            seen = True
            raise Enough

    if path in parts.namelist():
        with parts.open(path) as part:
            read_part(part, look)
    return seen


def _is_hidden_slide(parts: zipfile.ZipFile, path: str) -> bool:
    """Whether a slide is passed over when the slides are shown; its first element says so."""
    hidden = False

    def look(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal hidden
        hidden = attributes.get("show") in ("0", "false")
        raise Enough

    with parts.open(path) as part:
        read_part(part, look)
    return hidden


def _some(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number:,} {noun}s are"
