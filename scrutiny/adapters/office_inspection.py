"""Office documents somebody sent (.docx, .xlsx, .pptx, .odt, .ods): no bombs, no macros, and what a reader would not see."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import join, normpath
from xml.etree import ElementTree

from workflows.refusals import Refused

MOST_MEMBERS = 10_000
MOST_UNPACKED = 500_000_000
# Sheets of figures pack 20 to 40 times; a bomb a thousand times.
MOST_RATIO, RATIO_COUNTS_FROM = 100, 50_000_000
CHUNK = 1_000_000

CENTRE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
ODF = {"odt": b"application/vnd.oasis.opendocument.text", "ods": b"application/vnd.oasis.opendocument.spreadsheet"}
MACROS = re.compile(r"(^|/)(vba(Project|Data)\.|macrosheets/|activeX/)|^(Basic|Scripts)/(?!script-l[bc]\.xml)", re.I)
PROGRAMS = re.compile(r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|js|jar|zip|7z|rar|iso|lnk)$", re.I)
EMBEDDED = re.compile(r"/embeddings/|^Object \d+/|ObjectReplacements/")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Contents:
    """What an office document holds; rows are those written in a workbook's sheets, headers too."""

    pages: int | None = None
    sheets: tuple[str, ...] = ()
    rows: int | None = None
    warnings: tuple[str, ...] = ()


def inspect_office(extension: str, content: bytes) -> Contents:
    """What the document holds, and warnings of what it hides. Refusals are sentences without their subject."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _refuse_bombs(parts, len(content))
            _refuse_wrong_kind(extension, parts)
            _refuse_what_runs(parts)
            _read_through(parts)
            return _contents(extension, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ElementTree.ParseError, KeyError, OSError):
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
        before = b""
        with parts.open(member) as part:
            while piece := part.read(CHUNK):
                if b"<!ENTITY" in before + piece:
                    raise Refused("defines XML entities, which no office program writes. Save it afresh and send that.")
                before = piece[-8:]


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
    if extension == "docx" and _has(parts, "word/document.xml", rb"<w:(ins|del) "):
        warnings.append("It has tracked changes: what was struck out can still be read.")
    if extension == "odt" and _has(parts, "content.xml", rb"<text:tracked-changes\b"):
        warnings.append("It has tracked changes: what was struck out can still be read.")
    if extension != "pptx":
        return Contents(warnings=tuple(warnings))
    slides = [name for name in names if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    hidden = [name for name in slides if _has(parts, name, rb'<p:sld\b[^>]*\bshow="(0|false)"')]
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


def _sheets_of(parts: zipfile.ZipFile) -> Iterator[tuple[str, str, str]]:
    """(name, visible or hidden or veryHidden, path of the part) of each sheet in order; chart sheets have no cells."""
    paths = {
        relation.get("Id", ""): normpath(join("xl", relation.get("Target", ""))).lstrip("/")
        for relation in ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    }
    for element in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter():
        if _tag(element) == "sheet":
            identity = next((value for key, value in element.items() if key.endswith("}id")), "")
            path = paths.get(element.get(RELATION, identity), "")
            if "worksheets/" in path:
                yield element.get("name", ""), element.get("state", "visible"), path


def _counted(parts: zipfile.ZipFile, path: str) -> tuple[int, int, int]:
    """(rows written, rows hidden, columns hidden) of one sheet, read as a stream."""
    rows = hidden_rows = hidden_columns = 0
    with parts.open(path) as part:
        for _, element in ElementTree.iterparse(part):
            tag, hidden = _tag(element), element.get("hidden") in ("1", "true")
            if tag == "row":
                rows += 1
                hidden_rows += hidden
                element.clear()
            elif tag == "col" and hidden:
                hidden_columns += int(element.get("max", "1")) - int(element.get("min", "1")) + 1
    return rows, hidden_rows, min(hidden_columns, 16_384)


def _open_spreadsheet(parts: zipfile.ZipFile, warnings: list[str]) -> Contents:
    sheets, rows, hidden = [], 0, 0
    with parts.open("content.xml") as part:
        for event, element in ElementTree.iterparse(part, events=("start", "end")):
            tag = _tag(element)
            if event == "start" and tag == "table":
                sheets.append(next((value for key, value in element.items() if key.endswith("}name")), ""))
            elif event == "end" and tag in ("table-row", "table-column"):
                hidden += any(key.endswith("}visibility") and value != "visible" for key, value in element.items())
                # A spreadsheet's blank end is one row repeated a million times, without text.
                rows += tag == "table-row" and any(text.strip() for text in element.itertext())
                element.clear()
    if hidden:
        warnings.append(f"{_some(hidden, 'run')} of rows or columns hidden.")
    return Contents(sheets=tuple(sheets), rows=rows, warnings=tuple(warnings))


def _has(parts: zipfile.ZipFile, path: str, pattern: bytes) -> bool:
    return path in parts.namelist() and re.search(pattern, parts.read(path)) is not None


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _some(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number:,} {noun}s are"
