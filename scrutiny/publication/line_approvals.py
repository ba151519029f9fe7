"""An agency's line in the register of non-response goes by its approver where it has one."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask_babel import gettext, lazy_gettext

from scrutiny.agencies.models import Agency
from scrutiny.approving import queries
from scrutiny.approving import service as approving
from scrutiny.approving.deeds import Deed, register
from scrutiny.approving.models import Approval
from scrutiny.approving.service import Draft
from scrutiny.extensions import db
from scrutiny.formats import day
from scrutiny.publication import registering
from scrutiny.publication.models import RegisterEntry
from workflows.roles import Actor
from workflows.written_days import day_written

KIND = "line"


def send_line(entry: RegisterEntry, line: str, *, by: Actor, at: datetime) -> bool:
    """Write an agency's line beside an entry, or pass it to the approver where it takes one. True if it is written."""
    agency = db.session.get_one(Agency, by.agency)
    registering.check_line(entry, line)
    if not approving.needs_approver(agency, by=by, at=at):
        approving.make_way(KIND, entry.id, agency.id, by=by, at=at)
        registering.add_line(entry, line, by=by, at=at)
        return True
    request = entry.request
    review = request.review
    draft = Draft(
        kind=KIND,
        subject_id=entry.id,
        agency=agency,
        about=request.plain,
        within=review.plain,
        facts={"title": review.title, "review": review.reference, "lead": review.lead.name, "request": str(request.id)},
        before=_before(entry.id),
        content={"line": line.strip()},
    )
    approving.pass_on(draft, by=by, at=at)
    return False


def open_one(entry: RegisterEntry, by: Actor) -> Approval | None:
    """The line that the actor's agency has written and not sent."""
    return queries.open_one(KIND, entry.id, by.agency)


def _before(entry_id: int) -> dict[str, str]:
    """What the entry says, and the line that stands."""
    entry = db.session.get_one(RegisterEntry, entry_id)
    items = "\n".join(f"{one['reference']}: {one['title']}" for one in entry.items)
    said = {"items": items, "words": entry.words, "until": entry.reply_until.isoformat(), "line": entry.reply}
    return {key: value for key, value in said.items() if value}


def _what(approval: Approval) -> str:
    """What the line is called within a sentence."""
    values = {"agency": approval.agency.name, "review": approval.facts["review"]}
    return gettext("the line of %(agency)s in the register of questions not answered in %(review)s", **values)


def _told(approval: Approval) -> str:
    """Who will read it."""
    return gettext("It is shown beside the entry, word for word. Anybody can read it once the entry is published.")


def _carry_out(approval: Approval, by: Actor, at: datetime) -> str:
    """Write a line that was approved."""
    entry = db.session.get_one(RegisterEntry, approval.subject_id)
    registering.add_line(entry, approval.content["line"], by=by, at=at)
    entry.replied_by = approval.written_by
    db.session.flush()
    return gettext("The line is saved. It is shown beside the entry.")


def init_app(app: Flask) -> None:
    """Let lines in the register go by the approver."""
    register(
        Deed(
            kind=KIND,
            what=_what,
            before=_before,
            labels={
                "line": lazy_gettext("The line"),
                "items": lazy_gettext("Questions not answered"),
                "words": lazy_gettext("What the requester says of it"),
                "until": lazy_gettext("The agency may answer until"),
            },
            worded=lambda key, value: day(day_written(value)) if key == "until" else value,
            told=lambda approval: gettext(
                "It is shown beside the entry, word for word. Anybody can read it once the entry is published."
            ),
            page=lambda approval: f"/answering/{approval.facts['request']}/register",
            carry_out=_carry_out,
        )
    )
