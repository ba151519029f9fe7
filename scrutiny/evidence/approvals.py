"""What the public may be told of evidence, and that it comes out again: by the agency's approver where it has one."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from flask import Flask
from flask_babel import gettext, lazy_gettext

from scrutiny.agencies.models import Agency
from scrutiny.approving import queries
from scrutiny.approving import service as approving
from scrutiny.approving.deeds import Deed, register
from scrutiny.approving.models import Approval
from scrutiny.approving.service import Draft
from scrutiny.evidence import service
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.formats import day, london_day
from workflows.refusals import Refused
from workflows.roles import Actor
from workflows.written_days import day_written

SUMMARY, ALLOW = "summary", "allow"
LABELS = {
    "summary": lazy_gettext("What the public may be told"),
    "again": lazy_gettext("What can be published again"),
    "evidence": lazy_gettext("Of what"),
    "held_back": lazy_gettext("Removed from publication on"),
}


def agree_summary(lodging: Lodging, *, by: Actor, at: datetime) -> bool:
    """Agree to a public summary, or pass that to the approver where the agency takes one. True if it is agreed."""
    service.check_summary(lodging, by=by)
    if _is_own_word(SUMMARY, lodging, by, at):
        service.agree_summary(lodging, by=by, at=at)
        return True
    _pass_on(SUMMARY, lodging, {"summary": lodging.public_summary}, by, at)
    return False


def allow_out(lodging: Lodging, *, by: Actor, at: datetime) -> bool:
    """Let something come out again, or pass that to the approver where the agency takes one. True if it may."""
    service.check_held_back(lodging, by=by)
    if _is_own_word(ALLOW, lodging, by, at):
        service.allow_out(lodging, by=by, at=at)
        return True
    _pass_on(ALLOW, lodging, {"again": lodging.evidence.title}, by, at)
    return False


def open_ones(lodging: Lodging, by: Actor) -> dict[str, Approval | None]:
    """What the actor's agency has written of a lodging and not sent, by its kind."""
    return {kind: queries.open_one(kind, lodging.id, by.agency) for kind in (SUMMARY, ALLOW)}


def _is_own_word(kind: str, lodging: Lodging, by: Actor, at: datetime) -> bool:
    """Whether the actor may say it without an approver; what came back before is then replaced."""
    if approving.needs_approver(by.agency or 0, by=by, at=at):
        return False
    approving.make_way(kind, lodging.id, by.agency or 0, by=by, at=at)
    return True


def _pass_on(kind: str, lodging: Lodging, content: dict[str, str], by: Actor, at: datetime) -> None:
    """Send it to the approver."""
    review = lodging.review
    draft = Draft(
        kind=kind,
        subject_id=lodging.id,
        agency=db.session.get_one(Agency, by.agency),
        about=f"lodging:{lodging.id}",
        within=f"review:{lodging.review_id}",
        facts={"title": review.title, "review": review.reference, "lead": review.lead.name, "evidence": lodging.evidence.title},
        before=_before(kind, lodging.id),
        content=content,
    )
    approving.pass_on(draft, by=by, at=at)


def _before(kind: str, lodging_id: int) -> dict[str, str]:
    """What is agreed to."""
    lodging = db.session.get_one(Lodging, lodging_id)
    if kind == SUMMARY:
        return {"evidence": lodging.evidence.title}
    return {"held_back": london_day(lodging.held_back_at).isoformat()} if lodging.held_back_at else {}


def _told(words: str, approval: Approval) -> str:
    """Who can read it then, and who is told: the same of each."""
    return str(words)


def _what_summary(approval: Approval) -> str:
    """What the agreement is called within a sentence."""
    values = {"agency": approval.agency.name, "evidence": approval.facts["evidence"]}
    return gettext("the agreement of %(agency)s to what the public may be told of “%(evidence)s”", **values)


def _what_allow(approval: Approval) -> str:
    """What the permission is called within a sentence."""
    values = {"agency": approval.agency.name, "evidence": approval.facts["evidence"]}
    return gettext("the permission of %(agency)s to publish “%(evidence)s” again", **values)


def _carry_out_summary(approval: Approval, by: Actor, at: datetime) -> str:
    """Agree to the summary that was read."""
    lodging = db.session.get_one(Lodging, approval.subject_id)
    if lodging.public_summary != approval.content["summary"]:
        raise Refused(gettext("The requester has changed the words since. Send this back, and read the new words first"))
    service.agree_summary(lodging, by=by, at=at)
    return gettext("Your agency has agreed that the public may be told this.")


def _carry_out_allow(approval: Approval, by: Actor, at: datetime) -> str:
    """Let it come out again."""
    service.allow_out(db.session.get_one(Lodging, approval.subject_id), by=by, at=at)
    return gettext("This can be published again, with the next list of requests or the report.")


def init_app(app: Flask) -> None:
    """Let both go by the approver."""
    for kind, what, told, carry_out in (
        (
            SUMMARY,
            _what_summary,
            lazy_gettext("A report can say this to anybody. We will email the requester."),
            _carry_out_summary,
        ),
        (
            ALLOW,
            _what_allow,
            lazy_gettext("Anybody can read it once the list of requests or the report is published."),
            _carry_out_allow,
        ),
    ):
        register(
            Deed(
                kind=kind,
                what=what,
                before=partial(_before, kind),
                labels=LABELS,
                worded=lambda key, value: day(day_written(value)) if key == "held_back" else value,
                told=partial(_told, told),
                page=lambda approval: f"/evidence/{approval.subject_id}",
                carry_out=carry_out,
            )
        )
