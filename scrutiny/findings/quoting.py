"""Whether a quotation stands in a text: spaces, line ends, ligatures and the shapes of quotes and dashes apart; pure."""

from __future__ import annotations

import re
import unicodedata

_SHAPES = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "′": "'", "″": '"'}
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe")
)
#: What a writer puts where words are left out.
_LEFT_OUT = re.compile(r"\s*\[?(?:…|\.\.\.)\]?\s*")
_GAP = re.compile(r"[\s\-]+")
# A word may be broken over two lines of a page, with or without its hyphen.
_WITHIN_A_WORD = r"(?:-?\s*\n\s*)?"
_BETWEEN_WORDS = r"[\s\-]+"


def plain(text: str) -> str:
    """A text with one shape for each letter, quote and dash; its line ends stay."""
    return unicodedata.normalize("NFKC", text).translate(_SHAPES)


def stands_in(quotation: str, text: str) -> bool:
    """Whether the quotation stands in the text, whole words and numbers; where it leaves words out (…), its parts in order."""
    page = plain(text)
    if _found(plain(quotation), page, 0) is not None:
        return True
    parts = [part for part in _LEFT_OUT.split(plain(quotation)) if part.strip()]
    end = 0
    for part in parts:
        found = _found(part, page, end)
        if found is None:
            return False
        end = found
    return bool(parts)


def stands_in_cell(quotation: str, cell: str) -> bool:
    """Whether the quotation is what a cell holds, or, where the cell holds a sentence, stands in it."""
    whole = " ".join(plain(cell).split())
    return " ".join(plain(quotation).split()) == whole != "" or (" " in whole and stands_in(quotation, cell))


def _found(quotation: str, page: str, start: int) -> int | None:
    """Where the quotation ends in the page, from a place on; None where it does not stand there."""
    words = [word for word in _GAP.split(quotation) if word]
    if not words:
        return None
    body = _BETWEEN_WORDS.join(_WITHIN_A_WORD.join(re.escape(letter) for letter in word) for word in words)
    found = re.compile(f"{_before(words[0][0])}{body}{_after(words[-1][-1])}").search(page, start)
    return None if found is None else found.end()


def _before(letter: str) -> str:
    """No word or number may be cut at its beginning: 204 does not stand in 1,204."""
    if letter.isdigit():
        return r"(?<!\w)(?<!\d[.,])"
    return r"(?<!\w)" if letter.isalnum() else ""


def _after(letter: str) -> str:
    """Nor at its end."""
    if letter.isdigit():
        return r"(?!\w)(?![.,]\d)"
    return r"(?!\w)" if letter.isalnum() else ""
