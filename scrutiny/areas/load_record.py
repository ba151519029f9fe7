"""What undoing a loading needs, kept with its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflows.plain_values import to_plain
from workflows.written_days import day_written


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before a loading: until when the rows it ended had held, by id; the codes it corrected.

    `to_on` are the last days, by code, of its own rows that end on another day than was asked.
    """

    ends: Mapping[int, date | None] = field(default_factory=dict)
    to_on: Mapping[str, date | None] = field(default_factory=dict)
    corrected: tuple[str, ...] = ()

    def to_plain(self) -> Mapping[str, Any]:
        """As a row keeps it."""
        return {
            "ends": to_plain({str(area_id): day for area_id, day in self.ends.items()}),
            "to_on": to_plain(dict(self.to_on)),
            "corrected": list(self.corrected),
        }

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> Before:
        """From what a row keeps; a row of a loading before this was kept holds nothing."""
        ends = {int(area_id): _day(day) for area_id, day in (kept.get("ends") or {}).items()}
        to_on = {code: _day(day) for code, day in (kept.get("to_on") or {}).items()}
        return cls(ends, to_on, tuple(kept.get("corrected") or ()))


def _day(written: str | None) -> date | None:
    """A day from how it is kept."""
    return day_written(written) if written else None
