"""What a person typed, pasted or loaded, as it is kept: without invisible characters; and what is an email address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, ValidatedEmail, validate_email
from flask_babel import gettext

from scrutiny.unicode_forms import normalised

LONGEST_ADDRESS = 254
#: Word's own bullet, and what everybody else calls it.
BULLETS = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0e0": "→", "\uf0fc": "✓"})
#: Control characters but for the line end and the tab, surrogates, what every font has for its own use, byte-order marks, spaces
#: without width, and marks that turn the direction of the words after them.
#: U+200C and U+200D stay where a script or an emoji needs them: after a letter that is not Latin, Greek or Cyrillic.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"
    r"|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
    r"|(?<![\u0590-\u1dbf\u2190-\u2bff\u2d30-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe0f\ufe70-\ufefc\U00010300-\U000effff])[\u200c\u200d]"
)


def clean(text: str) -> str:
    """Composed (NFC), with one kind of line end, and without characters that nobody sees: control, private-use, turning …"""
    if text.isascii() and text.isprintable():
        return text
    seen = UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").translate(BULLETS))
    return normalised("NFC", seen)


#: How a line begins that is an item of a list, or a heading; whatever else people type is a paragraph, as they typed it.
ITEM, HEADING = re.compile(r"[-*•]\s+(?=\S)"), re.compile(r"#{1,6}\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a longer text: a paragraph or a heading of one line, or a list of its items."""

    kind: str  # paragraph, heading or list
    lines: tuple[str, ...]


def blocks(text: str | None, *, wrapped: bool = False) -> list[Block]:
    """A text as its writer laid it out: each line a paragraph, "- " before the items of a list, "## " before a heading.

    `wrapped`: lines are broken as in a plain text file, so that a paragraph or an item goes on until an empty line.
    """
    made: list[Block] = []
    parted = False
    for line in map(str.strip, (text or "").splitlines()):
        before = made[-1] if made and not (wrapped and parted) else None
        parted = not line
        if ITEM.match(line):
            item = ITEM.sub("", line, count=1)
            if before is not None and before.kind == "list":
                made[-1] = Block("list", (*before.lines, item))
            else:
                made.append(Block("list", (item,)))
        elif HEADING.match(line):
            made.append(Block("heading", (HEADING.sub("", line, count=1).rstrip("# "),)))
        elif line and wrapped and before is not None and before.kind != "heading":
            made[-1] = Block(before.kind, (*before.lines[:-1], f"{before.lines[-1]} {line}"))
        elif line:
            made.append(Block("paragraph", (line,)))
    return made


def clean_line(text: str) -> str:
    """The same on one line, without the spaces around it."""
    return " ".join(clean(text).split())


#: Letters that no decomposition takes apart.
PLAIN_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
)
#: Every mark that is typed or printed as an apostrophe; the last two are a prime and its full width.
APOSTROPHES = "['’‘‚‛ʼʻˈ`´′＇]"


def folded(name: str) -> str:
    """A name as it is compared: without case, accents, apostrophes and hyphens; & is and, St is Saint, spaces are single."""
    unseen = "".join(one for one in name if unicodedata.category(one) != "Cf")
    plain = re.sub(APOSTROPHES, "", unseen).casefold().replace("&", " and ").translate(PLAIN_LETTERS)
    letters = normalised("NFKD", plain)
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    apart = re.sub(r"\b(st)\.(?=\w)", r"\1 ", bare).replace(".", "")
    words = re.sub(r"[^\w\s]|_", " ", apart).split()
    return " ".join("saint" if word == "st" else word for word in words)


def address_fault(text: str) -> str:
    """Why something cannot be written to by email, in a sentence; '' where it can."""
    address = clean_line(text)
    if len(address) > LONGEST_ADDRESS:
        return gettext("Enter an email address of %(most)s characters or fewer", most=LONGEST_ADDRESS)
    if "@" in address and any(mark in address for mark in ",;<> "):
        return gettext("Enter one email address and nothing else, like name@example.org")
    try:
        host = parsed(address).ascii_domain
    except EmailNotValidError:
        if not address.split("@")[0].isascii():
            return gettext("Enter an email address without accents before the @, like name@example.org")
        return gettext("Enter an email address, like name@example.org")
    name, _, ending = host.rpartition(".")
    if not name or ending.isdigit():
        return gettext("Enter an email address, like name@example.org")
    return ""


def parsed(address: str) -> ValidatedEmail:
    """The parts of an address in the form of RFC 5321, whoever may be able to deliver to it; raises EmailNotValidError."""
    return validate_email(address, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False, strict=True)
