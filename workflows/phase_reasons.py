"""Why a phase of a timetable has its days, as values: frozen, and read back from what rows keep. The words are the application's.

A row keeps its reasons as plain values under `reasons` (VERSION of their form beside them). Rows of before kept a sentence:
it is read as `Kept`, and shown as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from workflows import plain_values
from workflows.written_days import day_written

#: The form of what rows keep.
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """Drawn by the method: how long, and how far from the day on which something happens."""

    duration: int
    unit: str  # of the duration: a key of UNITS
    anchor: date
    event: str  # what happens on that day: the review `opens`, or the phase before `starts` or `ends`
    before: str  # the title of the phase it follows; '' where it follows the opening of the review
    offset: int
    offset_unit: str
    base: int  # the number of the anchor where days are numbered from it; 0 where it is not counted
    statutory: bool
    note: str = ""  # in the method's own words
    known_until: date | None = None  # holidays are known to that day, and the phase ends after it


@dataclass(frozen=True, slots=True)
class Chosen:
    """The days somebody chose, in a preview."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody gave it other days, in their own words why."""

    by: str
    on: date
    ended_on: date
    words: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """It was left where it is though the phase before it moved."""

    moved: str
    on: date


@dataclass(frozen=True, slots=True)
class Lengthened:
    """A holiday was learnt of after the timetable was drawn."""

    ended_on: date


@dataclass(frozen=True, slots=True)
class Kept:
    """A sentence of before reasons were kept as values."""

    words: str


PhaseReason: TypeAlias = Drawn | Chosen | Moved | Left | Lengthened | Kept
KINDS: Final[dict[str, type[PhaseReason]]] = {
    "drawn": Drawn,
    "chosen": Chosen,
    "moved": Moved,
    "left": Left,
    "lengthened": Lengthened,
    "kept": Kept,
}
_NAMES: Final = {kind: name for name, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Earlier:
    """The days a phase had, and why."""

    starts_on: date
    ends_on: date
    reasons: tuple[PhaseReason, ...] = ()


@dataclass(frozen=True, slots=True)
class PhaseWhy:
    """Why a phase has its days: the reasons, the calendar it was counted by, and what it had before."""

    reasons: tuple[PhaseReason, ...] = ()
    calendar: str = ""  # the digest of its edition
    by_hand: bool = False  # a person gave it its days: it keeps them whatever moves before it
    first: Earlier | None = None  # before it was first moved
    before: Earlier | None = None  # before a late holiday moved it

    def to_plain(self) -> dict[str, object]:
        """As a row keeps it."""
        plain: dict[str, object] = {"version": VERSION, "reasons": _plain_reasons(self.reasons), "calendar": self.calendar}
        plain |= {"by_hand": True} if self.by_hand else {}
        earlier = {"first": self.first, "before": self.before}
        return plain | {key: _plain_earlier(value) for key, value in earlier.items() if value is not None}

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> PhaseWhy:
        """From what a row keeps, of today's form or of before."""
        return cls(
            reasons=_reasons(kept),
            calendar=str(kept.get("calendar", "")),
            by_hand=bool(kept.get("by_hand")),
            first=_earlier(kept.get("first")),
            before=_earlier(kept.get("before")),
        )


def _plain_reasons(reasons: tuple[PhaseReason, ...]) -> list[dict[str, object]]:
    """Reasons as a row keeps them."""
    return [{"kind": _NAMES[type(reason)]} | plain_values.to_plain(reason) for reason in reasons]


def _reasons(kept: Mapping[str, Any]) -> tuple[PhaseReason, ...]:
    """The reasons in the values of a row; of a row of before, its sentence."""
    if "reasons" in kept:
        return tuple(plain_values.from_plain(KINDS[plain["kind"]], plain) for plain in kept["reasons"])
    return (Kept(str(kept["sentence"])),) if kept.get("sentence") else ()


def _plain_earlier(earlier: Earlier) -> dict[str, object]:
    """Earlier days as a row keeps them."""
    days = {"from": earlier.starts_on.isoformat(), "to": earlier.ends_on.isoformat()}
    return days | {"reasons": _plain_reasons(earlier.reasons)}


def _earlier(kept: Mapping[str, Any] | None) -> Earlier | None:
    """Earlier days from what a row keeps; None where it keeps none."""
    if not kept:
        return None
    return Earlier(day_written(kept["from"]), day_written(kept["to"]), _reasons(kept))
