"""The evidence matrix as a page, as CSV and as a workbook; its filters stay in the address."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from scrutiny.asking import drafting, presenters
from scrutiny.doors import actor, signed_in
from scrutiny.file_reading.tables import write_csv, write_xlsx
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.requests import matrix
from scrutiny.requests.queries import requests_of
from scrutiny.requests.states import SHOWN
from scrutiny.reviews.access import may_change, review_to_read
from scrutiny.reviews.models import Review

blueprint = Blueprint("matrix", __name__)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.route("/reviews/<reference>/matrix")
@signed_in
def page(reference: str) -> ResponseReturnValue:
    """Lines of enquiry and their questions down, agencies across."""
    review, whole, found = _found(reference)
    return render_template(
        "requests/matrix.html",
        review=review,
        whole=whole,
        found=found,
        states=SHOWN,
        unasked=drafting.lines_without_question(review, requests_of(review)) if may_change(review, actor()) else [],
        chosen=presenters.filters(request.args),
        closed=request.args.get("show") == "lines",
        address=request.query_string.decode(),
    )


@blueprint.route("/reviews/<reference>/matrix.csv")
@signed_in
def as_csv(reference: str) -> ResponseReturnValue:
    """The same as CSV, for what the reader may see."""
    _, _, found = _found(reference)
    return _sent(write_csv(*matrix.as_table(found), bom=True), "text/csv; charset=utf-8", f"{reference} matrix.csv")


@blueprint.route("/reviews/<reference>/matrix.xlsx")
@signed_in
def as_xlsx(reference: str) -> ResponseReturnValue:
    """The same as a workbook: the matrix, and one item a row."""
    _, _, found = _found(reference)
    book = write_xlsx({"Matrix": matrix.as_table(found), "Items": matrix.as_items(found)})
    return _sent(book, WORKBOOK, f"{reference} matrix.xlsx")


def _found(reference: str) -> tuple[Review, matrix.Matrix, matrix.Matrix]:
    """The review, its whole matrix, and the part the filters leave."""
    by, today = actor(), london_day(now())
    review = review_to_read(reference, by, today)
    whole = matrix.matrix(review, by, today)
    return review, whole, matrix.filtered(whole, **presenters.filters(request.args))


def _sent(content: bytes, kind: str, name: str) -> Response:
    """A file to keep."""
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
