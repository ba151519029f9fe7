"""The receipt of what an agency sent in answer to a request: a page, and a PDF to keep."""

from __future__ import annotations

import io

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.adapters import fitted
from scrutiny.agency_record.receipts import receipt_of
from scrutiny.answering import access
from scrutiny.answering.acting import actor
from scrutiny.doors import signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from workflows.refusals import Refused

blueprint = Blueprint("receipts", __name__)


@blueprint.get("/answering/<int:request_id>/receipt")
@signed_in
def receipt(request_id: int) -> ResponseReturnValue:
    """Everything this agency has sent in answer to a request."""
    found = access.request_to_answer(request_id, actor(), london_day(now()))
    page = receipt_of(found, actor(), london_day(now()))
    return render_template("agency_record/receipt.html", receipt=page, request_=found)


@blueprint.get("/answering/<int:request_id>/receipt.pdf")
@signed_in
def receipt_pdf(request_id: int) -> ResponseReturnValue:
    """The receipt as a PDF to keep; it says when it was printed."""
    found = access.request_to_answer(request_id, actor(), london_day(now()))
    receipt = receipt_of(found, actor(), london_day(now()))
    if receipt.last_at is None:
        raise Refused(gettext("Nothing has been sent yet, so there is no receipt to print"))
    html = render_template("print/receipt.html", receipt=receipt, printed_at=now())
    printed = fitted.printer().print_html(html, created=receipt.last_at)
    name = f"receipt-{receipt.reference.replace('/', '-')}.pdf"
    return send_file(io.BytesIO(printed.pdf), "application/pdf", as_attachment=True, download_name=name)
