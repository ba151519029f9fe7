"""Pages of the accuracy check: started and followed by the bodies of the review, answered by each agency on its own page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from scrutiny.agencies import queries as agencies
from scrutiny.doors import actor, signed_in
from scrutiny.findings import access, accuracy, queries, right_of_reply, service
from scrutiny.findings.forms import CorrectionForm, DecideForm, MoveForm, WaiveForm
from scrutiny.findings.models import Correction
from scrutiny.formats import listed, london_day, plural
from scrutiny.pages import now
from scrutiny.reviews.access import may_run
from scrutiny.reviews.queries import CURRENT
from scrutiny.transaction import attempt, undo, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.lifecycles.finding import CORRECTION
from workflows.refusals import Refused, Stale

blueprint = Blueprint("accuracy", __name__)


@blueprint.route("/reviews/<reference>/accuracy")
@signed_in
def of_review(reference: str) -> ResponseReturnValue:
    """Which agency was shown what, what each corrected and what was made of it; and what would be shown next."""
    by, today = actor(), london_day(now())
    review = access.review_with_checks(reference, by)
    runs = may_run(review, by) and review.state in CURRENT
    plans = [(plan, accuracy.due_for(review, plan.agency, today)) for plan in accuracy.planned(review)] if runs else []
    return render_template(
        "findings/accuracy_of_review.html",
        review=review,
        checks=queries.checks_of_review(review.id),
        plans=plans,
        replies=right_of_reply.replies(review, today),
        replies_in_words=right_of_reply.in_words,
        runs=runs,
        lifecycle=CORRECTION,
        may_decide=bool(CORRECTION.open_to("offered", by)),
    )


@blueprint.route("/reviews/<reference>/accuracy/start", methods=["POST"])
@signed_in
@writes
def start(reference: str) -> ResponseReturnValue:
    """Send each agency its own extracts."""
    by, at = actor(), now()
    review, form = access.review_to_check(reference, by), MoveForm()
    if form.validate_on_submit():
        sent = service.start_accuracy_check(review, by=by, at=at)
        flash(f"{plural(len(sent), 'agency', 'agencies')} can now check the facts.", "success")
        silent = [one.agency.name for one in sent if not agencies.recipients(one.agency, london_day(at))]
        if silent:
            flash(f"No letter could be written to {listed(silent)}: enter an e-mail address, and tell them by other means.")
    return redirect(url_for(".of_review", reference=reference))


@blueprint.route("/reviews/<reference>/accuracy/waive/<int:agency_id>", methods=["GET", "POST"])
@signed_in
@writes
def waive(reference: str, agency_id: int) -> ResponseReturnValue:
    """Go on without an agency's check of the facts: what follows is said first, and the reason is printed."""
    by, at = actor(), now()
    review, reply = access.reply_to_waive(reference, agency_id, by, london_day(at))
    form = WaiveForm()
    if form.validate_on_submit():
        made = attempt(form, lambda: right_of_reply.waive(review, reply.agency, form.reason.data, by=by, at=at))
        if made:
            flash(f"You have decided to go on without {reply.agency.name}. Your reason will be printed in the report.", "success")
            return redirect(url_for(".of_review", reference=reference))
    return render_template("findings/waive.html", review=review, reply=reply, form=form)


@blueprint.route("/reviews/<reference>/corrections/<int:correction_id>", methods=["GET", "POST"])
@signed_in
@writes
def decide(reference: str, correction_id: int) -> ResponseReturnValue:
    """One correction: make it, make it in part or leave the text, with the reason."""
    by = actor()
    correction = access.correction_to_decide(reference, correction_id, by)
    form, theirs = _decide_form(correction), None
    if form and form.validate_on_submit():
        try:
            service.decide_correction(
                correction,
                form.move.data,
                decision=form.decision.data,
                text=form.text.data,
                seen=whole_or_none(form.version.data) or 0,
                by=by,
                at=now(),
            )
            flash("The decision is saved, and the agency is told.", "success")
            return redirect(url_for(".of_review", reference=reference))
        except Stale:
            finding = correction.extract.finding
            theirs = [{"label": "The finding", "theirs": finding.text, "yours": form.text.data}]
            form.version.data = finding.version
        except Refused as refused:
            undo()
            form.form_errors.append(refused.sentence)
    return render_template(
        "findings/decide.html",
        correction=correction,
        review=correction.extract.check.review,
        form=form,
        theirs=theirs,
        lifecycle=CORRECTION,
    )


@blueprint.route("/accuracy/<int:check_id>")
@signed_in
def check(check_id: int) -> ResponseReturnValue:
    """An agency's own extracts, its corrections and what was made of them."""
    found = access.check_to_answer(check_id, actor())
    corrections = sum(len(extract.corrections) for extract in found.extracts)
    return render_template("findings/accuracy.html", check=found, corrections=corrections, lifecycle=CORRECTION)


@blueprint.route("/accuracy/<int:check_id>/<int:extract_id>", methods=["GET", "POST"])
@signed_in
@writes
def correct(check_id: int, extract_id: int) -> ResponseReturnValue:
    """Correct one fact in one extract."""
    by = actor()
    extract = access.extract_to_correct(check_id, extract_id, by)
    form = CorrectionForm()
    if form.validate_on_submit():
        typed = {"words": form.words.data, "correction": form.correction.data, "grounds": form.grounds.data}
        try:
            service.offer_correction(extract, **typed, by=by, at=now())
            flash("Your correction has been sent.", "success")
            return redirect(url_for(".check", check_id=check_id))
        except Refused as refused:
            undo()
            form.form_errors.append(refused.sentence)
    return render_template("findings/correct.html", extract=extract, check=extract.check, form=form)


@blueprint.route("/accuracy/<int:check_id>/finish", methods=["POST"])
@signed_in
@writes
def finish(check_id: int) -> ResponseReturnValue:
    """The agency has finished, with or without corrections."""
    by, form = actor(), MoveForm()
    found = access.check_to_answer(check_id, by)
    if form.validate_on_submit():
        service.finish_accuracy_check(found, by=by, at=now())
        flash("Thank you. The bodies of the review know that you have finished.", "success")
    return redirect(url_for(".check", check_id=check_id))


def _decide_form(correction: Correction) -> DecideForm | None:
    """The moves open to this actor, the finding's text to change; nothing where it has been decided."""
    moves = CORRECTION.open_to(correction.state, actor())
    if not moves:
        return None
    finding = correction.extract.finding
    form = DecideForm(data={"text": finding.text, "version": finding.version})
    form.move.choices = [SelectChoice(value=move.name, label=move.label) for move in moves]
    return form
