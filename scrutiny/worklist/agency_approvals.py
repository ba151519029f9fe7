"""What waits for an agency's approver, or came back from there, among the rest of what waits for the agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext

from scrutiny.approving.deeds import deed_of
from scrutiny.approving.models import Approval
from scrutiny.approving.queries import to_do
from scrutiny.worklist.agency_due import Due
from workflows.due_working import Working
from workflows.roles import CERTIFIER, Actor


def with_approvals(found: Sequence[Due], by: Actor) -> list[Due]:
    """The rows, where one is written already as a row that says with whom it is; what has no row of its own gets one."""
    approvals = to_do(by.agency or 0)
    pages = {deed_of(row).page(row): row for row in approvals}
    rows = [_row(due, pages[due.href], by) if due.href in pages else due for due in found]
    there = {due.href for due in found}
    return rows + [_row(_alone(row), row, by) for row in approvals if deed_of(row).page(row) not in there]


def _row(due: Due, approval: Approval, by: Actor) -> Due:
    """A row of what is written, and waits for the approver or has come back."""
    if approval.state == "sent_back":
        return replace(due, notes=(*due.notes, gettext("sent back by an approver")))
    approves = by.has(CERTIFIER) and approval.written_by != by.reference
    return replace(
        due,
        key=f"approval-{approval.id}",
        what=gettext("Approve %(what)s", what=deed_of(approval).what(approval)) if approves else due.what,
        notes=due.notes if approves else (*due.notes, gettext("with your approver")),
        who=gettext("You") if approves else gettext("Your approver"),
        href=f"/approvals/{approval.id}",
        action=gettext("Approve") if approves else gettext("Look"),
        for_reader=approves,
    )


def _alone(approval: Approval) -> Due:
    """A row for something written that nothing else in the list asks for."""
    what = deed_of(approval).what(approval)
    return Due(
        key=f"approval-{approval.id}",
        due_on=None,
        working=Working(),
        why="",
        asker=approval.facts["lead"],
        title=approval.facts["title"],
        reference=approval.facts["review"],
        what=what[0].upper() + what[1:],
        notes=(),
        who=gettext("Anyone"),
        href=f"/approvals/{approval.id}",
        action=gettext("Look"),
    )
