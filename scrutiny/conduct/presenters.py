"""What previews look like: a timetable as it is and as it would be, one bar above the other; differences part by part."""

from __future__ import annotations

import textwrap
from itertools import groupby

from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from scrutiny import pictures
from scrutiny.conduct.moving import Move
from scrutiny.conduct.newer_method import Upgrade
from workflows.differences import ADDED, CHANGED, DROPPED, Difference

Row = tuple[str, str, str, str, str]
KINDS = {ADDED: lazy_gettext("Added"), DROPPED: lazy_gettext("Dropped"), CHANGED: lazy_gettext("Changed")}


def beside(shown: Move | None, *, narrow: bool = False) -> Markup:
    """The phases that move, each as it is and as it would be; nothing where none does. `narrow` is for a phone."""
    moved = [one for one in shown.phases if one.moves] if shown else []
    bars = []
    for one in moved:
        bars.append(pictures.Phase(one.title, one.was_from, one.was_to, "outside"))
        bars.append(pictures.Phase(gettext("will be"), one.now_from, one.now_to, "one"))
    title = (
        gettext("Phases that move, as they are and as they would be, for a narrow screen")
        if narrow
        else gettext("Phases that move, as they are and as they would be")
    )
    return pictures.timetable(bars, title=title, width=360 if narrow else 960, narrow=narrow)


def by_part(shown: Upgrade) -> list[tuple[str, list[Row]]]:
    """The differences as the rows of a table for each part: entry, kind, of what, in the older words and the newer."""
    parts = groupby(shown.differences, lambda one: one.part)
    return [(part, [row for one in found for row in _rows(one)]) for part, found in parts]


def _rows(one: Difference) -> list[Row]:
    """A row for each thing an entry says otherwise; one row where it says nothing but its name."""
    told = [
        (one.title, KINDS[one.kind], change.what, change.before or "–", change.after or "–")
        for change in one.changes
        if one.kind == CHANGED or change.what != "Title"  # what is added or dropped is headed by its title
    ]
    return told or [(one.title, KINDS[one.kind], "–", "–", "–")]


def shortened(text: str) -> str:
    """The beginning of a text, by which whoever wrote it knows it again."""
    return textwrap.shorten(text, 160, placeholder=" …")
