"""What answering a request cost: hours and pounds, as its agency says, and says again once it knows better."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from scrutiny.answering.item_moves import note_about
from scrutiny.extensions import db
from scrutiny.formats import number
from scrutiny.requests.models import EvidenceRequest
from scrutiny.transaction import check_version
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Effort:
    """Hours and pence; None where the agency does not say."""

    hours: float | None
    pence: int | None


def record_effort(request: EvidenceRequest, effort: Effort, *, by: Actor, at: datetime, seen: int | None = None) -> bool:
    """Keep what answering cost, in place of what was said before; False where that was the same."""
    check_version(request, seen)
    if effort == Effort(request.hours_spent, request.cost_pence):
        return False
    request.hours_spent, request.cost_pence, request.effort_at = effort.hours, effort.pence, at
    db.session.flush()
    minutes = None if effort.hours is None else round(effort.hours * 60)
    note_about("effort_recorded", request, by, at, minutes=minutes, pence=effort.pence)
    return True


def effort_words(request: EvidenceRequest) -> str:
    """What was saved, in a sentence."""
    hours, pence = request.hours_spent, request.cost_pence
    if hours is None and pence is None:
        return gettext("You have removed what answering cost.")
    if hours is None:
        return gettext("Saved: £%(pounds)s.", pounds=number(round((pence or 0) / 100)))
    if pence is None:
        return gettext("Saved: %(hours)s hours.", hours=f"{hours:g}")
    return gettext("Saved: %(hours)s hours and £%(pounds)s.", hours=f"{hours:g}", pounds=number(round(pence / 100)))
