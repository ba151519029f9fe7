"""The page on which an earlier answer is looked at before it is used again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.answering import access, reusing
from scrutiny.answering import presenters as pages
from scrutiny.answering.acting import actor
from scrutiny.answering.forms import ReuseForm
from scrutiny.doors import signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.transaction import writes
from scrutiny.whole_numbers import whole
from workflows.refusals import Refused

blueprint = Blueprint("reusing", __name__)


@blueprint.route("/answering/items/<int:item_id>/reuse", methods=["GET", "POST"])
@signed_in
@writes
def reuse(item_id: int) -> ResponseReturnValue:
    """Look at an answer this agency sent before (?answer=), with its place and period, and use it for this item."""
    by, at = actor(), now()
    found = access.item_to_answer(item_id, by, london_day(at))
    earlier = access.answer_to_reuse(found, request.values.get("answer", 0, type=whole), by)
    compared = reusing.compare(found, earlier)
    form = ReuseForm(compared, answer=str(earlier.id))
    if form.validate_on_submit():
        try:
            how = form.how.data if compared.has_draft else ""
            reusing.reuse(found, earlier, how=how, looked=bool(compared.differs and form.looked.data), by=by, at=at)
        except Refused as refused:
            form.form_errors.append(refused.sentence)
        else:
            flash(
                gettext("The earlier answer is here now. Change it where you need to: what was sent before stays as it was"),
                "success",
            )
            return redirect(url_for("answering.item", item_id=found.id))
    return render_template(
        "answering/reuse.html",
        form=form,
        item=found,
        earlier=pages.shown(earlier, london_day(at)),
        compared=compared,
        has_draft=compared.has_draft,
    )
