"""What the room in which bodies agree with findings says before one moves, and is told of; it joins here at the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from flask import current_app

from scrutiny.findings.models import Finding
from scrutiny.reviews.models import Review
from workflows.roles import Actor

#: Where the application keeps the module that answers.
GUARD = "findings_guard"


class Guard(Protocol):
    """The module that answers."""

    def is_joint(self, review: Review) -> bool:
        """Whether several bodies sign the review and so agree with each finding; what waits of theirs is said elsewhere."""

    def permits(self, finding: Finding, move: str, by: Actor) -> bool:
        """Whether a move is open to the actor as far as the bodies of the review have a say in it."""

    def check_move(self, finding: Finding, move: str, *, by: Actor) -> None:
        """Refuse a move that belongs to another body, or that another body has not agreed to."""

    def heed_words(self, finding: Finding, *, by: Actor, at: datetime) -> None:
        """A finding, or its words, may have changed: void what was said of other words, and ask whoever has to be asked."""

    def agreeing(self, finding: Finding, by: Actor) -> list[str]:
        """The names of the bodies but the actor's that agree with a finding as it stands."""

    def shown(self, findings: Sequence[Finding], by: Actor) -> Mapping[int, Any]:
        """What pages say of the agreement of each finding, by its id; nothing of one that is not agreed body by body."""


def guard() -> Guard:
    """The module that answers."""
    found: Guard = current_app.extensions[GUARD]
    return found
