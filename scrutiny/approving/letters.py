"""The letters by which people of one agency pass on what is to be approved. Nobody outside the agency sees them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from scrutiny.accounts.models import Person
from scrutiny.accounts.queries import name_of
from scrutiny.agencies import queries as agencies
from scrutiny.approving import queries
from scrutiny.approving.deeds import deed_of
from scrutiny.approving.models import Approval
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.formats import london_day
from workflows.roles import Actor


def to_approve(approval: Approval, by: Actor, *, at: datetime) -> None:
    """To the approvers: this waits for one of them."""
    _write("approval_wanted", approval, queries.approvers(approval.agency, by, london_day(at)), by, at)


def taken_back(approval: Approval, by: Actor, *, at: datetime) -> None:
    """To the approvers: it waits no longer."""
    _write("approval_taken_back", approval, queries.approvers(approval.agency, by, london_day(at)), by, at)


def sent_back(approval: Approval, by: Actor, *, at: datetime) -> None:
    """To whoever wrote it: what must change."""
    page = deed_of(approval).page(approval)
    _write("approval_sent_back", approval, _writers(approval, at), by, at, why=approval.why, page=page)


def approved(approval: Approval, by: Actor, *, at: datetime) -> None:
    """To whoever wrote it: it was sent."""
    people = _writers(approval, at)
    is_writer = any(one.reference == approval.written_by for one in people)
    written_by = "" if is_writer else name_of(approval.written_by)
    _write("approval_given", approval, people, by, at, written_by=written_by)


def _writers(approval: Approval, at: datetime) -> list[Person]:
    """Whoever wrote it, or where they have left everybody of the agency."""
    members = agencies.members(approval.agency_id, london_day(at))
    return [one for one in members if one.reference == approval.written_by] or members


def _write(kind: str, approval: Approval, people: Iterable[Person], by: Actor, at: datetime, **values: Any) -> None:
    """The same to each of these people of the agency."""
    for person in people:
        write_letter(
            kind,
            to=Recipient(person.reference, person.email, person.name, person.language),
            reference=approval.reference,
            at=at,
            within=approval.within,
            occasion=at.isoformat(),
            what=deed_of(approval).what(approval),
            title=approval.facts["title"],
            agency=approval.agency.name,
            by_name=by.name,
            address=f"/approvals/{approval.id}",
            **values,
        )
