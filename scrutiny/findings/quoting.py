"""Whether a quotation stands in a text, exactly: every word, number, sign and superscript; pure.

Apart may be only what typesetting changes: spaces and line ends, a hyphen at a line's end, ligatures, the shapes of
quotation marks and dashes. What is not there is never found, even where it looks alike.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator

from scrutiny.unicode_forms import normalised

_QUOTES = {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "′": "'", "″": '"'}
_DASHES = dict.fromkeys("‐‑‒–−", "-") | {"―": "—"}
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "…": "..."}
_UNSEEN = dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff")
_SHAPES = str.maketrans(_QUOTES | _DASHES | _LIGATURES | _UNSEEN)
#: A hyphen that only the end of a line brought: the soft one, and what PDF readers put for it.
_SOFT_HYPHEN = re.compile("[\u00ad\ufffe\x02]\\s*")
#: What a writer puts where words are left out.
_LEFT_OUT = re.compile(r"\s*\[?\.\.\.\]?\s*")
#: What may stand between the letters of a quotation in the page and not in the quotation, or the other way round.
_APART = re.compile(r"[\s\-—]")
_PARTS = frozenset("-—" + "".join(one for one in map(chr, range(0x3001)) if one.isspace()))
_SPACES = re.compile(r"\s{2,}")
#: How much is compared letter by letter, over all places where a quotation may begin; only a text made for it has more.
MOST_TRIED = 20_000_000
_SIGNS = frozenset("-+±<>≤≥~≈=£$€¥")
_CURRENCY = frozenset("£$€¥")
_UNITS = frozenset("%‰°")
#: What parts the figures of one number, ratio, time or date.
_WITHIN_A_NUMBER = frozenset(".,·:'/\u00a0\u2009\u202f")
_LETTER = r"[^\W\d_]"


def plain(text: str) -> str:
    """A text with one shape for each quote, dash and ligature; its line ends, signs and superscripts stay as they are."""
    return _SOFT_HYPHEN.sub("", normalised("NFC", text).translate(_SHAPES))


def stands_in(quotation: str, text: str) -> bool:
    """Whether the quotation stands in the text, whole words and numbers; where it leaves words out (…), its parts in order."""
    page, words = _Page(_SPACES.sub(_one_space, plain(text))), plain(quotation)
    if _found(words, page, 0) is not None:
        return True
    parts = [part for part in _LEFT_OUT.split(words) if part.strip()]
    end = 0
    for part in parts:
        found = _found(part, page, end)
        if found is None:
            return False
        end = found
    return bool(parts)


def _one_space(spaces: re.Match[str]) -> str:
    """One space, or the end of a line, for many."""
    return "\n" if "\n" in spaces[0] else " "


def stands_in_cell(quotation: str, cell: str) -> bool:
    """Whether the quotation is what a cell holds, or, where the cell holds a sentence, stands in it."""
    whole = " ".join(plain(cell).split())
    return " ".join(plain(quotation).split()) == whole != "" or (" " in whole and stands_in(quotation, cell))


class _Page:
    """A text to look in: its letters without spaces and hyphens, and where in the text each of them stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.kept = [at for at, letter in enumerate(text) if letter not in _PARTS]
        self.bare = _APART.sub("", text)


def _found(quotation: str, page: _Page, start: int) -> int | None:
    """Where the quotation ends in the page, from a place on; None where it does not stand there."""
    joined = re.sub(rf"(?<={_LETTER})-\s*\n\s*(?={_LETTER})", "-", quotation)
    tokens = joined.split()
    if not tokens or tokens == ["..."]:
        return None
    pattern = re.compile(r"\s+".join(_token(token) for token in tokens))
    for place in _places("".join(tokens), page, start):
        match = pattern.match(page.text, place)
        if match is not None and not (_cut_before(page.text, match) or _cut_after(page.text, match)):
            return match.end()
    return None


def _places(quotation: str, page: _Page, start: int) -> Iterator[int]:
    """Where in a page the quotation may begin, from a place on: where the same letters follow, spaces and hyphens apart.

    A pattern tried at every place of the page would take the square of their lengths.
    """
    letters = _APART.sub("", quotation)
    if not letters:  # a dash by itself, or several
        yield from (found.start() for found in itertools.islice(_APART.finditer(page.text, start), MOST_TRIED))
        return
    ahead = quotation.index(letters[0])  # a sign or dashes before the first letter
    most = max(MOST_TRIED // len(quotation), 100)
    found = page.bare.find(letters, bisect_left(page.kept, start))
    while found >= 0 and most:
        first = page.kept[found]
        before = max(page.kept[found - 1] + 1 if found else 0, start)
        yield from range(max(before, first - 2 * ahead), first + 1) if ahead else (first,)
        most -= 1
        found = page.bare.find(letters, found + 1)


def _token(token: str) -> str:
    """One word as a pattern: between two letters a line may end with a hyphen; after a hyphen of its own it may end too."""
    made = []
    for letter, following in zip(token, [*token[1:], ""], strict=True):
        if letter in "-—":
            made.append(r"[-—](?:[^\S\n]*\n\s*)?" if following else "[-—]")
        else:
            made.append(re.escape(letter))
            made.append(r"(?:-[^\S\n]*\n\s*)?" if letter.isalpha() and following.isalpha() else "")
    return "".join(made)


def _cut_before(page: str, match: re.Match[str]) -> bool:
    """Whether the match begins within a word or number, or leaves out the sign before it: 204 does not stand in 1,204."""
    at = match.start()
    first, before, two_before = page[at], page[at - 1 : at], page[at - 2 : at - 1] if at > 1 else ""
    if (first.isalnum() or first == "_" or first in _SIGNS) and _is_word(before) and first not in _CURRENCY:
        return True
    if not (first.isdigit() or first in _CURRENCY or (first == "." and page[at + 1 : at + 2].isdigit())):
        return first in _SIGNS and before in _SIGNS and before != ""
    if before in _SIGNS and before:
        return True
    if before and before in _WITHIN_A_NUMBER and (two_before.isdigit() or (before == "." and not two_before.strip())):
        return True
    if before == "(" and page[match.end() : match.end() + 1] == ")" and not re.search(r"[^\W\d_]|\s", match.group()):
        return True  # (1,200) in accounts is less than nothing
    earlier = page[max(0, at - 8) : at]
    return bool(re.search(r"[<>≤≥±~≈]\s+$|[:=(]\s*-\s+$", earlier))


def _cut_after(page: str, match: re.Match[str]) -> bool:
    """Whether the match ends within a word or number, or leaves out what belongs to it: 12 does not stand in 12%."""
    end = match.end()
    last, after, two_after = page[end - 1], page[end : end + 1], page[end + 1 : end + 2]
    if (last.isalnum() or last == "_") and _is_word(after):
        return True
    if not last.isdigit() or not after:
        return False
    if after in _UNITS or after == "-":
        return True
    return after in _WITHIN_A_NUMBER and two_after.isdigit()


def _is_word(letter: str) -> bool:
    """Whether a character belongs to a word: letters, figures of every height, combining marks."""
    return bool(letter) and (letter.isalnum() or letter == "_" or unicodedata.category(letter).startswith("M"))
