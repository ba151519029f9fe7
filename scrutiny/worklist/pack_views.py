"""The councillors' pack: the reading page for a meeting, fit to print."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.reports.access import may_dissent
from scrutiny.reviews.access import review_to_inspect
from scrutiny.worklist.pack import pack_of

blueprint = Blueprint("pack", __name__)


@blueprint.route("/reviews/<reference>/pack")
@signed_in
def pack(reference: str) -> ResponseReturnValue:
    """The pack of a review, for members of its lead and partner bodies."""
    by, today = actor(), london_day(now())
    review = review_to_inspect(reference, by)
    return render_template("worklist/pack.html", pack=pack_of(review, by, today), may_dissent=may_dissent(review, by, today))
