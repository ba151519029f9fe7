"""Pages about delivery: whom letters go to, the letter to print, what was posted or handed over, and sending again."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.asking import delivering, drafting, letters, service
from scrutiny.asking.forms import ContactForm
from scrutiny.correspondence import incoming
from scrutiny.correspondence.forms import DeliveredForm
from scrutiny.doors import actor, signed_in
from scrutiny.due_dates.calculation import count_from_day
from scrutiny.due_dates.rules import Starts
from scrutiny.formats import london_day, number
from scrutiny.pages import now
from scrutiny.requests import access, contacts, interests
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import OPEN
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("delivery", __name__)
HERE = "/reviews/<reference>/requests/<slug>"


@blueprint.route(f"{HERE}/contact", methods=["GET", "POST"])
@signed_in
@writes
def contact(reference: str, slug: str) -> ResponseReturnValue:
    """Enter or correct whom letters about a request go to; where it was not delivered, the letter is sent again at once."""
    found = access.request_to_run(reference, slug, actor())
    stands, delivery = contacts.contact_of(found), delivering.delivery_of(found)
    failed = delivery is not None and delivery.state == "failed" and found.state == "issued"
    form = ContactForm(name=stands.name if stands else found.agency.name, email=stands.email if stands else found.agency.email)
    form.save.label.text = gettext("Save and send the letter again") if failed else gettext("Save this contact")
    if form.validate_on_submit() and attempt(form, lambda: _enter_contact(found, form, failed)):
        if found.state == "drafted":
            return redirect(url_for("requests.issue", reference=reference))
        return redirect(url_for("asking.one", reference=reference, slug=slug))
    found = access.request_to_run(reference, slug, actor())
    return render_template("requests/contact.html", form=form, found=found, earlier=contacts.contacts_of(found))


def _enter_contact(found: EvidenceRequest, form: ContactForm, failed: bool) -> bool:
    """Enter the contact, send again what was not delivered, and tell the administrator where the officer asks for it."""
    by, at = actor(), now()
    entered = contacts.enter_contact(found, name=form.name.data or "", email=form.email.data or "", by=by, at=at)
    said = gettext("Letters about this request now go to %(email)s.", email=entered.email)
    if failed:
        sent = service.send_again(found, by=by, at=at)
        said = ngettext(
            "Contact saved. %(n)s email queued to %(sent)s.",
            "Contact saved. %(n)s emails queued to %(sent)s.",
            len(sent),
            n=number(len(sent)),
            sent=", ".join(letter.address for letter in sent),
        )
    if form.report.data:
        told = letters.address_reported(found, entered, by=by, at=at)
        said += " " + ngettext(
            "We have told %(n)s administrator that the address of %(agency)s needs correcting.",
            "We have told %(n)s administrators that the address of %(agency)s needs correcting.",
            len(told),
            n=number(len(told)),
            agency=found.agency.name,
        )
    flash(said, "success")
    return True


@blueprint.route(f"{HERE}/send-again", methods=["POST"])
@signed_in
@writes
def send_again(reference: str, slug: str) -> ResponseReturnValue:
    """Send the letter of an undelivered request again, to the addresses known now."""
    sent = service.send_again(access.request_to_run(reference, slug, actor()), by=actor(), at=now())
    flash(
        ngettext(
            "%(n)s email queued to %(sent)s.",
            "%(n)s emails queued to %(sent)s.",
            len(sent),
            n=number(len(sent)),
            sent=", ".join(letter.address for letter in sent),
        ),
        "success",
    )
    return redirect(url_for("asking.one", reference=reference, slug=slug))


@blueprint.route(f"{HERE}/email/<int:mail_id>/dealt-with", methods=["POST"])
@signed_in
@writes
def deal_with_mail(reference: str, slug: str, mail_id: int) -> ResponseReturnValue:
    """Say that an email about a request has been dealt with: it leaves My work."""
    interests.check_request(access.request_to_run(reference, slug, actor()), by=actor(), at=now())
    incoming.deal_with(access.mail_to_deal_with(reference, slug, mail_id, actor()), by=actor(), at=now())
    flash(gettext("Marked as dealt with."), "success")
    return redirect(url_for("asking.one", reference=reference, slug=slug))


@blueprint.route(f"{HERE}/email/<int:mail_id>/did-not-arrive", methods=["POST"])
@signed_in
@writes
def confirm_bounce(reference: str, slug: str, mail_id: int) -> ResponseReturnValue:
    """Take an email at its word that a letter came back: the request is not delivered, unless another letter arrived."""
    row = access.mail_to_deal_with(reference, slug, mail_id, actor())
    interests.check_request(access.request_to_run(reference, slug, actor()), by=actor(), at=now())
    posting_id = incoming.confirm_bounce(row, by=actor(), at=now())
    told = delivering.note_came_back(posting_id, by=actor(), at=now()) if posting_id else 0
    if told:
        flash(
            ngettext(
                "%(n)s request no longer counted as delivered. No date runs until it is.",
                "%(n)s requests no longer counted as delivered. No date runs until it is.",
                told,
                n=number(told),
            ),
            "success",
        )
    else:
        flash(gettext("Recorded that the letter came back. The request still counts as delivered."), "success")
    return redirect(url_for("asking.one", reference=reference, slug=slug))


@blueprint.route(f"{HERE}/guests/<int:person_id>/end", methods=["POST"])
@signed_in
@writes
def end_guest(reference: str, slug: str, person_id: int) -> ResponseReturnValue:
    """End the access of somebody whom the letter let in."""
    contacts.end_guest(access.request_to_run(reference, slug, actor()), person_id, by=actor(), at=now())
    flash(gettext("Access ended."), "success")
    return redirect(url_for("asking.one", reference=reference, slug=slug))


@blueprint.route(f"{HERE}/print")
@signed_in
def print_letter(reference: str, slug: str) -> ResponseReturnValue:
    """The letter on a page of its own, to print and post; dates are counted as if it were posted today."""
    found, at = access.request_to_run(reference, slug, actor()), now()
    today = london_day(at)
    if found.state == "drafted":
        found = drafting.as_if_sent(found, today)
    elif found.delivered_on is None and found.issued_at is not None:
        planned_on, found = london_day(found.issued_at), drafting.copy_of(found)
        count_from_day(found, [item for item in found.items if item.state in OPEN], Starts(today, {}), planned_on)
    shown = letters.previews(found, at=at, public_url=str(current_app.config["SETTINGS"].public_url), on_paper=True)[:1]
    return render_template("requests/print_letter.html", found=found, shown=shown)


@blueprint.route(f"{HERE}/delivered", methods=["GET", "POST"])
@signed_in
@writes
def delivered(reference: str, slug: str) -> ResponseReturnValue:
    """Enter that the request was posted or handed over, on which day and by whom."""
    found = access.request_to_run(reference, slug, actor())
    form = DeliveredForm(how=request.args.get("how", "post"), on=london_day(now()))
    if form.validate_on_submit() and attempt(form, lambda: _delivered(found, form)):
        return redirect(url_for("asking.one", reference=reference, slug=slug))
    found = access.request_to_run(reference, slug, actor())
    return render_template("requests/delivered.html", form=form, found=found)


def _delivered(found: EvidenceRequest, form: DeliveredForm) -> object:
    """Enter it, and say what is counted from it."""
    assert form.on.data is not None  # InputRequired
    entered = service.enter_delivery(found, how=form.how.data, on=form.on.data, words=form.words.data or "", by=actor(), at=now())
    dated = sum(item.due_on is not None for item in found.items)
    flash(
        ngettext(
            "Delivery recorded. %(n)s due date counted from that day.",
            "Delivery recorded. %(n)s due dates counted from that day.",
            dated,
            n=number(dated),
        ),
        "success",
    )
    return entered
