"""The page on which words of a dissent, comment, note, correction or reported error are erased, by whoever runs the review."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.conduct import erasing
from scrutiny.conduct.forms import EraseForm
from scrutiny.conduct.presenters import shortened
from scrutiny.doors import actor, signed_in
from scrutiny.formats import day, london_day
from scrutiny.pages import now
from scrutiny.reviews.access import review_to_run
from scrutiny.transaction import attempt, writes
from scrutiny.widgets import SelectChoice

blueprint = Blueprint("erasing_of_review", __name__)


@blueprint.route("/reviews/<reference>/erase-words", methods=["GET", "POST"])
@signed_in
@writes
def erase(reference: str) -> ResponseReturnValue:
    """Erase for ever the words of one thing that was said in a review; the reason stands in their place."""
    by = actor()
    review = review_to_run(reference, by)
    form = EraseForm()
    form.what.choices = [
        SelectChoice(value=key, label=f"{one.called}, {day(london_day(one.at))}: {shortened(' / '.join(one.texts))}")
        for key, one in erasing.erasable(review).items()
    ]
    if form.validate_on_submit():
        places = attempt(form, lambda: erasing.erase_words(review, form.what.data or "", form.why.data or "", by=by, at=now()))
        if places is not None:
            told = gettext("The same words are still here: %(places)s", places="; ".join(places)) if places else ""
            flash(f"{gettext('The words are erased.')} {told}".strip(), "success")
            return redirect(url_for(".erase", reference=reference))
        review = review_to_run(reference, by)
    return render_template("conduct/erase.html", form=form, review=review)
