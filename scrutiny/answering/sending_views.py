"""Pages for the end of answering: check answers, send them, approve them, and the receipt."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.accounts.queries import names_of
from scrutiny.agencies import queries as agencies
from scrutiny.answering import access, reread
from scrutiny.answering import presenters as pages
from scrutiny.answering import service as answering
from scrutiny.answering.acting import actor
from scrutiny.answering.forms import ApproveForm, CertifyForm, SendForm
from scrutiny.answering.hours_field import hours_of
from scrutiny.answering.queries import UNANSWERED, items_held
from scrutiny.answering.sending import has_changed, hiding_in
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.transaction import attempt, undo, writes
from scrutiny.whole_numbers import whole_or_none
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
    lacking = {item.id: pages.lacking_to_send(item) for item in items if item.state == "answered"}
    ready = [item for item in items if item.state == "answered" and not lacking[item.id]]
    to_certifier = agencies.has_certifier(actor().agency or 0, _today()) and not actor().has(CERTIFIER)
    label = gettext("Send to your approver") if to_certifier else gettext("Send to %(lead)s", lead=found.review.lead.name)
    hiding = {item.id: hiding_in(item) for item in ready}
    taken_back = {item.id: words for item in ready if (words := pages.taken_back(item))}
    ticked = [str(item.id) for item in ready if item.id not in taken_back]
    form = SendForm(pages.words_of(ready), label, hiding, data={"hours": hours_of(found), "items": ticked})
    if form.validate_on_submit():
        chosen = [item for item in ready if str(item.id) in form.items.data]
        try:
            return _send(found, chosen, form)
        except Refused as refused:
            undo()
            form.form_errors.append(refused.sentence)
    return render_template(
        "answering/check.html",
        form=form,
        request_=found,
        to_certifier=to_certifier,
        taken_back=taken_back,
        answers=[saved for item in ready if (saved := pages.prepared(item, _today())) is not None],
        incomplete=[(item, lacking[item.id]) for item in items if lacking.get(item.id)],
        left=[item for item in items if item.state in UNANSWERED],
        waiting=[item for item in items if item.state == "with_certifier"],
    )


def _send(found: EvidenceRequest, chosen: list[Item], form: SendForm) -> ResponseReturnValue:
    """Send answers to the approver or, where there is none, to the requester."""
    answering.look_at(chosen, form.looked.data or [], by=actor(), at=now())
    if not answering.pass_on(found, chosen, hours=form.hours.hours, by=actor(), at=now()):
        flash(approved_words(len(chosen), 0, 0, found.review.lead.name), "success")
        return redirect(url_for("receipts.receipt", request_id=found.id))
    flash(f"{queued_now('certify')} {gettext('Nothing is sent until your approver approves it.')}", "success")
    return redirect(url_for("answering.tasks", request_id=found.id))


@blueprint.route("/answering/<int:request_id>/certify", methods=["GET", "POST"])
@signed_in
@writes
def to_certify(request_id: int) -> ResponseReturnValue:
    """Everything that waits for the approver in full, decided at one press."""
    found = access.request_to_answer(request_id, actor(), _today())
    form = ApproveForm.for_items(_waiting(found))
    if request.method == "POST":
        access.check_approver(actor())
    gone = _decided_but_gone(found)
    form.form_errors += [_waits_no_longer(item) for item, _ in gone]
    if not gone and form.validate_on_submit() and (done := attempt(form, lambda: _decide(found, form))) is not None:
        sent, returned, kept = done
        flash(approved_words(sent, returned, kept, found.review.lead.name), "success")
        if sent and not kept:
            return redirect(url_for("receipts.receipt", request_id=request_id))
        return redirect(url_for(".to_certify", request_id=request_id))
    found = access.request_to_answer(request_id, actor(), _today())
    waiting = _waiting(found)
    return render_template(
        "answering/to_certify.html",
        form=form,
        request_=found,
        rows=[
            (item, saved)
            for item in waiting
            if f"read_{item.id}" in form and (saved := pages.prepared(item, _today())) is not None
        ],
        gone=[(item, why) for item, why in gone if why],
        approvers=names_of(item.approved_by for item in waiting),
        since=reread.reread,
        field_words=reread.field_words,
        certifier=actor().has(CERTIFIER),
    )


def _waiting(found: EvidenceRequest) -> list[Item]:
    """What waits for the approver."""
    return [item for item in items_held(found, actor().agency, _today()) if item.state == "with_certifier"]


def _decided_but_gone(found: EvidenceRequest) -> list[tuple[Item, str]]:
    """What was decided on items that have been taken back meanwhile, with the words: they have no box any more."""
    items = [item for item in items_held(found, actor().agency, _today()) if item.state != "with_certifier"]
    typed = [(item, request.form.get(f"why_{item.id}", "").strip()) for item in items]
    return [(item, why) for item, why in typed if why or f"read_{item.id}" in request.form]


def _waits_no_longer(item: Item) -> str:
    """Why an approver cannot decide on an item, and who took it back."""
    said = gettext("Item %(number)s is not waiting for your approval any more.", number=item.number)
    return f"{said} {pages.taken_back(item)}".strip()


def _decide(found: EvidenceRequest, form: ApproveForm) -> tuple[int, int, int]:
    """Approve and send back; how many were sent, sent back, and approved and held."""
    decided = form.decisions
    sent, returned = answering.decide(found, decided, hold=bool(form.hold.data), by=actor(), at=now())
    held = sum(one.approves and one.item not in sent for one in decided)
    return len(sent), len(returned), held


def approved_words(sent: int, returned: int, held: int, lead: str) -> str:
    """What was done at one press, in sentences."""
    said = []
    if sent:
        said.append(ngettext("%(num)s answer was sent to %(lead)s.", "%(num)s answers were sent to %(lead)s.", sent, lead=lead))
    if held:
        said.append(
            ngettext(
                "%(num)s answer is approved and held until everything is approved.",
                "%(num)s answers are approved and held until everything is approved.",
                held,
            )
        )
    if returned:
        said.append(ngettext("%(num)s answer was sent back.", "%(num)s answers were sent back.", returned))
    return " ".join(said)


@blueprint.route("/answering/items/<int:item_id>/certify", methods=["GET", "POST"])
@signed_in
@writes
def certify(item_id: int) -> ResponseReturnValue:
    """The approver approves one answer, which sends it, or sends it back with a reason."""
    by, at = actor(), now()
    found = access.item_to_certify(item_id, by, london_day(at))
    saved = pages.prepared(found, london_day(at))
    waits = saved is not None and found.state == "with_certifier"
    form = CertifyForm(data={"version": found.version})
    if not waits and request.method == "GET":
        raise Refused(_waits_no_longer(found))
    if not waits:
        form.form_errors.append(_waits_no_longer(found))
    elif form.validate_on_submit() and attempt(form, lambda: _decide_one(found, form)):
        said = (
            gettext("Item %(number)s is approved and sent", number=found.number)
            if form.decision.data == "approve"
            else gettext("Item %(number)s is sent back to the responder", number=found.number)
        )
        flash(said, "success")
        return redirect(url_for(".to_certify", request_id=found.request_id))
    found = access.item_to_certify(item_id, by, london_day(at))
    if has_changed(found, whole_or_none(form.version.data)):
        form.ask_again(found)
    shown = {"form": form, "item": found, "answer": saved, "waits": waits, "since": reread.reread(found) if waits else None}
    return render_template("answering/certify.html", **shown, field_words=reread.field_words), 200 if waits else 409


def _decide_one(found: Item, form: CertifyForm) -> bool:
    """Approve one item or send it back, as it was read."""
    answering.decide(found.request, [form.decision_on(found)], by=actor(), at=now())
    return True
