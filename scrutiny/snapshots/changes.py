"""What changed between two states of a report, part by part and word by word; pure: plain values of signed content in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from scrutiny.formats import day, listed
from scrutiny.word_changes import Piece, pieces
from workflows.written_days import day_written

TEXTS = ("title", "reason", "in_scope", "out_of_scope", "summary")
PARTS = ("findings", "recommendations")


@dataclass(frozen=True, slots=True)
class Change:
    """One part that is not what it was: where (summary, or finding 2), which field, and the words."""

    part: str
    number: str
    field: str
    pieces: tuple[Piece, ...]


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Every part of the later content that differs from the earlier; what the earlier never held is not a change."""
    changes = [
        Change(name, "", "", pieces(before[name], after[name]))
        for name in TEXTS
        if name in before and before[name] != after[name]
    ]
    if "lines" in before and before["lines"] != after["lines"]:
        changes.append(Change("lines", "", "", pieces("\n".join(before["lines"]), "\n".join(after["lines"]))))
    for part in PARTS:
        for number in sorted({*before[part], *after[part]}, key=int):
            changes += _changed(part, number, before[part].get(number), after[part].get(number))
    return changes


def in_words(change: Change) -> str:
    """Which part a change is in."""
    if change.part in PARTS:
        whole = gettext("Finding %(number)s", number=change.number)
        if change.part == "recommendations":
            whole = gettext("Recommendation %(number)s", number=change.number)
        return f"{whole}, {field_in_words(change.field)}" if change.field else whole
    return {
        "title": gettext("Title of the report"),
        "reason": gettext("Why the review was made"),
        "in_scope": gettext("In scope"),
        "out_of_scope": gettext("Out of scope"),
        "summary": gettext("Summary"),
        "lines": gettext("Lines of enquiry"),
    }[change.part]


def sentence(changes: list[Change]) -> str:
    """What changed, in one line for a letter or a list."""
    return listed(list(dict.fromkeys(in_words(change) for change in changes)))


def _changed(part: str, number: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[Change]:
    """What changed in one finding or recommendation: a whole one that came or went, or its fields."""
    if old is None or new is None:
        whole = old or new or {}
        words = "\n".join(_text(name, whole[name]) for name in ("title", "text") if name in whole)
        return [Change(part, number, "", (Piece("in" if old is None else "out", words),))]
    return [
        Change(part, number, name, pieces(_text(name, old[name]), _text(name, new[name])))
        for name in new
        if name in old and old[name] != new[name]
    ]


def _text(name: str, value: Any) -> str:
    """A field as text that can be compared word by word."""
    if name == "done_by":
        return day(day_written(value))
    if name == "citations":
        return "\n".join(f"“{quotation}”" for _, _, _, quotation in value)
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def field_in_words(name: str) -> str:
    """The name of a field in words."""
    return {
        "title": gettext("title"),
        "text": gettext("text"),
        "judgement": gettext("judgement"),
        "lines": gettext("lines of enquiry"),
        "citations": gettext("citations"),
        "measure": gettext("how it will be measured"),
        "done_by": gettext("date"),
        "agencies": gettext("agencies"),
        "findings": gettext("findings it follows from"),
    }[name]
