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
    return Shown(
        sent=[Line(_label(deed, key), _said(deed, key, now), _said(deed, key, approval.content)) for key in approval.content],
        answers=[Line(_label(deed, key), "", _said(deed, key, now)) for key in now if key not in approval.content and now[key]],
        changed=[
            Line(_label(deed, key), _said(deed, key, then), _said(deed, key, now))
            for key in {**then, **now}
            if then.get(key, "") != now.get(key, "")
        ],
    )


def against(older: Approval, newer: Approval) -> list[Line]:
    """An older version beside the newer one, thing by thing."""
    deed = deed_of(older)
    keys = {**older.content, **newer.content}
    return [Line(_label(deed, key), _said(deed, key, older.content), _said(deed, key, newer.content)) for key in keys]


def _label(deed: Deed, key: str) -> str:
    """How a value is called."""
    return str(deed.labels[key])


def _said(deed: Deed, key: str, values: dict[str, str]) -> str:
    """A value in words."""
    value = values.get(key, "")
    return str(deed.worded(key, value)) if value else ""
