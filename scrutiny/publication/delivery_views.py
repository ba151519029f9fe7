"""Pages about a notice that reached nobody: why, sending it again, and what was posted or handed over."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence.forms import DeliveredForm
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.formats import day, london_day
from scrutiny.pages import now
from scrutiny.publication import delivering, registering
from scrutiny.publication.models import PublicationNotice, RegisterEntry
from scrutiny.requests import access
from scrutiny.reviews.access import review_to_run
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("notice_delivery", __name__)
REGISTER = "/reviews/<reference>/requests/<slug>/register"
LIST = "/reviews/<reference>/list/<int:notice_id>"


@blueprint.route(f"{REGISTER}/delivery", methods=["GET", "POST"])
@signed_in
@writes
def entry(reference: str, slug: str) -> ResponseReturnValue:
    """Why an agency has not been told of an entry in the register, and that its notice was posted or handed over."""
    found, by, at = _entry(reference, slug), actor(), now()
    form, back = DeliveredForm(on=london_day(at)), url_for("register.manage", reference=reference, slug=slug)
    if entered := form.entered():
        if attempt(form, lambda: delivering.enter_received(found, entered, by=by, at=at)):
            flash(gettext("Delivery recorded. The agency can reply until %(day)s", day=day(found.reply_until)), "success")
            return redirect(back)
        found = _entry(reference, slug)
    return render_template(
        "parts/reception.html",
        form=form,
        agency=found.request.agency.name,
        why="" if found.received_on else delivering.why_not_reached(found),
        back=back,
        back_words=gettext("Register of non-response"),
        again=url_for(".entry_again", reference=reference, slug=slug),
        letters=url_for("worklist.review_letters", reference=reference),
    )


@blueprint.route(f"{REGISTER}/send-again", methods=["POST"])
@signed_in
@writes
def entry_again(reference: str, slug: str) -> ResponseReturnValue:
    """Send the notice again, to the addresses known now."""
    delivering.send_again(_entry(reference, slug), by=actor(), at=now())
    flash(queued_now(delivering.REGISTER), "success")
    return redirect(url_for("register.manage", reference=reference, slug=slug))


@blueprint.route(f"{LIST}/delivery", methods=["GET", "POST"])
@signed_in
@writes
def answers(reference: str, notice_id: int) -> ResponseReturnValue:
    """Why an agency has not been told that answers of its become public, and that the letter was posted or handed over."""
    found, by, at = _notice(reference, notice_id), actor(), now()
    form, back = DeliveredForm(on=london_day(at)), url_for("publication.release_list", reference=reference)
    if entered := form.entered():
        if attempt(form, lambda: delivering.enter_received(found, entered, by=by, at=at)):
            flash(gettext("Delivery recorded. The answers are public from %(day)s", day=day(found.public_on)), "success")
            return redirect(back)
        found = _notice(reference, notice_id)
    return render_template(
        "parts/reception.html",
        form=form,
        agency=found.agency.name,
        why="" if found.received_on else delivering.why_not_reached(found),
        back=back,
        back_words=gettext("List of requests"),
        again=url_for(".answers_again", reference=reference, notice_id=notice_id),
        letters=url_for("worklist.review_letters", reference=reference),
    )


@blueprint.route(f"{LIST}/send-again", methods=["POST"])
@signed_in
@writes
def answers_again(reference: str, notice_id: int) -> ResponseReturnValue:
    """Send the letter again, to the addresses known now."""
    delivering.send_again(_notice(reference, notice_id), by=actor(), at=now())
    flash(queued_now(delivering.ANSWERS), "success")
    return redirect(url_for("publication.release_list", reference=reference))


def _entry(reference: str, slug: str) -> RegisterEntry:
    """The entry of a request, for those who run its review."""
    return registering.entry_of(access.request_to_run(reference, slug, actor())) or abort(404)


def _notice(reference: str, notice_id: int) -> PublicationNotice:
    """A notice about answers of a review, for those who run it."""
    review, found = review_to_run(reference, actor()), delivering.notice(notice_id)
    if found is None or found.request.review_id != review.id:
        abort(404)
    return found
