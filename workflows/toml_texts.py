"""A TOML text as a table, where reading it costs no more than a text of its kind."""

import re
import tomllib

#: No method, ladder or calendar is longer, and no key of one has so many parts: reading "a.a.a … = 1" takes the square of them.
LONGEST_TEXT, MOST_PARTS = 300_000, 20
#: A text of several lines, or a comment, neither of which is a key; a part of a key, plain or quoted; the dot between two;
#: what may stand beside it; anything else. A quotation that is never closed runs to its end all the same: looking for the
#: end of each anew would take the square of the length, and nothing after it is read as a key.
_TOKEN = re.compile(
    r"""\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5})?|'{3}(?:[^']|'(?!''))*+(?:'{3,5})?|\#[^\n]*"""
    r"""|(?P<part>[\w-]+|"(?:[^"\\\n]|\\[^\n])*+"?|'[^'\n]*+'?)|(?P<dot>\.)|(?P<blank>[ \t]+)|.""",
    re.DOTALL,
)


def toml_of(text: str) -> dict[str, object]:
    """A TOML text as a table; ValueError where it is none, or where reading it would take the square of its length."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"it is longer than {LONGEST_TEXT:,} characters")
    if _longest_key(text) > MOST_PARTS:
        raise ValueError(f"a key has more than {MOST_PARTS} parts")
    return tomllib.loads(text)


def _longest_key(text: str) -> int:
    """The most parts joined by dots that stand anywhere in a text."""
    longest = parts = 0
    joined = False
    for found in _TOKEN.finditer(text):
        if found.lastgroup == "part":
            parts, joined = parts + 1 if joined else 1, False
            longest = max(longest, parts)
        elif found.lastgroup != "blank":
            joined = found.lastgroup == "dot" and parts > 0 and not joined
            parts = parts if joined else 0
    return longest
