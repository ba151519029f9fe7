"""Passing what was written to the approver, taking it back, sending it back, and approving it, which carries it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from scrutiny.agencies import queries as agencies
from scrutiny.agencies.models import Agency
from scrutiny.approving import letters, queries
from scrutiny.approving.deeds import deed_of
from scrutiny.approving.models import Approval
from scrutiny.audit.service import digest, note
from scrutiny.extensions import canonical, db
from scrutiny.formats import london_day
from workflows.lifecycles.approval import APPROVAL
from workflows.refusals import Refused
from workflows.roles import CERTIFIER, Actor


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote in an agency's name: which deed about which record, what it answers, and what it says."""

    kind: str
    subject_id: int
    agency: Agency
    about: str
    within: str
    facts: Mapping[str, str]
    before: Mapping[str, str]
    content: Mapping[str, str]


def needs_approver(agency: Agency | int, *, by: Actor, at: datetime) -> bool:
    """Whether somebody else of the agency has to approve what this actor writes in its name."""
    return bool(queries.approvers(agency, by, london_day(at)))


def check_approved(agency: Agency | int, *, by: Actor, at: datetime) -> None:
    """Refuse what binds an agency that has an approver where its approver does not do it."""
    if not by.has(CERTIFIER) and agencies.has_certifier(agency, london_day(at)):
        raise Refused(gettext("Your agency’s approver approves this before it is sent: send it to the approver"))


def pass_on(draft: Draft, *, by: Actor, at: datetime) -> Approval:
    """Send what was written to the agency's approver; what was sent back or taken back before stays on record."""
    make_way(draft.kind, draft.subject_id, draft.agency.id, by=by, at=at)
    approval = Approval(
        kind=draft.kind,
        subject_id=draft.subject_id,
        agency=draft.agency,
        about=draft.about,
        within=draft.within,
        facts=dict(draft.facts),
        before=dict(draft.before),
        content=dict(draft.content),
        digest=digest(canonical(dict(draft.content))),
        state=APPROVAL.initial,
        written_by=by.reference,
        written_at=at,
    )
    db.session.add(approval)
    db.session.flush()
    _noted("approval_asked", approval, by, at, text=approval.digest)
    letters.to_approve(approval, by, at=at)
    return approval


def make_way(kind: str, subject_id: int, agency_id: int, *, by: Actor, at: datetime) -> None:
    """Before something is sent or passed on: what was sent back or taken back is replaced by it; what waits is not."""
    there = queries.open_one(kind, subject_id, agency_id)
    if there is None:
        return
    if there.state == "waiting":
        raise Refused(gettext("This waits for your approver already. It can be approved, sent back or withdrawn"))
    _move("overtake", there, by, at)


def as_seen(approval: Approval) -> str:
    """What an approver has before them, as a digest: what would be sent, and what it answers today."""
    return digest(canonical([approval.id, approval.content, deed_of(approval).before(approval.subject_id)]))


def approve(approval: Approval, *, seen: str, by: Actor, at: datetime) -> str:
    """Approve exactly what was read, which carries it out; what was done, in a sentence."""
    if approval.state != APPROVAL.initial:
        raise Refused(gettext("This is not waiting for your approval any more"))
    if seen != as_seen(approval):
        raise Refused(gettext("What this answers has changed since you opened it. Read it again before you approve it"))
    if approval.written_by == by.reference and queries.approvers(approval.agency_id, by, london_day(at)):
        raise Refused(gettext("You wrote this yourself: another approver of your agency has to approve it"))
    _move("approve", approval, by, at)
    done = deed_of(approval).carry_out(approval, by, at)
    letters.approved(approval, by, at=at)
    return done


def send_back(approval: Approval, why: str, *, by: Actor, at: datetime) -> Approval:
    """The approver sends it back to whoever wrote it, with the reason."""
    if not why.strip():
        raise Refused(gettext("Say what must change: your colleagues see your words"))
    approval.why = why.strip()
    _move("send_back", approval, by, at, why=digest(why.strip()))
    letters.sent_back(approval, by, at=at)
    return approval


def take_back(approval: Approval, *, by: Actor, at: datetime) -> Approval:
    """Take back what was not approved: its words stay, to be changed and passed on again."""
    waited = approval.state == "waiting"
    _move("take_back", approval, by, at)
    if waited:
        letters.taken_back(approval, by, at=at)
    return approval


def _move(name: str, approval: Approval, by: Actor, at: datetime, **fields: str) -> None:
    """Move it, write down who did, and note it."""
    before = approval.state
    move = APPROVAL.make(name, approval, by=by)
    if name != "overtake":
        approval.decided_by, approval.decided_at = by.reference, at
    db.session.flush()
    _noted(move.event, approval, by, at, before=before, after=approval.state, **fields)


def _noted(event: str, approval: Approval, by: Actor, at: datetime, **fields: str) -> None:
    """Into the trail, within its review."""
    about = {"about": approval.about, "within": approval.within, "deed": approval.kind, "approval": approval.reference}
    note(event, by=by, at=at, **about, **fields)
