"""What a file tells its sender about itself before it is sent, each of a kind; which kinds somebody must decide on; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a warning is about."""

    FILES_INSIDE = "files_inside"
    COMMENTS = "comments"
    TRACKED_CHANGES = "tracked_changes"
    HIDDEN_TEXT = "hidden_text"
    HIDDEN_SLIDES = "hidden_slides"
    SPEAKER_NOTES = "speaker_notes"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    HIDDEN_RUNS = "hidden_runs"
    #: of rows or columns, as OpenDocument writes them
    PIVOT_FIGURES = "pivot_figures"
    LINKED_FIGURES = "linked_figures"
    LOCATION = "location"
    #: where a photograph was taken
    INTERACTIVE_FORM = "interactive_form"
    ENCODING = "encoding"
    NUL_CHARACTERS = "nul_characters"
    OPEN_QUOTATION = "open_quotation"
    UNSAID = "unsaid"
    #: of before kinds were kept

    @property
    def stops(self) -> bool:
        """Whether more is in the file than whoever opens it sees, so that somebody decides before it is sent."""
        return self not in _HARMLESS


#: How a file was read, or may look. Every other kind stops, also one that somebody adds without a thought of this list.
_HARMLESS = (Kind.INTERACTIVE_FORM, Kind.ENCODING, Kind.NUL_CHARACTERS, Kind.OPEN_QUOTATION)


#: What is kept of the warnings of one file: so many, of so many letters.
MOST_WARNINGS, LONGEST_WARNING = 50, 300


@dataclass(frozen=True, slots=True)
class FileWarning:
    """One thing to know of a file, in a sentence."""

    kind: Kind
    words: str

    def __str__(self) -> str:
        """The sentence, as it is shown."""
        return self.words


def in_short(warnings: Iterable[FileWarning]) -> tuple[FileWarning, ...]:
    """Warnings no longer than a page can show: names in a file may have any length, and a file any number of parts."""
    said = tuple(FileWarning(one.kind, _cut(one.words)) for one in warnings)
    if len(said) <= MOST_WARNINGS:
        return said
    kept = said[: MOST_WARNINGS - 1]
    left = f"There is more to know of this file: {len(said) - len(kept):,} further notes like these are left out."
    return (*kept, FileWarning(Kind.UNSAID, left))


def _cut(words: str) -> str:
    """A sentence on one line, cut where it is too long."""
    words = " ".join(words.split())
    return words if len(words) <= LONGEST_WARNING else f"{words[: LONGEST_WARNING - 1].rstrip()}…"


def as_text(warnings: Iterable[FileWarning]) -> str:
    """Warnings as they are kept, one a line: the kind, a tab, the words."""
    return "\n".join(f"{one.kind}\t{one.words}" for one in in_short(warnings))


def read_text(kept: str) -> tuple[FileWarning, ...]:
    """Warnings as they were kept; a line without a kind is from before there were any."""
    return tuple(_read(line) for line in kept.splitlines() if line)


def _read(line: str) -> FileWarning:
    """One line; a kind that is not known here (any more) stops, as one that was never said."""
    kind, tab, words = line.partition("\t")
    if not tab:
        return FileWarning(Kind.UNSAID, line)
    return FileWarning(Kind(kind) if kind in Kind.__members__.values() else Kind.UNSAID, words)
