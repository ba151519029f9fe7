"""What rooms let go out by an agency's approver: how each kind is called, shown and carried out. Registered as they join."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from scrutiny.approving.models import Approval
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Deed:
    """One kind of what an approver approves.

    `what` names it within a sentence ("the response of the police to recommendation 3 of R-2026-001"), translated where it
    is read; `before` gives what it answers and what stands today, as plain values; `labels` calls each value, of what stands
    and of what would be sent, and `worded` says a value that is a key; `told` says who will see it and who is told;
    `page` is where its writer writes it; `carry_out` does it, or is refused, and says what was done.
    """

    kind: str
    what: Callable[[Approval], str]
    before: Callable[[int], dict[str, str]]
    labels: Mapping[str, str]
    worded: Callable[[str, str], str]
    told: Callable[[Approval], str]
    page: Callable[[Approval], str]
    carry_out: Callable[[Approval, Actor, datetime], str]


_deeds: dict[str, Deed] = {}


def register(deed: Deed) -> None:
    """Let a kind of deed go by the approver."""
    _deeds[deed.kind] = deed


def deed_of(approval: Approval) -> Deed:
    """The deed that an approval is about."""
    return _deeds[approval.kind]
