"""Pages of editions: their files, once released; and the page that asks before what was published is withdrawn."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.adapters import fitted
from scrutiny.adapters.word import MEDIA_TYPE
from scrutiny.doors import actor, public, signed_in
from scrutiny.editions import access, forms, recalling
from scrutiny.pages import as_download, now
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole

blueprint = Blueprint("editions", __name__)


@blueprint.route("/reports/<reference>.pdf")
@public
def pdf(reference: str) -> ResponseReturnValue:
    """The PDF of a released edition."""
    edition, file = access.file_released(reference, "pdf", request.args.get("edition", type=whole))
    return _kept(file.sha256, "application/pdf", f"{reference}-{edition.number}.pdf")


@blueprint.route("/reports/<reference>.docx")
@public
def word(reference: str) -> ResponseReturnValue:
    """The Word document of a released edition: the words of the PDF, for whoever has to copy or write on them."""
    edition, file = access.file_released(reference, "word", request.args.get("edition", type=whole))
    return _kept(file.sha256, MEDIA_TYPE, f"{reference}-{edition.number}.docx")


@blueprint.route("/reports/<reference>/data.json")
@public
def data(reference: str) -> ResponseReturnValue:
    """The sealed snapshot of a released edition: its SHA-256 is the digest the report prints."""
    edition, file = access.file_released(reference, "data", request.args.get("edition", type=whole))
    return _kept(file.sha256, "application/json", f"{reference}-{edition.number}.json")


@blueprint.route("/reviews/<reference>/report/withdraw", methods=["GET", "POST"])
@signed_in
@writes
def recall(reference: str) -> ResponseReturnValue:
    """Withdraw a published report, or (?edition=2) one edition: what follows is said first, a notice stays in its place."""
    number = request.args.get("edition", type=whole)
    review, report = access.report_out_to_run(reference, actor(), number)
    form = forms.RecallForm()
    if form.validate_on_submit():
        by, at, erase = actor(), now(), bool(form.erase.data)
        if attempt(form, lambda: recalling.recall(report, form.why.data or "", number=number, erase=erase, by=by, at=at)):
            flash(gettext("The report is withdrawn. A notice with your reason has been published in its place."), "success")
            return redirect(url_for("reports.run", reference=reference))
        review, report = access.report_out_to_run(reference, actor(), number)
    return render_template("editions/recall.html", form=form, review=review, preview=recalling.preview(report, number))


def _kept(sha256: str, media_type: str, name: str) -> Response:
    """A kept file to keep, sent in pieces."""
    return as_download(fitted.files().opened(sha256), media_type, name)
