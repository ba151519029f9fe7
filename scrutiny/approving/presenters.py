"""What the page of an approval shows: what would be sent beside what stands, and what it answers, then and now."""

from __future__ import annotations

from dataclasses import dataclass

from scrutiny.approving.deeds import Deed, deed_of
from scrutiny.approving.models import Approval


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in words: how it is called, how it stands, and how it would read; '' where there is nothing."""

    label: str
    stands: str
    new: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What would be sent, what it answers today, and what of that has changed since it was written (`stands` then, `new` now)."""

    sent: list[Line]
    answers: list[Line]
    changed: list[Line]

    @property
    def compares(self) -> bool:
        """Whether something that stands would be replaced."""
        return any(line.stands for line in self.sent)


def shown(approval: Approval, *, decided: bool) -> Shown:
    """The page of one approval; once it was decided, what it answered then."""
    deed, then = deed_of(approval), approval.before
    now = then if decided else deed.before(approval.subject_id)
    keys = list(deed.labels)
    return Shown(
        sent=[_line(deed, key, now, approval.content) for key in keys if key in approval.content],
        answers=[_line(deed, key, {}, now) for key in keys if key not in approval.content and now.get(key)],
        changed=[_line(deed, key, then, now) for key in keys if then.get(key, "") != now.get(key, "")],
    )


def against(older: Approval, newer: Approval) -> list[Line]:
    """An older version beside the newer one, thing by thing."""
    deed = deed_of(older)
    return [_line(deed, key, older.content, newer.content) for key in deed.labels if key in {**older.content, **newer.content}]


def _line(deed: Deed, key: str, stands: dict[str, str], new: dict[str, str]) -> Line:
    """One value in words, in the order of the labels."""
    return Line(str(deed.labels[key]), _said(deed, key, stands), _said(deed, key, new))


def _said(deed: Deed, key: str, values: dict[str, str]) -> str:
    """A value in words."""
    value = values.get(key, "")
    return str(deed.worded(key, value)) if value else ""
