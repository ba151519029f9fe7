"""The page of a review that says who may open what agencies mark for people named only, and names them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.evidence import access, naming, presenters, queries
from scrutiny.evidence.forms import ReaderForm
from scrutiny.evidence.models import NamedReader
from scrutiny.evidence.named import office_of, who_may_be_named
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.reviews.access import review_to_inspect
from scrutiny.reviews.models import Review
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("naming", __name__)


@blueprint.route("/reviews/<reference>/named-readers", methods=["GET", "POST"])
@signed_in
@writes
def named_readers(reference: str) -> ResponseReturnValue:
    """Who may open it and who named them, for the bodies of the review; whoever is in charge names somebody."""
    review, form = _read(reference)
    if form is not None and form.validate_on_submit() and attempt(form, lambda: _name(review, form)):
        return redirect(url_for(".named_readers", reference=reference))
    page = presenters.readers_page(review, london_day(now()))
    return render_template("evidence/named_readers.html", page=page, form=form, may_name=access.may_name(review, actor()))


def _read(reference: str) -> tuple[Review, ReaderForm | None]:
    """The review, and the form where the actor may name somebody and there is somebody to name."""
    review, on = review_to_inspect(reference, actor()), london_day(now())
    if not access.may_name(review, actor()) or review.state in naming.OVER or not queries.may_hold_personal(review):
        return review, None
    return review, ReaderForm([(body, person, office_of(person, body, on)) for body, person in who_may_be_named(review, on)])


def _name(review: Review, form: ReaderForm) -> NamedReader:
    """Name whoever was chosen."""
    body, person = form.chosen()
    row = naming.name_reader(review, person, body, by=actor(), at=now())
    flash(f"{gettext('%(name)s is named from now on.', name=person.name)} {queued_now('reader_named')}".strip(), "success")
    return row


@blueprint.route("/reviews/<reference>/named-readers/<int:reader_id>/end", methods=["POST"])
@signed_in
@writes
def end_naming(reference: str, reader_id: int) -> ResponseReturnValue:
    """Name somebody no longer, from this moment."""
    row = access.reader_to_end(reference, reader_id, actor())
    naming.end_naming(row, by=actor(), at=now())
    said = gettext("%(name)s is no longer named.", name=row.person.name)
    flash(f"{said} {queued_now('reader_no_longer_named')}".strip(), "success")
    return redirect(url_for(".named_readers", reference=reference))
