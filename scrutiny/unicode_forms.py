"""Text in one of Unicode's normal forms, in a time that grows with its length and no faster.

Python puts the marks over a letter in their order one step at a time: of so many marks, the square of it. No language writes
more than a few over one letter; a longer run is ordered by sorting first, which gives the same text.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from typing import Literal

import numpy as np

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
#: Marks over one letter that are left to Python.
FEW = 30


#: Every mark is among these, and no letter of a European language: where few follow each other there is no run of marks.
_PERHAPS = re.compile(f"[^\\x00-\u02ff]{{{FEW},}}")


@cache
def _run(form: Literal["NFD", "NFKD"]) -> re.Pattern[str]:
    """A run of what the form takes apart into marks and nothing else."""
    letters = map(chr, range(0x300, sys.maxunicode + 1))
    marks = (one for one in letters if all(map(unicodedata.combining, unicodedata.normalize(form, one))))
    return re.compile(f"[{''.join(map(re.escape, marks))}]{{{FEW},}}")


def normalised(form: Form, text: str) -> str:
    """The same as `unicodedata.normalize`."""
    if not _PERHAPS.search(text):
        return unicodedata.normalize(form, text)
    apart: Literal["NFD", "NFKD"] = "NFKD" if "K" in form else "NFD"

    def in_order(run: re.Match[str]) -> str:
        """A run of marks, taken apart and in order, as numbers: a million letters each by itself take half a gigabyte."""
        marks = run[0].translate({ord(one): unicodedata.normalize(apart, one) for one in set(run[0])})
        codes = np.frombuffer(marks.encode("utf-32-le"), dtype="<u4")
        kinds, which = np.unique(codes, return_inverse=True)
        classes = np.array([unicodedata.combining(chr(kind)) for kind in kinds], dtype=np.uint8)[which]
        return codes[np.argsort(classes, kind="stable")].tobytes().decode("utf-32-le")

    return unicodedata.normalize(form, _run(apart).sub(in_order, text))
