"""Pages of invitations: the body invited reads what the review is, and accepts or declines; the lead takes one back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.pages import now
from scrutiny.reviews import access, inviting, presenters
from scrutiny.reviews.forms import AnswerInvitationForm
from scrutiny.rules.queries import method_of
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("inviting", __name__)


@blueprint.route("/invitations/<int:invitation_id>", methods=["GET", "POST"])
@signed_in
@writes
def invitation(invitation_id: int) -> ResponseReturnValue:
    """What the review is and what a partner does in it; accept or decline."""
    by, form = actor(), AnswerInvitationForm()
    found = access.invitation_to_answer(invitation_id, by)
    if form.validate_on_submit() and attempt(form, lambda: _answer(invitation_id, form)):
        return redirect(f"/reviews/{found.review.reference}" if form.answer.data == "accept" else "/inbox")
    found = access.invitation_to_answer(invitation_id, by)
    method = method_of(found.review.edition)
    signs = presenters.partners_sign(method)
    return render_template("reviews/invitation.html", form=form, invitation=found, method=method, signs=signs)


def _answer(invitation_id: int, form: AnswerInvitationForm) -> object:
    """Accept or decline it."""
    found, by, at = access.invitation_to_answer(invitation_id, actor()), actor(), now()
    if form.answer.data == "accept":
        flash(gettext("%(body)s is a partner in this review from today.", body=found.body.name), "success")
        return inviting.accept(found, by=by, at=at)
    declined = inviting.decline(found, why=form.why.data or "", by=by, at=at)
    flash(f"{gettext('You have declined.')} {queued_now('invitation_answered')}", "success")
    return declined


@blueprint.route("/invitations/<int:invitation_id>/take-back", methods=["POST"])
@signed_in
@writes
def take_back(invitation_id: int) -> ResponseReturnValue:
    """Invite a body no longer."""
    found = access.invitation_to_take_back(invitation_id, actor())
    inviting.take_back(found, by=actor(), at=now())
    flash(gettext("The invitation to %(body)s has been withdrawn.", body=found.body.name), "success")
    return redirect(url_for("reviews.people", reference=found.review.reference))
