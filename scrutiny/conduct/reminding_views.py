"""The page that reminds of a check, a signature or an invitation: the letter as it will go, and one press that sends it."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from scrutiny.conduct import reminding
from scrutiny.conduct.awaited import CHECK, INVITATION, SIGNATURE, Awaited, awaited, written
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.requests.forms import WordsForm
from scrutiny.reviews.access import review_to_run
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("reminding", __name__)
#: Where each is followed, after the address of the review.
FOLLOWED = {CHECK: "accuracy", SIGNATURE: "sign-off", INVITATION: "people"}


@blueprint.route("/reviews/<reference>/remind/<awaits>/<int:awaited_id>", methods=["GET", "POST"])
@signed_in
@writes
def remind(reference: str, awaits: str, awaited_id: int) -> ResponseReturnValue:
    """The reminder as it will go; one press sends it."""
    by, at, form = actor(), now(), WordsForm()
    found, back = _awaited(reference, awaits, awaited_id), f"/reviews/{reference}/{FOLLOWED.get(awaits, '')}"
    if form.validate_on_submit() and not form.preview.data:
        if attempt(form, lambda: reminding.remind(found, by=by, at=at, words=form.words)) is not None:
            flash(queued_now(reminding.REMINDERS[awaits]), "success")
            return redirect(back)
        found = _awaited(reference, awaits, awaited_id)
    public_url = str(current_app.config["SETTINGS"].public_url)
    barred = reminding.why_not(found, london_day(at))
    letters = [] if barred else reminding.previews(found, at=at, public_url=public_url, words=form.words)
    return render_template(
        "conduct/remind.html", form=form, found=found, back=back, barred=barred, letters=letters, went=written(found)
    )


def _awaited(reference: str, kind: str, key: int) -> Awaited:
    """What is awaited, for those who run the review."""
    return awaited(review_to_run(reference, actor()), kind, key) or abort(404)
