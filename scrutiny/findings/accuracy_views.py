"""Pages of the accuracy check for the bodies of the review: started, followed, its corrections decided."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from wtforms import SelectChoice

from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.findings import access, accuracy, delivering, queries, right_of_reply, service
from scrutiny.findings.forms import DecideForm, MoveForm, WaiveForm
from scrutiny.findings.models import Correction
from scrutiny.formats import london_day, number
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
    plans = [(plan, delivering.due_for(review, plan.agency, today)) for plan in accuracy.planned(review)] if runs else []
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
        flash(
            ngettext(
                "Accuracy check started for %(n)s agency. %(queued_now)s",
                "Accuracy check started for %(n)s agencies. %(queued_now)s",
                len(sent),
                n=number(len(sent)),
                queued_now=queued_now("accuracy_check"),
            ),
            "success",
        )
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
            flash(
                gettext(
                    "You have decided to go on without %(agency)s. Your reason will be printed in the report.",
                    agency=reply.agency.name,
                ),
                "success",
            )
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
                words_stay=form.words_stay.data or "",
                seen=whole_or_none(form.version.data) or 0,
                by=by,
                at=now(),
            )
            flash(gettext("The decision is saved. %(queued_now)s", queued_now=queued_now("correction_decided")), "success")
            return redirect(url_for(".of_review", reference=reference))
        except Stale:
            finding = correction.extract.finding
            theirs = [{"label": gettext("The finding"), "theirs": finding.text, "yours": form.text.data}]
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


def _decide_form(correction: Correction) -> DecideForm | None:
    """The moves open to this actor, the finding's text to change; nothing where it has been decided."""
    moves = CORRECTION.open_to(correction.state, actor())
    if not moves:
        return None
    finding = correction.extract.finding
    form = DecideForm(data={"text": finding.text, "version": finding.version})
    form.move.choices = [SelectChoice(value=move.name, label=move.label) for move in moves]
    return form
