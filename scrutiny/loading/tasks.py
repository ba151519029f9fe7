"""What is to be done with a file that was sent, as the row of its loading keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scrutiny.work.claims import Progress
from workflows.plain_values import from_plain


@dataclass(frozen=True, slots=True)
class LoadTask:
    """What a file holds, from which day to which, and how it is read, as it was typed; then where it is put aside.

    `look` says that it is looked at first, `meant` that it was looked at and is to be loaded all the same, `answered` that
    somebody has decided on it since.
    """

    kind: str = ""
    from_on: date | None = None
    to_on: date | None = None
    code_field: str | None = None
    name_field: str | None = None
    people_field: str | None = None
    crs: str | None = None
    source: str | None = None
    whole_layer: bool = False
    replace: bool = False
    merge_repeated: bool = False
    look: bool = False
    name: str = ""
    sha256: str = ""
    aside: str = ""
    meant: bool = False
    answered: bool = False


def task_of(row: Progress) -> LoadTask:
    """What a loading is to do."""
    return from_plain(LoadTask, row.task)
