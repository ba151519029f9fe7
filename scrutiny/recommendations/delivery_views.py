"""Pages about a recommendation that reached nobody: why, sending it again, and what was posted or handed over."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence.forms import DeliveredForm
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.formats import day, london_day
from scrutiny.pages import now
from scrutiny.recommendations import access, delivering
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("recommendation_delivery", __name__)
HERE = "/recommendations/<int:addressee_id>"


@blueprint.route(f"{HERE}/delivery", methods=["GET", "POST"])
@signed_in
@writes
def delivery(addressee_id: int) -> ResponseReturnValue:
    """Why an agency does not have what was recommended to it, and that it was posted or handed over."""
    addressee, by, at = access.addressee_to_deliver(addressee_id, actor()), actor(), now()
    form = DeliveredForm(on=london_day(at))
    if entered := form.entered():
        if attempt(form, lambda: delivering.enter_received(addressee, entered, by=by, at=at)):
            said = gettext("Delivery recorded.")
            if addressee.due_on:
                said = gettext("Delivery recorded. The response is due by %(due_on)s.", due_on=day(addressee.due_on))
            flash(said, "success")
            return redirect(url_for("recommendations.check", addressee_id=addressee_id))
        addressee = access.addressee_to_deliver(addressee_id, by)
    return render_template(
        "parts/reception.html",
        form=form,
        agency=addressee.answerer.name,
        why="" if addressee.received_on else delivering.why_not_reached(addressee),
        back=url_for("recommendations.check", addressee_id=addressee_id),
        back_words="Recommendation",
        again=url_for(".again", addressee_id=addressee_id),
        letters=url_for("worklist.review_letters", reference=addressee.recommendation.review.reference),
    )


@blueprint.route(f"{HERE}/send-again", methods=["POST"])
@signed_in
@writes
def again(addressee_id: int) -> ResponseReturnValue:
    """Send the letter again, to the addresses known now."""
    delivering.send_again(access.addressee_to_deliver(addressee_id, actor()), by=actor(), at=now())
    flash(queued_now(delivering.BRINGS), "success")
    return redirect(url_for("recommendations.check", addressee_id=addressee_id))
