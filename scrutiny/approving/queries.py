"""Reading what waits for an approver, and who wrote and approved what went out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.agencies import queries as agencies
from scrutiny.agencies.models import Agency
from scrutiny.approving.models import Approval
from scrutiny.extensions import db
from workflows.lifecycles.approval import OPEN
from workflows.roles import CERTIFIER, Actor


def approvers(agency: Agency | int, by: Actor | str, on: date) -> list[Person]:
    """Those who approve what this person writes for an agency: its approvers, but for themselves."""
    writer = by if isinstance(by, str) else by.reference
    return [one for one in agencies.members(agency, on, CERTIFIER) if one.reference != writer]


def approval(approval_id: int) -> Approval | None:
    """One of them by its id."""
    return db.session.get(Approval, approval_id)


def open_one(kind: str, subject_id: int, agency_id: int | None) -> Approval | None:
    """What an agency has before it of one deed: waiting for its approver, sent back or taken back; one at most."""
    rows = select(Approval).where(Approval.kind == kind, Approval.subject_id == subject_id, Approval.agency_id == agency_id)
    return db.session.scalar(rows.where(Approval.state.in_(OPEN)))


def to_do(agency_id: int) -> list[Approval]:
    """What waits in an agency: for its approver, or to be changed by whoever wrote it; the longest waiting first."""
    rows = select(Approval).where(Approval.agency_id == agency_id, Approval.state.in_(("waiting", "sent_back")))
    return list(db.session.scalars(rows.order_by(Approval.written_at, Approval.id)))


def approved(kinds: Collection[str], subject_id: int) -> list[Approval]:
    """What went out by the approver about one record, the oldest first."""
    rows = select(Approval).where(Approval.kind.in_(kinds), Approval.subject_id == subject_id, Approval.state == "approved")
    return list(db.session.scalars(rows.order_by(Approval.decided_at, Approval.id)))


def hands_in(kinds: Collection[str], subject_id: int) -> set[str]:
    """Whoever wrote or approved what went out about one record, as plain references."""
    return {who for row in approved(kinds, subject_id) for who in (row.written_by, row.decided_by)}
