"""One page for what waits for an approver: read it, approve it, send it back, or take it back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.accounts.queries import names_of
from scrutiny.approving import access, queries, service
from scrutiny.approving.deeds import deed_of
from scrutiny.approving.forms import ApproveForm, SendBackForm, TakeBackForm
from scrutiny.approving.models import Approval
from scrutiny.approving.presenters import against, shown
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.transaction import attempt, writes
from scrutiny.widgets import Form
from workflows.roles import CERTIFIER

blueprint = Blueprint("approving", __name__)


@blueprint.route("/approvals/<int:approval_id>", methods=["GET", "POST"])
@signed_in
@writes
def approval(approval_id: int) -> ResponseReturnValue:
    """What would be sent in the agency's name, and what it answers; the approver approves exactly that."""
    by = access.as_member(approval_id, actor())
    found, form = access.approval_of_own(approval_id, by), ApproveForm()
    if form.is_submitted():
        access.approval_to_decide(approval_id, by)
    if form.validate_on_submit():
        done = attempt(form, lambda: service.approve(found, seen=form.seen.data or "", by=by, at=now()))
        if done is not None:
            flash(f"{done} {queued_now('approval_given')}", "success")
            return redirect(url_for(".approval", approval_id=approval_id))
        return _page(approval_id, form), 409
    return _page(approval_id, form)


def _page(approval_id: int, form: Form) -> str:
    """The page as it is now, with what is wrong with a form of it."""
    by = access.as_member(approval_id, actor())
    found = access.approval_of_own(approval_id, by)
    others, newer = queries.approvers(found.agency_id, found.written_by, london_day(now())), _newer(found)
    return render_template(
        "approving/approval.html",
        approval=found,
        deed=deed_of(found),
        shown=shown(found, decided=found.state in ("approved", "overtaken")),
        newer=newer,
        against=against(found, newer) if newer else [],
        seen=service.as_seen(found),
        names=names_of([found.written_by, found.decided_by]),
        form=form,
        approve=form if isinstance(form, ApproveForm) else ApproveForm(formdata=None),
        back=form if isinstance(form, SendBackForm) else SendBackForm(formdata=None),
        take=TakeBackForm(formdata=None),
        approves=by.has(CERTIFIER) and not (found.written_by == by.reference and others),
        approver=by.has(CERTIFIER),
    )


def _newer(found: Approval) -> Approval | None:
    """What is before the agency in place of one that was taken back, sent back or replaced."""
    there = queries.open_one(found.kind, found.subject_id, found.agency_id)
    return there if there is not None and there.id != found.id else None


@blueprint.post("/approvals/<int:approval_id>/send-back")
@signed_in
@writes
def send_back(approval_id: int) -> ResponseReturnValue:
    """The approver sends it back, with the reason."""
    by, form = access.as_member(approval_id, actor()), SendBackForm()
    found = access.approval_to_decide(approval_id, by)
    if form.validate_on_submit():
        if attempt(form, lambda: service.send_back(found, form.why.data or "", by=by, at=now())) is None:
            return _page(approval_id, form), 409
        flash(f"{gettext('You have sent this back.')} {queued_now('approval_sent_back')}", "success")
        return redirect(url_for(".approval", approval_id=approval_id))
    return _page(approval_id, form)


@blueprint.post("/approvals/<int:approval_id>/take-back")
@signed_in
@writes
def take_back(approval_id: int) -> ResponseReturnValue:
    """Take it back: its words stay where they were written."""
    by, form = access.as_member(approval_id, actor()), TakeBackForm()
    found = access.approval_of_own(approval_id, by)
    if form.validate_on_submit():
        if attempt(form, lambda: service.take_back(found, by=by, at=now())) is None:
            return _page(approval_id, form), 409
        flash(gettext("You have withdrawn this. Nothing was sent, and your words are kept."), "success")
        return redirect(deed_of(found).page(found))
    return _page(approval_id, form)
