"""The councillors' pack: the reading page for a meeting, and the same as a PDF or Word document to send round."""

from __future__ import annotations

import io
from datetime import datetime

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from scrutiny.adapters import fitted
from scrutiny.adapters.shares import PRINTING
from scrutiny.adapters.word import MEDIA_TYPE, About, word_document
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.reports.access import may_dissent
from scrutiny.reviews.access import review_to_inspect
from scrutiny.worklist.pack import Pack, pack_of

blueprint = Blueprint("pack", __name__)


@blueprint.route("/reviews/<reference>/pack")
@signed_in
def pack(reference: str) -> ResponseReturnValue:
    """The pack of a review, for members of its lead and partner bodies."""
    by, today = actor(), london_day(now())
    review = review_to_inspect(reference, by)
    return render_template(
        "worklist/pack.html",
        pack=pack_of(review, by, today, _chosen()),
        chosen=sorted(_chosen()),
        may_dissent=may_dissent(review, by, today),
    )


@blueprint.route("/reviews/<reference>/pack.pdf")
@signed_in
def pack_pdf(reference: str) -> ResponseReturnValue:
    """The same pack, printed as it stands now."""
    at = now()
    _, page = _printed(reference, at)
    printed = fitted.printer().print_html(page, created=at)
    return send_file(io.BytesIO(printed.pdf), "application/pdf", as_attachment=True, download_name=f"pack-{reference}.pdf")


@blueprint.route("/reviews/<reference>/pack.docx")
@signed_in
def pack_word(reference: str) -> ResponseReturnValue:
    """The same words as a Word document, to be added to an agenda or written on."""
    at = now()
    found, page = _printed(reference, at)
    with PRINTING.taken():
        content = word_document(page, About(found.review.title, found.bodies[0], "en-GB", at))
    return send_file(io.BytesIO(content), MEDIA_TYPE, as_attachment=True, download_name=f"pack-{reference}.docx")


def _printed(reference: str, at: datetime) -> tuple[Pack, str]:
    """The pack as its reader may have it, and the page of print that both files are made of."""
    by = actor()
    found = pack_of(review_to_inspect(reference, by), by, london_day(at), _chosen())
    return found, render_template("print/pack.html", pack=found, at=at)


def _chosen() -> set[int]:
    """The items whose answers were ticked, by the ids in the address; what is no number is none of them."""
    return {int(one) for one in request.args.getlist("answer") if one.isdecimal() and len(one) < 10}
