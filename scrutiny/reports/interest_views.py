"""The page on which people of the bodies declare their interests in agencies, and read those of others."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.agencies.queries import agencies_by_id
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.reports import access, signing
from scrutiny.reports.forms import InterestForm
from scrutiny.requests import interests
from scrutiny.requests.queries import agencies_asked
from scrutiny.transaction import attempt, writes
from scrutiny.widgets import SelectChoice

blueprint = Blueprint("interests", __name__)


@blueprint.route("/reviews/<reference>/interests", methods=["GET", "POST"])
@signed_in
@writes
def of_review(reference: str) -> ResponseReturnValue:
    """What was declared, what this reader must declare before deciding or signing, and a form."""
    by, at = actor(), now()
    review = access.review_to_sign(reference, by)
    concerned = signing.agencies_concerned(review)
    wanted = interests.undeclared(review, concerned, by=by, at=at)
    own = interests.agencies_of(review, by, london_day(at))
    known = agencies_by_id(sorted(concerned | set(agencies_asked(review)) | {agency.id for agency in own}))
    form = InterestForm(data={"agency": (wanted or own)[0].id} if wanted or own else None)
    form.agency.choices = [
        SelectChoice(value=agency.id, label=agency.name) for agency in sorted(known.values(), key=lambda agency: agency.name)
    ]
    if form.validate_on_submit():
        agency, words = known[form.agency.data], form.words.data or ""
        if attempt(form, lambda: interests.declare(review, agency, words, by=by, at=at)):
            flash(gettext("Your interest in %(agency)s is declared", agency=agency.name), "success")
            return redirect(url_for(".of_review", reference=reference))
        review = access.review_to_sign(reference, by)
    return render_template(
        "reports/interests.html", form=form, review=review, wanted=wanted, declared=interests.declared_in(review)
    )
