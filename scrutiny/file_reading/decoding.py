"""The words of a text or table that somebody sent: unpacked, and in whatever encoding they came."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib

from workflows.refusals import Refused

# A byte-order mark; and one read once as Windows-1252 and saved again as UTF-8, as some finance systems do.
BYTE_ORDER_MARKS = ("\ufeff", "ï»¿", "i>>?")
LARGEST_UNPACKED = 1_000_000_000
#: Quotation marks, dashes and accents of an old Mac, read as Windows-1252: a capital letter with an accent within a word, or
#: alone between spaces.
OF_A_MAC = re.compile(r"(?<=[a-z])[ÕÔŽŠ](?=[a-z])|(?<= )[ÐÑ](?= )|(?<=[\s,\"])[ÒÔ](?=[A-Za-z])")
#: UTF-8 read once as Windows-1252 and saved again as UTF-8.
READ_TWICE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014"
    "\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]{1,3}"
)


def decode(content: bytes, *, most: int = LARGEST_UNPACKED) -> tuple[str, str, tuple[str, ...]]:
    """The text of a file, its encoding, and notes on what had to be understood.

    UTF-16 by its mark, else UTF-8, else Windows-1252, or Mac Roman where only that makes words of it; .gz is unpacked, to
    `most` bytes and no further. Refuses a workbook or zip file.
    """
    notes: list[str] = []
    if content.startswith(b"\x1f\x8b"):
        content = _unpacked(content, most)
        notes.append("The file was compressed (gzip) and has been unpacked.")
    if content.startswith(b"PK\x03\x04"):
        raise Refused("This is a workbook or zip file, not CSV. In Excel, save it as “CSV UTF-8” and send that.")
    text, encoding = _decoded(content)
    if encoding in ("cp1252", "latin-1"):
        notes.append("The file is not UTF-8; it has been read as Windows-1252.")
    for mark in BYTE_ORDER_MARKS:
        text = text.removeprefix(mark)
    if "\x00" in text:
        notes.append(f"{text.count(chr(0))} NUL characters were removed.")
        text = text.replace("\x00", "")
    return text, encoding, tuple(notes)


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace"), "utf-16"
    if is_utf16(content):
        return content.decode("utf-16-le" if content[:400:2].count(0) == 0 else "utf-16-be", "replace"), "utf-16"
    for encoding in ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252" and OF_A_MAC.search(text) is not None:
            break
        return text, encoding
    if OF_A_MAC.search(content.decode("latin-1").translate(_HIGH)) is not None:
        return content.decode("mac-roman"), "mac-roman"
    # Five bytes have no letter in Windows-1252; Latin-1 reads any byte, so nothing is lost.
    return content.decode("latin-1"), "latin-1"


#: What Windows-1252 has where Latin-1 has control characters, of the letters that tell a Mac.
_HIGH = {0x8E: "Ž", 0x8A: "Š"}


def mended(text: str) -> tuple[str, int]:
    """A text without the letters that UTF-8 read twice leaves (Â£, â€“), and how many places were mended."""
    places = 0

    def mend(found: re.Match[str]) -> str:
        nonlocal places
        for length in range(len(found[0]), 1, -1):
            try:
                made = found[0][:length].encode("cp1252").decode("utf-8")
            except UnicodeError:
                continue
            places += 1
            return made + found[0][length:]
        return found[0]

    return READ_TWICE.sub(mend, text), places


def is_utf16(content: bytes) -> bool:
    """Whether a text without its mark is UTF-16: of its beginning every other byte is nearly always nought, the rest never."""
    head = content[: min(len(content) // 2 * 2, 400)]
    low, high = sorted((head[::2].count(0), head[1::2].count(0)))
    return len(head) > 3 and low == 0 and high > 0.35 * len(head)


def _unpacked(content: bytes, most: int) -> bytes:
    """The content without gzip; what unpacks to more than `most` bytes is left as soon as that shows."""
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            unpacked = packed.read(most + 1)
    except (OSError, EOFError, zlib.error):
        raise Refused("The .gz file is damaged or cut short. Send it again.") from None
    if len(unpacked) > most:
        size = "1GB" if most == LARGEST_UNPACKED else f"{most // 1_000_000}MB"
        raise Refused("The .gz file unpacks to more than %(size)s. Send a smaller part.", size=size)
    return unpacked
