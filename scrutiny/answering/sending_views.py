"""Pages for the end of answering: check answers, send them, certify them, and the receipt."""

from __future__ import annotations

import io
from datetime import date

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from scrutiny.adapters import fitted
from scrutiny.agencies import queries as agencies
from scrutiny.answering import access
from scrutiny.answering import presenters as pages
from scrutiny.answering import service as answering
from scrutiny.answering.acting import actor
from scrutiny.answering.forms import CertifyForm, SendForm
from scrutiny.answering.queries import UNANSWERED, draft_of, items_held
from scrutiny.doors import signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.transaction import undo, writes
from workflows.refusals import Refused
from workflows.roles import CERTIFIER

blueprint = Blueprint("answering_sending", __name__)


def _today() -> date:
    """Today in London."""
    return london_day(now())


@blueprint.route("/answering/<int:request_id>/check", methods=["GET", "POST"])
@signed_in
@writes
def check(request_id: int) -> ResponseReturnValue:
    """Check answers, say how many hours they took, and send them on."""
    found = access.request_to_answer(request_id, actor(), _today())
    items = items_held(found, actor().agency, _today())
    ready = [item for item in items if item.state == "answered"]
    to_certifier = agencies.has_certifier(actor().agency or 0, _today()) and not actor().has(CERTIFIER)
    label = "Send to your certifier" if to_certifier else f"Send to {found.review.lead.name}"
    form = SendForm(pages.words_of(ready), label, data={"hours": found.hours_spent})
    if form.validate_on_submit():
        chosen = [item for item in ready if str(item.id) in form.items.data]
        try:
            return _send(found, chosen, form, to_certifier=to_certifier)
        except Refused as refused:
            undo()
            form.form_errors.append(refused.sentence)
    drafts = [draft for item in ready if (draft := draft_of(item)) is not None]
    return render_template(
        "answering/check.html",
        form=form,
        request_=found,
        to_certifier=to_certifier,
        answers=[pages.shown(draft) for draft in drafts],
        left=[item for item in items if item.state in UNANSWERED],
        waiting=[item for item in items if item.state == "with_certifier"],
    )


def _send(found: EvidenceRequest, chosen: list[Item], form: SendForm, *, to_certifier: bool) -> ResponseReturnValue:
    """Send answers to the certifier or, where there is none, to the asker."""
    by, at = actor(), now()
    hours = float(form.hours.data) if form.hours.data is not None else None
    if not to_certifier:
        answering.submit_request(found, chosen, hours=hours, by=by, at=at)
        return redirect(url_for(".receipt", request_id=found.id))
    answering.send_to_certifier(chosen, hours=hours, by=by, at=at)
    flash("Your certifier has been told. Nothing is sent until they approve it", "success")
    return redirect(url_for("answering.tasks", request_id=found.id))


@blueprint.get("/answering/<int:request_id>/certify")
@signed_in
def to_certify(request_id: int) -> ResponseReturnValue:
    """The answers that wait for the certifier."""
    found = access.request_to_answer(request_id, actor(), _today())
    waiting = [item for item in items_held(found, actor().agency, _today()) if item.state == "with_certifier"]
    return render_template("answering/to_certify.html", request_=found, items=waiting, certifier=actor().has(CERTIFIER))


@blueprint.route("/answering/items/<int:item_id>/certify", methods=["GET", "POST"])
@signed_in
@writes
def certify(item_id: int) -> ResponseReturnValue:
    """The certifier approves one answer, which sends it, or sends it back with a reason."""
    by, at = actor(), now()
    found = access.item_to_certify(item_id, by, london_day(at))
    draft = draft_of(found)
    if draft is None or found.state != "with_certifier":
        raise Refused(f"Item {found.number} is not waiting for your approval any more")
    form = CertifyForm()
    if form.validate_on_submit():
        if form.decision.data == "approve":
            answering.submit_item(found, by=by, at=at)
            flash(f"Item {found.number} is approved and sent", "success")
        else:
            answering.send_back(found, form.why.data, by=by, at=at)
            flash(f"Item {found.number} is sent back to the responder", "success")
        return redirect(url_for(".to_certify", request_id=found.request_id))
    return render_template("answering/certify.html", form=form, item=found, answer=pages.shown(draft))


@blueprint.get("/answering/<int:request_id>/receipt")
@signed_in
def receipt(request_id: int) -> ResponseReturnValue:
    """Everything this agency has sent in answer to a request."""
    found = access.request_to_answer(request_id, actor(), _today())
    page = pages.receipt_of(found, actor(), _today())
    return render_template("answering/receipt.html", receipt=page, request_=found)


@blueprint.get("/answering/<int:request_id>/receipt.pdf")
@signed_in
def receipt_pdf(request_id: int) -> ResponseReturnValue:
    """The receipt as a PDF to keep; the same receipt gives the same bytes."""
    found = access.request_to_answer(request_id, actor(), _today())
    receipt = pages.receipt_of(found, actor(), _today())
    if receipt.last_at is None:
        raise Refused("Nothing has been sent yet, so there is no receipt to print")
    html = render_template("print/receipt.html", receipt=receipt)
    printed = fitted.printer().print_html(html, created=receipt.last_at)
    name = f"receipt-{receipt.reference.replace('/', '-')}.pdf"
    return send_file(io.BytesIO(printed.pdf), "application/pdf", as_attachment=True, download_name=name)
