"""The one reader of a day written as text: 2026-11-27 and nothing else that ISO 8601 allows, such as a week (2026-W48)."""

from __future__ import annotations

import re
from datetime import date

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_like_a_day(text: str) -> bool:
    """Whether a text has the form of a day, though there may be none like it, such as 2026-02-30."""
    return _WRITTEN.fullmatch(text) is not None


def day_written(text: str) -> date:
    """The day; ValueError where it is written otherwise or does not exist."""
    if not is_like_a_day(text):
        raise ValueError(f"{text!r} is not written as 2026-11-27")
    return date.fromisoformat(text)


def read_day(text: str) -> date | None:
    """The day; None where it is written otherwise or does not exist."""
    try:
        return day_written(text)
    except ValueError:
        return None
