"""Pages about an accuracy check that reached nobody: why, sending it again, and what was posted or handed over."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence.forms import DeliveredForm
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.findings import access, delivering
from scrutiny.formats import day, london_day
from scrutiny.pages import now
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("accuracy_delivery", __name__)
HERE = "/reviews/<reference>/accuracy/<int:check_id>"


@blueprint.route(f"{HERE}/delivery", methods=["GET", "POST"])
@signed_in
@writes
def delivery(reference: str, check_id: int) -> ResponseReturnValue:
    """Why an agency does not have its extracts, and that they were posted or handed over."""
    check, by, at = access.check_to_deliver(reference, check_id, actor()), actor(), now()
    form = DeliveredForm(on=london_day(at))
    if entered := form.entered():
        if attempt(form, lambda: delivering.enter_received(check, entered, by=by, at=at)):
            flash(
                gettext(
                    "Delivery recorded. %(agency)s has until %(due_on)s to check the facts.",
                    agency=check.agency.name,
                    due_on=day(check.due_on),
                ),
                "success",
            )
            return redirect(url_for("accuracy.of_review", reference=reference))
        check = access.check_to_deliver(reference, check_id, by)
    return render_template(
        "parts/reception.html",
        form=form,
        agency=check.agency.name,
        why="" if check.received_on else delivering.why_not_reached(check),
        back=url_for("accuracy.of_review", reference=reference),
        back_words="Accuracy check",
        again=url_for(".again", reference=reference, check_id=check_id),
        letters=url_for("worklist.review_letters", reference=reference),
    )


@blueprint.route(f"{HERE}/send-again", methods=["POST"])
@signed_in
@writes
def again(reference: str, check_id: int) -> ResponseReturnValue:
    """Send the letter again, to the addresses known now."""
    check = access.check_to_deliver(reference, check_id, actor())
    delivering.send_again(check, by=actor(), at=now())
    flash(queued_now(delivering.ASKS), "success")
    return redirect(url_for("accuracy.of_review", reference=reference))
