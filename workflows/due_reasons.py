"""Why a due date is what it is, as values: frozen, and read back from what rows keep. The words are the application's.

A row keeps its reasons as plain values under `reasons` (VERSION of their form beside them). Rows of before kept sentences:
each is read as `Kept`, and shown as it was written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, TypeAlias

from workflows.deadlines import Due
from workflows.written_days import day_written

#: The form of what rows keep.
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Counted:
    """A clock set going on a day: what was passed over (day, name of the holiday) and paused (from, to)."""

    due: date | None
    clock: str
    event: str
    start: date
    division: str
    pauses: tuple[tuple[date, date], ...] = ()
    passed: tuple[tuple[date, str], ...] = ()
    known_until: date | None = None  # holidays are known to that day, and the count runs past it


@dataclass(frozen=True, slots=True)
class Chosen:
    """The day the officer chose; `at_first` where a pause has moved it since."""

    on: date
    at_first: bool = False


@dataclass(frozen=True, slots=True)
class OfPhase:
    """So many days before (negative) or after the end of a phase of the timetable."""

    due: date
    offset: int
    unit: str
    phase: str
    ends_on: date
    at_first: bool = False


@dataclass(frozen=True, slots=True)
class BeforeMeeting:
    """The last working day before a meeting too near for its agenda."""

    due: date
    meeting_on: date
    at_first: bool = False


@dataclass(frozen=True, slots=True)
class NotStarted:
    """The day that starts the clock is not known; `law` where it is the law's own clock, beside another day."""

    clock: str
    event: str
    law: str = ""


@dataclass(frozen=True, slots=True)
class AwaitsDelivery:
    """The request has not been delivered."""


@dataclass(frozen=True, slots=True)
class Paused:
    """A question was asked and waits for its reply."""

    asked_on: date
    before: date | None = None


@dataclass(frozen=True, slots=True)
class LawSame:
    """The law says the same day."""


@dataclass(frozen=True, slots=True)
class LawGivesNoDays:
    """The law gives no number of days."""


@dataclass(frozen=True, slots=True)
class LawOther:
    """The law says another day."""

    law: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Extended:
    """More time was granted."""

    before: date
    until: date


@dataclass(frozen=True, slots=True)
class AgreedWithReply:
    """A later day was agreed when a question was answered."""

    before: date
    until: date


@dataclass(frozen=True, slots=True)
class PauseAdded:
    """An agreed day was moved by the working days of a pause."""

    before: date
    days: int


@dataclass(frozen=True, slots=True)
class Returned:
    """An answer was returned for more; `state` is what it was before, a key of the lifecycle of items."""

    on: date
    state: str


@dataclass(frozen=True, slots=True)
class MethodSame:
    """The method asks for the law's day."""


@dataclass(frozen=True, slots=True)
class MethodOther:
    """The law's day counts; the method asks for another, in its own words."""

    due: date | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class MethodAlone:
    """No law sets a day; the method asks for this one, in its own words."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A sentence of before reasons were kept as values."""

    words: str


Reason: TypeAlias = (
    Counted
    | Chosen
    | OfPhase
    | BeforeMeeting
    | NotStarted
    | AwaitsDelivery
    | Paused
    | LawSame
    | LawGivesNoDays
    | LawOther
    | Extended
    | AgreedWithReply
    | PauseAdded
    | Returned
    | MethodSame
    | MethodOther
    | MethodAlone
    | Kept
)
KINDS: Final[dict[str, type[Any]]] = {
    "counted": Counted,
    "chosen": Chosen,
    "of_phase": OfPhase,
    "before_meeting": BeforeMeeting,
    "not_started": NotStarted,
    "awaits_delivery": AwaitsDelivery,
    "paused": Paused,
    "law_same": LawSame,
    "law_gives_no_days": LawGivesNoDays,
    "law_other": LawOther,
    "extended": Extended,
    "agreed_with_reply": AgreedWithReply,
    "pause_added": PauseAdded,
    "returned": Returned,
    "method_same": MethodSame,
    "method_other": MethodOther,
    "method_alone": MethodAlone,
    "kept": Kept,
}
_NAMES: Final = {kind: name for name, kind in KINDS.items()}
_DAYS: Final = {"due", "start", "on", "ends_on", "meeting_on", "asked_on", "before", "until", "known_until"}


def counted(found: Due) -> Counted:
    """The reason of a date that was counted."""
    return Counted(
        due=found.due,
        clock=str(found.clock),
        event=found.event,
        start=found.start,
        division=found.division,
        pauses=tuple((pause.asked_on, pause.answered_on) for pause in found.pauses if pause.answered_on > pause.asked_on),
        passed=tuple((step.date, step.name) for step in found.skipped()),
        known_until=found.calendar.last_day if found.provisional else None,
    )


def to_plain(reason: Reason) -> dict[str, object]:
    """A reason as a row keeps it."""
    return {"kind": _NAMES[type(reason)]} | {part.name: _plain(getattr(reason, part.name)) for part in fields(reason)}


def from_plain(kept: Mapping[str, Any] | str) -> Reason:
    """A reason from what a row keeps; a sentence of before stays one."""
    if isinstance(kept, str):
        return Kept(kept)
    kind = KINDS[kept["kind"]]
    known = {part.name for part in fields(kind)}
    reason: Reason = kind(**{name: _value(name, value) for name, value in kept.items() if name in known})
    return reason


def keep(reasons: Iterable[Reason]) -> dict[str, object]:
    """Reasons as they stand in the values of a row, with the version of their form."""
    return {"version": VERSION, "reasons": [to_plain(reason) for reason in reasons]}


def reasons_of(kept: Mapping[str, Any]) -> tuple[Reason, ...]:
    """The reasons in the values of a row; of a row of before, its sentence."""
    if "reasons" in kept:
        return tuple(from_plain(reason) for reason in kept["reasons"])
    return (Kept(kept["sentence"]),) if kept.get("sentence") else ()


def _plain(value: object) -> Any:
    """A value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _value(name: str, value: Any) -> Any:
    """The value of a field from JSON."""
    if name in _DAYS:
        return day_written(value) if value else None
    if name == "pauses":
        return tuple((day_written(first), day_written(last)) for first, last in value)
    if name == "passed":
        return tuple((day_written(day), why) for day, why in value)
    return value
