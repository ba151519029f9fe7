"""Which letter somebody is about to edit: as the product words it now, and where its reader came from; reading only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext

from scrutiny.asking import drafting, letters
from scrutiny.asking.delivering import delivery_of
from scrutiny.chasing import queries as chasing
from scrutiny.chasing.letters import letter_of_ladder
from scrutiny.chasing.models import Escalation
from scrutiny.chasing.service import still_late
from scrutiny.correspondence.editing import Composed
from scrutiny.due_dates.calculation import count_from_day
from scrutiny.due_dates.rules import Starts
from scrutiny.due_dates.starting import BY_EMAIL
from scrutiny.formats import london_day
from scrutiny.requests.lettering import CHAIRS, OF_LADDER, Lettering, of_request, to_agency
from scrutiny.requests.letters import Preview
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import OPEN
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class ToEdit:
    """A letter that may be edited now: as it is composed, and as it would go."""

    lettering: Lettering
    composed: Preview
    shown: Preview

    @property
    def as_composed(self) -> Composed:
        """The words of the product."""
        return Composed(self.composed.subject, self.composed.text, self.composed.dear)


def asking_letter(found: EvidenceRequest, at: datetime) -> ToEdit:
    """The letter of a draft, or of a request that was not delivered and is to be sent again."""
    delivery, lettering, counted = delivery_of(found), of_request(found), as_would_go(found, at)
    if found.state != "drafted" and (delivery is None or delivery.state != "failed" or found.state != "issued"):
        raise Refused(gettext("This letter has gone. It can be edited only before it is sent, or if it did not arrive"))
    return _first(
        lettering,
        letters.previews(counted, at=at, public_url=_url(), as_composed=True),
        letters.previews(counted, at=at, public_url=_url()),
    )


def as_would_go(found: EvidenceRequest, at: datetime) -> EvidenceRequest:
    """A copy of a request with its dates as if it were sent by email today."""
    today = london_day(at)
    if found.state == "drafted":
        return drafting.as_if_sent(found, today)
    if found.delivered_on is not None or found.issued_at is None:
        return found
    planned_on, copy = london_day(found.issued_at), drafting.copy_of(found)
    starts = Starts(today, dict.fromkeys(BY_EMAIL, today))
    count_from_day(copy, [item for item in copy.items if item.state in OPEN], starts, planned_on)
    return copy


def ladder_letter(found: EvidenceRequest, kind: str, agency_id: int, at: datetime) -> ToEdit:
    """The next reminder or chase to an agency: what somebody may send today, or what the clock will send."""
    if kind not in OF_LADDER:
        raise Refused(gettext("Only reminders and chases are edited here"))
    silent = [one for one in chasing.silent_of([found], london_day(at)) if one.agency.id == agency_id and not one.why_not]
    coming = [one for one in chasing.coming_of([found], at) if one.agency.id == agency_id and one.rung.letter == kind]
    one = silent[0] if silent and kind == "request_chased" else next(iter(coming), None)
    if one is None:
        raise Refused(gettext("No such letter goes to this agency in the next days, so there is nothing to edit"))
    return _first(to_agency(kind, found, one.agency), one.previews(at, _url(), as_composed=True), one.previews(at, _url()))


def chairs_letter(escalation: Escalation, by: Actor, at: datetime) -> ToEdit:
    """A letter that waits for a chair or lead inspector."""
    late = still_late(escalation, london_day(at))
    if escalation.state != "proposed" or not late or escalation.letter_to_write != CHAIRS:
        raise Refused(gettext("This letter does not wait for approval any more, so it cannot be edited"))
    return _first(
        letter_of_ladder(CHAIRS, escalation.request, escalation.agency, escalation),
        chasing.proposed_previews(escalation, late, by, at=at, public_url=_url(), as_composed=True),
        chasing.proposed_previews(escalation, late, by, at=at, public_url=_url()),
    )


def _first(lettering: Lettering, composed: list[Preview], shown: list[Preview]) -> ToEdit:
    """The letter to its first reader: to all others it is the same, but for how they are greeted."""
    return ToEdit(lettering, composed[0], shown[0])


def _url() -> str:
    """The address under which letters send people here."""
    return str(current_app.config["SETTINGS"].public_url)
