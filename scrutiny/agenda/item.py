"""One thing on an agenda, the days asked about, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import lazy_gettext

from workflows.calendar_entries import AGREED_LOAD
from workflows.calendar_entries import KINDS as ENTRY_KINDS
from workflows.labels import labels
from workflows.roles import Actor

REVIEWS, PHASE, VISIT, MEETING, DUE, PLANNED = "review", "phase", "fieldwork", "meeting", "due", "plan"
KINDS: Final = labels(
    {
        REVIEWS: lazy_gettext("Review"),
        VISIT: lazy_gettext("Fieldwork"),
        MEETING: lazy_gettext("Meeting"),
        PHASE: lazy_gettext("Stage of a review"),
        DUE: lazy_gettext("Answers due"),
        PLANNED: lazy_gettext("Planned review"),
        **{kind: label for kind, label in ENTRY_KINDS.items() if kind != AGREED_LOAD},
    }
)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One thing on an agenda. `share` is how much of the place asked about it concerns; `public` False where only members of
    its bodies, or the agency asked, see it."""

    key: str
    kind: str
    title: str
    starts_on: date
    ends_on: date
    bodies: tuple[str, ...] = ()
    agency: str = ""
    place: str = ""
    share: float | None = None
    state: str = ""
    href: str = ""
    reference: str = ""
    public: bool = True

    @property
    def kind_label(self) -> str:
        """Its kind in words."""
        return str(KINDS[self.kind])


@dataclass(frozen=True, slots=True)
class Period:
    """The first and last day of what is shown."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at an agenda, and when."""

    by: Actor
    today: date
