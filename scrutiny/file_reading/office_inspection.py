"""Office documents somebody sent (.docx, .xlsx, .pptx, .odt, .ods): no bombs, no macros, and what a reader would not see."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from scrutiny.file_reading.file_warnings import FileWarning, Kind
from scrutiny.file_reading.office_parts import (
    Book,
    OpenSheets,
    OpenWords,
    Relations,
    Sheet,
    Slide,
    Words,
    hides_words,
    is_or_follows,
)
from scrutiny.file_reading.xml_parts import Damaged, Reader, read_part
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
#: What is looked for in which part: by the last word of the type of the relation that leads there (ECMA-376, part 2, 9.3), for
#: other programs number and place parts as they like, or by its usual path, for a part nothing leads to can be read as well.
READ: dict[str, list[tuple[str, str, type[Reader]]]] = {
    "docx": [
        (
            "officeDocument|header|footer|footnotes|endnotes|comments|styles",
            r"word/(document|header\d*|footer\d*|footnotes|endnotes|styles)\.xml",
            Words,
        )
    ],
    "odt": [("", r"content\.xml|styles\.xml", OpenWords)],
    "ods": [("", r"content\.xml", OpenSheets), ("", r"styles\.xml", OpenWords)],
    "pptx": [("slide", r"ppt/slides/slide\d+\.xml", Slide)],
    "xlsx": [("officeDocument", r"xl/workbook\.xml", Book), ("worksheet", r".*worksheets/[^/]+\.xml", Sheet)],
}
#: What is told of a document that has such a part, found in the same two ways.
TOLD: list[tuple[str, str, FileWarning]] = [
    (
        "package|oleObject",
        r".*/embeddings/.*|Object \d+/.*|.*ObjectReplacements/.*",
        FileWarning(Kind.FILES_INSIDE, "It has other documents embedded in it; whoever opens it can read them whole."),
    ),
    (
        "comments|threadedComments?",
        r"(.*/)?(comments/.*|comments\d*\.xml|threadedComments?/.*)",
        FileWarning(Kind.COMMENTS, "It has comments in it."),
    ),
    ("notesSlide", r"ppt/notesSlides/[^/]+\.xml", FileWarning(Kind.SPEAKER_NOTES, "It has speaker's notes.")),
    (
        "revisionHeaders",
        r"xl/revisions/.*",
        FileWarning(Kind.TRACKED_CHANGES, "It has tracked changes: what was struck out can still be read."),
    ),
    (
        "pivotCacheRecords|powerPivotData",
        r"xl/pivotCache/pivotCacheRecords.*|xl/model/.*",
        FileWarning(Kind.PIVOT_FIGURES, "It keeps the figures behind a pivot table, which can be more than the sheet shows."),
    ),
    ("externalLink", r"xl/externalLinks/.*", FileWarning(Kind.LINKED_FIGURES, "It keeps figures taken from other workbooks.")),
]
RELATIONS = re.compile(r"(.*/)?_rels/[^/]*\.rels", re.I)


@dataclass(frozen=True)
class Contents:
    """What an office document holds; rows are those written in a workbook's sheets, headers too."""

    pages: int | None = None
    sheets: tuple[str, ...] = ()
    rows: int | None = None
    warnings: tuple[FileWarning, ...] = ()


def inspect_office(extension: str, file: IO[bytes], size: int) -> Contents:
    """What the document holds, and warnings of what it hides. Refusals are sentences without their subject."""
    try:
        with zipfile.ZipFile(file) as parts:
            _refuse_bombs(parts, size)
            _refuse_wrong_kind(extension, parts)
            _refuse_what_runs(parts)
            relations = _relations(parts)
            leads = {path.lower(): kind for part in relations.values() for path, kind in part.by_path()}
            return _contents(extension, _told(parts.namelist(), leads), _read_through(extension, parts, leads), relations)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, Damaged, KeyError, ValueError, OSError):
        raise Refused("is damaged or cut short. Open it to see, save it again and send it again.") from None


def _refuse_bombs(parts: zipfile.ZipFile, size: int) -> None:
    members = parts.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        raise Refused("unpacks to far more than a document holds. Save it again, or send it in parts.")
    if unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * size:
        raise Refused("unpacks to a hundred times its size, as a zip bomb does. Save it again, or send it as PDF.")


def _refuse_wrong_kind(extension: str, parts: zipfile.ZipFile) -> None:
    names = set(parts.namelist())
    if any(member.flag_bits & 1 for member in parts.infolist()):
        raise Refused("is protected with a password. Save it without one and send that.")
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise Refused("holds files that point outside it. Save it again and send that.")
    if extension in ODF:
        is_that = "mimetype" in names and parts.read("mimetype").strip() == ODF[extension]
        if is_that and b"encryption-data" in parts.read("META-INF/manifest.xml"):
            raise Refused("is protected with a password. Save it without one and send that.")
    else:
        is_that = CENTRE[extension] in names
    if not is_that:
        raise Refused(
            "is a zip file, but no .%(extension)s document. Save it as .%(extension)s and send it again.", extension=extension
        )


def _refuse_what_runs(parts: zipfile.ZipFile) -> None:
    names = parts.namelist()
    types = parts.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if b"macroEnabled" in types or any(MACROS.search(name) for name in names):
        raise Refused("carries macros or controls that run. Save it without them, or as PDF, and send that.")
    if program := next((name for name in names if PROGRAMS.search(name)), None):
        raise Refused(
            "has a program or archive inside it (%(rsplit)s). Take it out and send it again.", rsplit=program.rsplit("/", 1)[-1]
        )


def _relations(parts: zipfile.ZipFile) -> dict[str, Relations]:
    """All relations of a document, by the path of the part they stand in."""
    found: dict[str, Relations] = {}
    for member in parts.infolist():
        if RELATIONS.fullmatch(path := _path(member.filename)):
            found[path] = Relations(path.rpartition("_rels/")[0])
            with parts.open(member) as part:
                read_part(part, found[path])
    return found


def _path(member: str) -> str:
    """The path of a part as it is compared: capitals are not told apart."""
    return member.replace("\\", "/").lower()


def _is(path: str, leads: dict[str, str], kinds: str, pattern: str) -> bool:
    """Whether the part at a path is of such a kind, by what leads to it or by where it is."""
    return bool(re.fullmatch(kinds, leads[path]) if path in leads and kinds else False) or bool(re.fullmatch(pattern, path, re.I))


def _told(names: list[str], leads: dict[str, str]) -> list[FileWarning]:
    """What is told of the document for the kinds of parts it has."""
    paths = [_path(name) for name in names]
    return [warning for kinds, pattern, warning in TOLD if any(_is(path, leads, kinds, pattern) for path in paths)]


def _read_through(extension: str, parts: zipfile.ZipFile, leads: dict[str, str]) -> dict[str, Reader]:
    """Read every part to its end: a damaged one shows by its checksum. What stands in those that matter, by their path."""
    readers: dict[str, Reader] = {}
    for member in parts.infolist():
        path = _path(member.filename)
        kind = next((reader for kinds, pattern, reader in READ[extension] if _is(path, leads, kinds, pattern)), None)
        with parts.open(member) as part:
            if kind is None:
                read_part(part)
            else:
                readers[path] = kind()
                read_part(part, readers[path])
    return readers


def _contents(
    extension: str, warnings: list[FileWarning], readers: dict[str, Reader], relations: dict[str, Relations]
) -> Contents:
    words = [reader for reader in readers.values() if isinstance(reader, Words | OpenWords)]
    if any(part.has_comments for part in words) and not any(warning.kind == Kind.COMMENTS for warning in warnings):
        warnings.append(FileWarning(Kind.COMMENTS, "It has comments in it."))
    if any(part.is_tracked for part in words):
        warnings.append(FileWarning(Kind.TRACKED_CHANGES, "It has tracked changes: what was struck out can still be read."))
    if hides_words(words):
        warnings.append(FileWarning(Kind.HIDDEN_TEXT, "It has hidden text."))
    if extension == "xlsx":
        return _workbook(readers, relations, warnings)
    if extension == "ods":
        return _open_spreadsheet(readers, warnings)
    if extension == "pptx":
        return _slides(readers, warnings)
    return Contents(warnings=tuple(warnings))


def _slides(readers: dict[str, Reader], warnings: list[FileWarning]) -> Contents:
    slides = [reader for reader in readers.values() if isinstance(reader, Slide)]
    if hidden := sum(slide.is_hidden for slide in slides):
        warnings.append(FileWarning(Kind.HIDDEN_SLIDES, f"{_some(hidden, 'slide')} hidden."))
    if hiding := sum(slide.hides_things for slide in slides):
        words = "Something on 1 slide is hidden." if hiding == 1 else f"Something on {hiding:,} slides is hidden."
        warnings.append(FileWarning(Kind.HIDDEN_TEXT, words))
    return Contents(pages=len(slides), warnings=tuple(warnings))


def _workbook(readers: dict[str, Reader], relations: dict[str, Relations], warnings: list[FileWarning]) -> Contents:
    """Sheets by name, rows written, and the sheets, rows and columns that are hidden; sheets of charts have no cells."""
    book, leads = readers["xl/workbook.xml"], relations["xl/_rels/workbook.xml.rels"]
    if not isinstance(book, Book):
        raise KeyError("xl/workbook.xml")
    sheets, rows, hidden = [], 0, list[FileWarning]()
    for title, state, identity in book.sheets:
        if state != "visible":
            hidden.append(FileWarning(Kind.HIDDEN_SHEET, f"The sheet “{title}” is hidden."))
        if leads.types.get(identity) == "worksheet":
            sheet = readers[leads.paths[identity].lower()]
            if not isinstance(sheet, Sheet):
                raise KeyError(title)
            sheets.append(title)
            rows += sheet.rows
            hidden += _hidden_in(title, sheet)
    return Contents(sheets=tuple(sheets), rows=rows, warnings=(*hidden, *warnings))


def _hidden_in(title: str, sheet: Sheet) -> Iterator[FileWarning]:
    """What is hidden in one sheet."""
    if sheet.hidden_rows:
        yield FileWarning(Kind.HIDDEN_ROWS, f"{_some(sheet.hidden_rows, 'row')} hidden in the sheet “{title}”.")
    if sheet.hides_other_rows:
        yield FileWarning(Kind.HIDDEN_ROWS, f"Most rows are hidden in the sheet “{title}”.")
    if sheet.hidden_columns:
        columns = min(sheet.hidden_columns, MOST_COLUMNS)
        yield FileWarning(Kind.HIDDEN_COLUMNS, f"{_some(columns, 'column')} hidden in the sheet “{title}”.")


def _open_spreadsheet(readers: dict[str, Reader], warnings: list[FileWarning]) -> Contents:
    content = readers["content.xml"]
    if not isinstance(content, OpenSheets):
        raise KeyError("content.xml")
    parts = [reader for reader in readers.values() if isinstance(reader, OpenWords)]
    hiding = set[str]().union(*(part.hidden_tables for part in parts))
    parents = {name: parent for part in parts for name, parent in part.parents.items()}
    for title, style in zip(content.names, content.table_styles, strict=True):
        if is_or_follows(style, hiding, parents):
            warnings.append(FileWarning(Kind.HIDDEN_SHEET, f"The sheet “{title}” is hidden."))
    if content.hidden:
        warnings.append(FileWarning(Kind.HIDDEN_RUNS, f"{_some(content.hidden, 'run')} of rows or columns hidden."))
    return Contents(sheets=tuple(content.names), rows=content.rows, warnings=tuple(warnings))


def _some(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number:,} {noun}s are"
