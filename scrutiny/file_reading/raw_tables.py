"""The one reader of whole tables that others publish: CSV of any sort, workbooks, web pages with a table, .gz and .zip of one.

Rows keep the number that a spreadsheet program gives them; nothing is taken for a header, and nothing is left out.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field

from scrutiny.file_reading.decoding import LARGEST_UNPACKED, decode, mended
from scrutiny.file_reading.office_tables import is_old_workbook, old_workbook_rows
from scrutiny.file_reading.page_tables import page_tables
from scrutiny.file_reading.raw_sheet import MOST_COLUMNS, RawSheet, within_columns
from scrutiny.file_reading.tables import SEPARATOR, check_quotes
from scrutiny.file_reading.workbooks import read_workbook
from scrutiny.file_reading.xml_parts import Damaged
from scrutiny.typed_text import clean
from workflows.refusals import Refused, Sentence

LAST_ROW = 1_048_576
DELIMITERS = ",;\t|"
#: Among how many lines from the top the character that parts cells is looked for.
LOOKED_THROUGH = 200
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, Damaged, LookupError, ValueError, OSError, TypeError)


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file of one table or several, and what had to be understood to read it."""

    sheets: tuple[RawSheet, ...]
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[Sentence, ...] = field(default=())


def read_raw_file(content: bytes, *, most: int = LARGEST_UNPACKED) -> RawFile:
    """The tables of a file as published. Refuses what is empty, damaged, no table, or unpacks to more than `most` bytes."""
    if not content.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise Refused("The file is empty. Choose a file with a header row and at least one row under it.")
    if content.startswith(b"PK"):
        return _packed(content, most)
    if is_old_workbook(content):
        return _workbook(old_workbook_rows(content), Sentence("The file is an Excel workbook, and has been read as one."))
    if content.startswith(b"%PDF-"):
        raise Refused("This is a PDF, not a table. Ask its publisher for the CSV or the workbook.")
    if content.startswith(b"version https://git-lfs"):
        raise Refused("This is a Git LFS pointer, not the file itself. Fetch the file and send that.")
    return _text(content, most)


def _packed(content: bytes, most: int) -> RawFile:
    """A workbook, or a zip file that holds one table."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            members = [one for one in parts.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
            names = {one.filename.replace("\\", "/").lower() for one in members}
            if sum(one.file_size for one in members) > most:
                raise Refused("The file unpacks to more than %(size)sMB. Send a smaller part.", size=most // 1_000_000)
            if "xl/workbook.xml" in names:
                return _workbook(_xlsx_rows(content), Sentence("The file is an Excel workbook, and has been read as one."))
            if "content.xml" in names or "xl/workbook.bin" in names:
                return _workbook(old_workbook_rows(content), Sentence("The file is a workbook, and has been read as one."))
            return _only_member(parts, members, most)
    except (NotImplementedError, RecursionError):
        raise Refused("The file is packed in a way that is not read here. Unpack it and send the table itself.") from None
    except RuntimeError:
        raise Refused("The zip file is protected with a password. Unpack it and send the file.") from None
    except DAMAGED:
        raise Refused("The file is damaged or cut short. Send it again.") from None


def _only_member(parts: zipfile.ZipFile, members: list[zipfile.ZipInfo], most: int) -> RawFile:
    tables = [one for one in members if re.search(r"\.(csv|tsv|txt|xlsx?|ods|html?)$", one.filename, re.IGNORECASE)]
    if not members:
        raise Refused("The zip file is empty. Send the table itself.")
    if len(tables) != 1:
        raise Refused("The zip file holds %(count)s tables. Send one table at a time.", count=len(tables))
    with parts.open(tables[0]) as member:
        inner = member.read(most + 1)
    if len(inner) > most:
        raise Refused("The file unpacks to more than %(size)sMB. Send a smaller part.", size=most // 1_000_000)
    if _is_zip_of_files(inner):
        raise Refused("The zip file holds another zip file. Unpack it and send the table itself.")
    found = read_raw_file(inner, most=most)
    said = Sentence("“%(name)s” was taken out of a zip file.", {"name": tables[0].filename[-80:]})
    return RawFile(found.sheets, found.encoding, found.delimiter, (said, *found.notes))


def _is_zip_of_files(content: bytes) -> bool:
    """Whether it is a zip file, and no workbook, which is one too."""
    if not content.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = {name.replace("\\", "/").lower() for name in parts.namelist()}
    return not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}


def _workbook(sheets: list[RawSheet], note: Sentence) -> RawFile:
    if not any(sheet.rows for sheet in sheets):
        raise Refused("The workbook has no rows. Choose a file with a header row and at least one row under it.")
    return RawFile(tuple(sheet for sheet in sheets if sheet.rows), "workbook", "", (note,))


def _xlsx_rows(content: bytes) -> list[RawSheet]:
    """Every sheet of a workbook, each cell with what it stores rather than what it shows: an amount is shown rounded."""
    made: list[RawSheet] = []
    names = [""]
    while names:
        sheet = read_workbook(io.BytesIO(content), names.pop(0), 1, LAST_ROW)
        if not made:
            names = [name for name in sheet.names if name != sheet.name]
        rows: dict[int, dict[int, str]] = {}
        for (row, column), cell in sheet.cells.items():
            rows.setdefault(row, {})[column] = cell.stored or cell.shown
        made.append(RawSheet(sheet.name, tuple((row, _filled(row, rows[row])) for row in sorted(rows))))
    return made


def _filled(row: int, cells: dict[int, str]) -> tuple[str, ...]:
    if max(cells) > MOST_COLUMNS:
        within_columns(row, [cells.get(number, "") for number in range(1, max(cells) + 1)])
    return tuple(clean(cells.get(number, "")).strip() for number in range(1, min(max(cells), MOST_COLUMNS) + 1))


def _text(content: bytes, most: int) -> RawFile:
    """A table that is written as text."""
    text, encoding, _ = decode(content, most=most)
    notes = _notes(content, encoding)
    if removed := _nul_characters(content, encoding):
        notes.append(Sentence("NUL characters were removed: %(n)s.", {"n": removed}))
    text, places = mended(clean(text))
    if places:
        notes.append(Sentence("Letters of a wrong encoding were mended in %(n)s places.", {"n": places}))
    if "\ufffd" in text:
        notes.append(Sentence("Characters were lost before the file came here: %(n)s.", {"n": text.count("\ufffd")}))
    start = text.lstrip()[:2000]
    if start[:1] in ("{", "[") and _is_json(text):
        raise Refused("This is JSON, not a table: the address may have answered with a message. Ask for the CSV.")
    if re.match(r"<(!doctype|html|\?xml|table|head|body|meta|div|style)\b", start, re.IGNORECASE):
        tables = [RawSheet("", rows) for rows in page_tables(text) if len(rows) > 1]
        if not tables:
            raise Refused("This is a web page without a table: the address may have answered with an error. Ask for the CSV.")
        return RawFile(tuple(tables), encoding, "", (*notes, Sentence("The file is a web page; its table has been read.")))
    rows, delimiter = _csv_rows(text)
    return RawFile((RawSheet("", rows),), encoding, delimiter, tuple(notes))


def _nul_characters(content: bytes, encoding: str) -> int:
    return content.count(0) if encoding != "utf-16" and not content.startswith(b"\x1f\x8b") else 0


def _notes(content: bytes, encoding: str) -> list[Sentence]:
    said = []
    if content.startswith(b"\x1f\x8b"):
        said.append(Sentence("The file was compressed (gzip) and has been unpacked."))
    if encoding in ("cp1252", "latin-1"):
        said.append(Sentence("The file is not UTF-8; it has been read as Windows-1252."))
    if encoding == "mac-roman":
        said.append(Sentence("The file is not UTF-8; it has been read as Mac Roman."))
    if encoding == "utf-16":
        said.append(Sentence("The file has been read as UTF-16."))
    return said


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _csv_rows(text: str) -> tuple[tuple[tuple[int, tuple[str, ...]], ...], str]:
    """The records of a CSV that hold something, by their number as a spreadsheet program counts them."""
    said, first = SEPARATOR.match(text), 1
    if said is not None:
        text, delimiter, first = text[said.end() :], said[1], 2
    else:
        delimiter = likely_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, began, last = [], 1, 1
    try:
        for number, cells in enumerate(reader, first):
            last = began
            if any(cell.strip() for cell in cells):
                check_quotes(cells, began, reader.line_num, delimiter)
                rows.append((number, tuple(_bare(cell) for cell in within_columns(number, cells))))
            began = reader.line_num + 1
    except csv.Error as error:
        raise Refused("Line %(line)s cannot be read as CSV: %(error)s.", line=began, error=error) from None
    if not rows:
        raise Refused("The file has no rows. Choose a file with a header row and at least one row under it.")
    _check_end(text, last, delimiter)
    return tuple(rows), delimiter


def _bare(cell: str) -> str:
    """A cell on one line; ="0123" is how some programs keep a spreadsheet from changing a text."""
    words = " ".join(cell.split())
    return words[2:-1] if words.startswith('="') and words.endswith('"') and len(words) > 2 else words


def _check_end(text: str, line: int, delimiter: str) -> None:
    """Refuse a quotation mark that is opened in the last record and never closed: it may have swallowed others."""
    lines = text.split("\n")[line - 1 :]
    try:
        list(csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise Refused(
                "A quotation mark opens on line %(line)s and is never closed, so the rest of the file would be lost in one "
                "cell. Close or remove it and send the file again.",
                line=line,
            ) from None


def likely_delimiter(text: str) -> str:
    """The character that parts cells: the one that stands equally often, and not rarely, in most lines near the top."""
    lines = [line for _, line in zip(range(LOOKED_THROUGH), io.StringIO(text), strict=False) if line.strip()]
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]

    def steadiness(mark: str) -> float:
        counts = Counter(line.count(mark) for line in bare)
        counts.pop(0, None)
        if not counts:
            return 0.0
        often, times = counts.most_common(1)[0]
        return times / len(bare) * min(often, 6)

    best = max(DELIMITERS, key=steadiness)
    if steadiness(best) == 0:
        raise Refused("No columns were found: nothing parts the cells of this file. Send it as CSV.")
    return best
