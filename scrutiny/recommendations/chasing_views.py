"""Pages to chase what is late of a recommendation: a reminder, and the letter of the chair."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.recommendations import access, chasing
from scrutiny.recommendations.chasing_letters import CHAIRS, CHASED, TO_ESCALATE, LateLetter, previews
from scrutiny.requests.forms import WordsForm
from scrutiny.transaction import attempt, writes
from workflows.lifecycles.escalation import SIGNERS

blueprint = Blueprint("recommendation_chasing", __name__)
HERE = "/recommendations/<int:addressee_id>"


@blueprint.route(f"{HERE}/chase", methods=["GET", "POST"])
@signed_in
@writes
def chase(addressee_id: int) -> ResponseReturnValue:
    """The reminder as it will go; one press sends it."""
    return _letter(addressee_id, CHASED, CHASED)


@blueprint.route(f"{HERE}/chairs-letter", methods=["GET", "POST"])
@signed_in
@writes
def chairs_letter(addressee_id: int) -> ResponseReturnValue:
    """The chair's letter as it will go: a chair sends it, anybody else who runs the review asks for it."""
    return _letter(addressee_id, CHAIRS, CHAIRS if actor().has(*SIGNERS) else TO_ESCALATE)


def _letter(addressee_id: int, shown_as: str, kind: str) -> ResponseReturnValue:
    """Show a letter, and send it or ask for it."""
    by, at, form = actor(), now(), WordsForm()
    addressee = access.addressee_to_deliver(addressee_id, by)
    late, barred = chasing.late_of(addressee, london_day(at)), chasing.why_not(addressee, kind, london_day(at))
    if form.validate_on_submit() and not form.preview.data:
        asks = kind == TO_ESCALATE
        words = form.words

        def send() -> bool:
            if asks:
                chasing.ask_chair(addressee, by=by, at=at)
            else:
                chasing.chase(addressee, kind, by=by, at=at, words=words)
            return True

        if attempt(form, send):
            flash(queued_now(kind), "success")
            return redirect(url_for("recommendations.check", addressee_id=addressee_id))
        addressee = access.addressee_to_deliver(addressee_id, by)
    public_url = str(current_app.config["SETTINGS"].public_url)
    letter = LateLetter(addressee, late.progress, late.since, form.words, by) if late else None
    return render_template(
        "recommendations/chase.html",
        addressee=addressee,
        form=form,
        kind=kind,
        barred=barred,
        letters=previews(shown_as, letter, at=at, public_url=public_url) if letter and not barred else [],
        went=chasing.written(addressee, CHASED, CHAIRS, TO_ESCALATE),
    )
