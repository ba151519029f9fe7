"""What a person sent, looked at before it is kept: is it what its name says, whole, and safe to hand to others?"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import IO

import puremagic

from scrutiny.file_reading.decoding import is_utf16
from scrutiny.file_reading.file_warnings import FileWarning
from scrutiny.file_reading.office_inspection import inspect_office
from scrutiny.file_reading.pdf_inspection import PRINT_AGAIN, inspect_pdf
from scrutiny.file_reading.picture_inspection import inspect_picture
from scrutiny.file_reading.text_inspection import inspect_csv, inspect_text
from scrutiny.unicode_forms import normalised
from workflows.refusals import Refused, Sentence

LONGEST_NAME = 120
HEAD = 65536
#: White space and byte-order marks before a PDF: every program that opens PDFs passes over them (ISO 32000-1, annex H).
BEFORE_A_PDF = b"\x00\t\n\x0c\r \xef\xbb\xbf\xff\xfe"
BEFORE = Sentence("a PDF with something else before it")
#: What a PDF may carry as data, besides what may be sent by itself.
DATA = ("xml", "json", "xsd", "md")
ODD = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f")

OOXML = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OOXML}.wordprocessingml.document",
    "xlsx": f"{OOXML}.spreadsheetml.sheet",
    "pptx": f"{OOXML}.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "txt": "text/plain",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}
TAKEN = Sentence("PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), .odt, .ods, .csv, .txt, .png or .jpg")
REMEDIES = {
    "doc": Sentence("It is from an old Word. Open it, choose Save as, and save it as .docx or PDF."),
    "xls": Sentence("It is from an old Excel. Open it, choose Save as, and save it as .xlsx."),
    "ppt": Sentence("It is from an old PowerPoint. Open it, choose Save as, and save it as .pptx or PDF."),
    "docm": Sentence("It can carry macros. Save it as .docx and send that."),
    "xlsm": Sentence("It can carry macros. Save it as .xlsx and send that."),
    "xlsb": Sentence("It can carry macros. Save it as .xlsx and send that."),
    "pptm": Sentence("It can carry macros. Save it as .pptx and send that."),
    "zip": Sentence("Take the files out of it and send them one by one."),
    "msg": Sentence("Save the email as PDF, and send what was attached to it file by file."),
    "eml": Sentence("Save the email as PDF, and send what was attached to it file by file."),
}
SIGNATURES = (
    (b"%PDF-", "pdf", Sentence("a PDF")),
    (b"PK\x03\x04", "zip", Sentence("an Office document or zip file")),
    (b"PK\x05\x06", "zip", Sentence("an empty zip file")),
    (b"\x89PNG\r\n\x1a\n", "png", Sentence("a PNG picture")),
    (b"\xff\xd8\xff", "jpg", Sentence("a JPEG picture")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole", Sentence("an old Office document, or one protected with a password")),
    (b"MZ", "program", Sentence("a program")),
    (b"\x7fELF", "program", Sentence("a program")),
    (b"#!", "program", Sentence("a script")),
    (b"\x1f\x8b", "gzip", Sentence("a compressed file (gzip)")),
    (b"{\\rtf", "rtf", Sentence("a rich text document (RTF)")),
)
WEB_PAGE = re.compile(rb"<(!--|(!doctype\s+html|html|head|body|script|svg|iframe)\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Inspected:
    """A file fit to keep: the name to show, its type, its size in its own terms, and what its sender should know."""

    name: str
    media_type: str
    pages: int | None = None
    sheets: tuple[str, ...] = ()
    rows: int | None = None
    warnings: tuple[FileWarning, ...] = ()


def safe_name(name: str) -> str:
    """The name as it may be shown and offered for download: readable, with no path, control or bidi character."""
    name = normalised("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    # Cc controls, Cf bidi overrides and zero-width marks ("gpj.exe" shown as "exe.jpg"), Cs and Co never to be shown.
    name = "".join(" " if c.isspace() else c for c in name if c.isspace() or unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "-", re.sub(r"\s+", " ", name)).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = name, "", ""
    if stem.upper() in {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}:
        stem = f"_{stem}"  # Windows takes these for devices
    return stem[: LONGEST_NAME - len(extension) - 1].rstrip() + dot + extension or "file"


def inspect(name: str, content: bytes | IO[bytes]) -> Inspected:
    """What the file is, or Refused with what is wrong and what to send instead. Nothing in it is run or fetched.

    A file is read in pieces. Whoever serves pages asks `sandbox_lanes.check_file` instead, which does this in a child.
    """
    return inspect_file(io.BytesIO(content) if isinstance(content, bytes) else content, name)


def inspect_file(file: IO[bytes], name: str) -> Inspected:
    """`inspect` as a child is given it: the file first."""
    name = safe_name(name)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in MEDIA_TYPES:
        raise Refused(
            "“%(name)s” cannot be taken. %(remedy)s",
            name=name,
            remedy=REMEDIES.get(extension, Sentence("Send %(taken)s.", {"taken": TAKEN})),
        )
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise Refused("“%(name)s” is empty. Open it to see, and send it again.", name=name)
    kind, words = _sniffed(head)
    if kind == "polyglot" and extension == "pdf" and words == BEFORE:
        raise Refused("“%(name)s” is %(words)s. %(print_again)s", name=name, words=words, print_again=PRINT_AGAIN)
    if kind != _expected(extension):
        raise Refused(
            "“%(name)s” is not %(kind)s: it is %(words)s. Save it as .%(extension)s and send it again.",
            name=name,
            kind=_called(extension),
            words=words,
            extension=extension,
        )
    if kind == "text":
        return _inspect_text(name, extension, file)
    try:
        return replace(_looked_into(extension, file), name=name)
    except Refused as refused:
        raise Refused("“%(name)s” %(refused)s", name=name, refused=refused.said) from None


def _inspect_text(name: str, extension: str, file: IO[bytes]) -> Inspected:
    if extension == "txt":
        return Inspected(name, "text/plain", warnings=inspect_text(file)[1])
    rows, notes = inspect_csv(file)
    return Inspected(name, "text/csv", rows=rows, warnings=notes)


def _looked_into(extension: str, file: IO[bytes]) -> Inspected:
    """The look that fits the kind; refusals are sentences without their subject."""
    media_type = MEDIA_TYPES[extension]
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if extension == "pdf":
        pages, warnings = inspect_pdf(file, size, _check_inside)
        return Inspected("", media_type, pages=pages, warnings=warnings)
    if extension in ("docx", "xlsx", "pptx", "odt", "ods"):
        contents = inspect_office(extension, file, size)
        return Inspected("", media_type, contents.pages, contents.sheets, contents.rows, contents.warnings)
    return Inspected("", media_type, pages=1, warnings=inspect_picture(_expected(extension), file))


def _check_inside(name: str, content: bytes) -> None:
    """Refuse a file within a file that could not be sent by itself either; data (.xml, .json) may come so, programs never."""
    extension = name.rpartition(".")[2].lower()
    if extension in DATA and content and _sniffed(content[:HEAD])[0] == "text":
        return
    if extension == "pdf":
        inspect_pdf(io.BytesIO(content), len(content), _refuse_deeper)
    else:
        inspect_file(io.BytesIO(content), name)


def _refuse_deeper(name: str, _: bytes) -> None:
    raise Refused("“%(name)s” is a file within a file within a file.", name=name)


def _sniffed(start: bytes) -> tuple[str, Sentence]:
    """What the bytes are, by their first 64 kilobytes and whatever the name says: a short kind, and words for a person."""
    head = start[:1024]
    start = start.lstrip(BEFORE_A_PDF) if b"%PDF-" in head and head.lstrip(BEFORE_A_PDF).startswith(b"%PDF-") else start
    for signature, kind, words in SIGNATURES:
        if start.startswith(signature):
            if kind == "pdf" and WEB_PAGE.search(head):
                return "polyglot", Sentence("a PDF and a web page in one")
            return kind, words
    if b"%PDF-" in head:
        return "polyglot", BEFORE
    # Only at its start: a table may well hold a hostile name such as <script>, which every page shows as text.
    if WEB_PAGE.match(head.lstrip(b"\xef\xbb\xbf \t\r\n")):
        return "html", Sentence("a web page (HTML)")
    if _is_text(start):
        return "text", Sentence("plain text")
    try:
        known = puremagic.magic_string(start)
        named = known[0].name if known else ""
        return "other", Sentence("something else (%(named)s)", {"named": named}) if named else Sentence("something else")
    except (puremagic.PureError, ValueError):
        return "other", Sentence("no kind of file we know")


def _is_text(start: bytes) -> bool:
    """True where hardly a control character is seen; a stray NUL in a long table is still text."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or is_utf16(start):
        return True
    odd = len(start) - len(start.translate(None, ODD))
    return odd * 50 <= len(start)


def _expected(extension: str) -> str:
    if extension in ("docx", "xlsx", "pptx", "odt", "ods"):
        return "zip"
    return {"csv": "text", "txt": "text", "jpeg": "jpg"}.get(extension, extension)


def _called(extension: str) -> Sentence:
    called = {
        "pdf": Sentence("a PDF"),
        "csv": Sentence("a CSV table"),
        "txt": Sentence("plain text"),
        "png": Sentence("a PNG picture"),
    }
    if extension.startswith("jp"):
        return Sentence("a JPEG picture")
    return called.get(extension, Sentence("a .%(extension)s document", {"extension": extension}))
