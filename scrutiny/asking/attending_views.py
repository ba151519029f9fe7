"""Pages of attendance: the officer's that asks for it, and the agency's that says who comes, or why nobody does."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from scrutiny.agencies.queries import agencies_by_id
from scrutiny.asking import attending, drafting, presenters
from scrutiny.asking.forms import AttendForm
from scrutiny.doors import actor, signed_in
from scrutiny.formats import number
from scrutiny.pages import now
from scrutiny.requests import queries
from scrutiny.requests.models import Item
from scrutiny.reviews.access import review_to_run
from scrutiny.reviews.models import Review
from scrutiny.reviews.presenters import line_choices
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("attending", __name__)


@blueprint.route("/reviews/<reference>/requests/attend", methods=["GET", "POST"])
@signed_in
@writes
def ask(reference: str) -> ResponseReturnValue:
    """Ask agencies to attend a meeting: it goes into their drafts, with the law and the notice beside it."""
    review, form = review_to_run(reference, actor()), AttendForm()
    form.line.choices = line_choices(review.open_lines)
    here = {one.agency_id for one in drafting.answering_here(review)} | queries.agencies_asked(review)
    form.agencies.choices = presenters.agency_choices(agencies_by_id(sorted(here)).values(), but=())
    if form.validate_on_submit() and (items := attempt(form, lambda: _ask(review, form))):
        flash(
            ngettext(
                "%(n)s agency asked to attend, in a draft; nothing is sent yet",
                "%(n)s agencies asked to attend, in a draft; nothing is sent yet",
                len(items),
                n=number(len(items)),
            ),
            "success",
        )
        return redirect(url_for("requests.of_review", reference=reference))
    return render_template("requests/attend.html", form=form, review=review_to_run(reference, actor()))


def _ask(review: Review, form: AttendForm) -> list[Item]:
    """Put the meeting into the draft of each agency chosen."""
    assert form.held_on.data is not None  # InputRequired
    asked = attending.Asked(
        held_on=form.held_on.data,
        place=form.place.data or "",
        about=form.about.data or "",
        begins=form.begins.data or "",
        whom=form.whom.data or "",
        why=form.why.data or "",
        answer_by=form.wanted_on.data,
    )
    line = next(one for one in review.lines if one.id == form.line.data)
    chosen = agencies_by_id(form.agencies.data)
    return attending.ask_to_attend(review, list(chosen.values()), asked, line=line, by=actor(), at=now())
