"""Pages on which the lead sees, by name, what would become public with the list of requests, and publishes it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.formats import day, london_day
from scrutiny.pages import now
from scrutiny.publication import service as publication
from scrutiny.publication.forms import PublishListForm
from scrutiny.reviews.access import review_to_run
from scrutiny.reviews.models import Review
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("publication", __name__)


@blueprint.route("/reviews/<reference>/list", methods=["GET", "POST"])
@signed_in
@writes
def release_list(reference: str) -> ResponseReturnValue:
    """Check what publishing the list makes public, who is told and when, then do it."""
    review, at = review_to_run(reference, actor()), now()
    form = PublishListForm()
    if form.validate_on_submit():
        done = attempt(form, lambda: publication.publish_list(review, form.seen.data or "", by=actor(), at=at))
        if done is not None:
            flash(_said(review, done), "success")
            return redirect(f"/reviews/{reference}")
        review = review_to_run(reference, actor())
    shown = publication.preview(review, on=london_day(at))
    form.seen.data = shown.token
    return render_template("requests/publish_list.html", form=form, review=review, shown=shown)


def _said(review: Review, done: publication.Preview) -> str:
    """What was done, in a sentence."""
    if not done.publish:
        return gettext("The list of requests is public. No answers have been published")
    words = ngettext(
        "The list of requests is public. %(num)s answer will be public from %(day)s, if our email reaches its agency today.",
        "The list of requests is public. %(num)s answers will be public from %(day)s, if our emails reach their agencies today.",
        len(done.publish),
        day=day(done.public_on),
    )
    return f"{words} {queued_now('answers_to_be_published')}"
