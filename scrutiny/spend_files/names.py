"""How publishers call their columns: which role a title speaks for, and how loudly, whatever its spelling."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from scrutiny.spend_files.records import Role

_READ = tomllib.loads((Path(__file__).parent / "titles.toml").read_text(encoding="utf-8"))
WORDS = frozenset(_READ["words"].split())
SHORTENED = {"amt": "amount", "amts": "amount", "inv": "invoice", "pmt": "payment", "supp": "supplier", "desc": "description"}
_COMPILED = tuple((Role(one["role"]), re.compile(one["pattern"]), int(one["weight"])) for one in _READ["title"])
GROSS = re.compile(r".*\b(gross|incl?|including|inclusive)\b.*")
THOUSANDS = re.compile(
    r"£ ?['’]? ?000s?\b|£ ?k\b|\bin (£ )?thousands?\b|thousands of pounds|\b000s\b|\(£?k\)|£ thousands?", re.IGNORECASE
)
MILLIONS = re.compile(r"£ ?m(illions?)?\b|\bin (£ )?millions?\b|millions of pounds", re.IGNORECASE)


#: Letters of a title that are read: no column is called by more, and patterns cost more time the longer it is.
LONGEST_TITLE = 200


@lru_cache(maxsize=4_000)
def plain_title(title: str) -> str:
    """A title as it is compared: small letters, no marks, words taken apart, near misses mended; what is longer, by its start."""
    title = title[:LONGEST_TITLE]
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", title.replace("’", "'"))
    apart = re.sub(r"[^\w£'%]+|_", " ", apart).casefold().strip()
    return " ".join(_mended(SHORTENED.get(word, word)) for word in apart.split())


def _mended(word: str) -> str:
    if len(word) < 5 or word in WORDS or word.rstrip("s") in WORDS:
        return word
    near = get_close_matches(word, WORDS, 1, cutoff=0.84)
    return near[0] if near else word


@lru_cache(maxsize=4_000)
def speaks_for(title: str) -> dict[Role, int]:
    """The roles that a title speaks for, each with how loudly, of 10."""
    said, found = plain_title(title), dict[Role, int]()
    if not said:
        return found
    for role, pattern, weight in _COMPILED:
        if weight > found.get(role, 0) and pattern.fullmatch(said):
            found[role] = weight
    return found


def scale_said(texts: tuple[str, ...]) -> int:
    """How many pounds 1 is, where a title or a line above says thousands or millions; 1 where none does."""
    for text in texts:
        # “over £500,000” and “more than £25k” are thresholds: a figure stands before or within.
        bare = re.sub(r"£ ?[1-9][\d,.]*\s?(k|m|million|thousand|000)?\b", "", text[:LONGEST_TITLE], flags=re.IGNORECASE)
        if THOUSANDS.search(bare):
            return 1_000
        if MILLIONS.search(bare):
            return 1_000_000
    return 1
