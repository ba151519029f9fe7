"""What a person typed, pasted or loaded, as it is kept: without invisible characters; and what is an email address."""

from __future__ import annotations

import re
import unicodedata

from email_validator import EmailNotValidError, ValidatedEmail, validate_email
from flask_babel import gettext

LONGEST_ADDRESS = 254
#: Word's own bullet, and what everybody else calls it.
BULLETS = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0e0": "→", "\uf0fc": "✓"})
SHOWN_CONTROLS = "\n\t"


def clean(text: str) -> str:
    """Composed (NFC), with one kind of line end, and without control, private-use and surrogate characters."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(BULLETS))
    return "".join(one for one in composed if one in SHOWN_CONTROLS or unicodedata.category(one) not in ("Cc", "Co", "Cs"))


def clean_line(text: str) -> str:
    """The same on one line, without the spaces around it."""
    return " ".join(clean(text).split())


def folded(name: str) -> str:
    """A name as it is compared: without case, accents, apostrophes and hyphens; & is and, St is Saint, spaces are single."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("&", " and ").replace("ß", "ss"))
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    words = re.sub(r"[^\w\s]", " ", re.sub("['’‘ʼ`´.]", "", bare)).split()
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
