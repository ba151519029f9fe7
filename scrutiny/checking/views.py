"""Pages of an agency that checks facts: its own extracts, a correction, its approver's decision."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.accounts.queries import people_named
from scrutiny.agencies import queries as agencies
from scrutiny.checking import service
from scrutiny.checking.forms import CorrectionForm, SendBackForm
from scrutiny.correspondence.queued import queued_now
from scrutiny.correspondence.reception import Entered
from scrutiny.doors import actor, signed_in
from scrutiny.findings import access, accuracy, delivering
from scrutiny.findings.forms import MoveForm
from scrutiny.findings.models import AccuracyCheck
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.transaction import attempt, run, undo, writes
from workflows.lifecycles.finding import CORRECTION
from workflows.refusals import Refused
from workflows.roles import CERTIFIER

blueprint = Blueprint("checking", __name__)


@blueprint.route("/accuracy/<int:check_id>")
@signed_in
def check(check_id: int) -> ResponseReturnValue:
    """An agency's own extracts, its corrections and what was made of them."""
    by, at = access.as_checker(check_id, actor()), now()
    found = access.check_to_answer(check_id, by)
    if found.received_on is None:
        # A GET has no transaction of its own; from now on the agency has its extracts, whatever became of the letter.
        run(lambda: delivering.receive(found, Entered("opened", london_day(at)), by=by, at=at))
    return _page(found, SendBackForm())


def _page(found: AccuracyCheck, form: SendBackForm) -> ResponseReturnValue:
    """The page of a check, for whoever of the agency looks at it."""
    by, at = access.as_checker(found.id, actor()), now()
    ids = [int(one.removeprefix("person:")) for one in (found.passed_by, found.approved_by) if one.startswith("person:")]
    return render_template(
        "checking/check.html",
        check=found,
        seen=service.as_seen(found),
        form=form,
        corrections=sum(len(extract.corrections) for extract in found.extracts),
        lifecycle=CORRECTION,
        names={f"person:{key}": name for key, name in people_named(ids).items()},
        certified=agencies.has_certifier(found.answerer, london_day(at)),
        approves=by.has(CERTIFIER),
    )


@blueprint.route("/accuracy/<int:check_id>/<int:extract_id>", methods=["GET", "POST"])
@signed_in
@writes
def correct(check_id: int, extract_id: int) -> ResponseReturnValue:
    """Correct one fact in one extract."""
    by = access.as_checker(check_id, actor())
    extract = access.extract_to_correct(check_id, extract_id, by)
    form = CorrectionForm()
    if form.validate_on_submit():
        typed = {"words": form.words.data, "correction": form.correction.data, "grounds": form.grounds.data}
        try:
            offered = accuracy.offer_correction(extract, **typed, by=by, at=now())
        except Refused as refused:
            undo()
            form.form_errors.append(refused.sentence)
        else:
            sent = offered.state == "offered"
            flash(gettext("Your correction has been sent.") if sent else gettext("Your correction is saved, and not sent yet."))
            return redirect(url_for(".check", check_id=check_id))
    certified = agencies.has_certifier(extract.check.answerer, london_day(now()))
    return render_template("checking/correct.html", extract=extract, check=extract.check, form=form, certified=certified)


@blueprint.route("/accuracy/<int:check_id>/finish", methods=["POST"])
@signed_in
@writes
def finish(check_id: int) -> ResponseReturnValue:
    """The agency has finished, with or without corrections: its approver approves that, where it has one."""
    by, form = access.as_checker(check_id, actor()), MoveForm()
    found = access.check_to_answer(check_id, by)
    if form.validate_on_submit():
        service.check_seen(found, request.form.get("seen", ""))
        if service.finish(found, by=by, at=now()):
            said = gettext("Thank you. %(lead)s can see that you have finished.", lead=found.review.lead.name)
            flash(f"{said} {queued_now('accuracy_check_answered')}", "success")
        else:
            said = gettext("Nothing is sent until your approver approves it.")
            flash(f"{queued_now('check_to_approve')} {said}", "success")
    return redirect(url_for(".check", check_id=check_id))


@blueprint.route("/accuracy/<int:check_id>/take-back", methods=["POST"])
@signed_in
@writes
def take_back(check_id: int) -> ResponseReturnValue:
    """Take back what waits for the approver."""
    by, form = access.as_checker(check_id, actor()), MoveForm()
    found = access.check_to_answer(check_id, by)
    if form.validate_on_submit():
        service.take_back(found, by=by, at=now())
        flash(gettext("You have withdrawn this. You can change it and pass it on again."), "success")
    return redirect(url_for(".check", check_id=check_id))


@blueprint.route("/accuracy/<int:check_id>/send-back", methods=["POST"])
@signed_in
@writes
def send_back(check_id: int) -> ResponseReturnValue:
    """The approver sends it back, with the reason."""
    by, form = access.as_checker(check_id, actor()), SendBackForm()
    found = access.check_to_answer(check_id, by)
    if not by.has(CERTIFIER):
        abort(403)
    if form.validate_on_submit() and attempt(form, lambda: _sent_back(found, form)):
        flash(f"{gettext('You have sent this back.')} {queued_now('check_sent_back')}", "success")
        return redirect(url_for(".check", check_id=check_id))
    return _page(access.check_to_answer(check_id, by), form)


def _sent_back(found: AccuracyCheck, form: SendBackForm) -> bool:
    """Send it back."""
    service.send_back(found, form.why.data or "", by=access.as_checker(found.id, actor()), at=now())
    return True


@blueprint.route("/accuracy/<int:check_id>/corrections/<int:correction_id>/take-out", methods=["POST"])
@signed_in
@writes
def take_out(check_id: int, correction_id: int) -> ResponseReturnValue:
    """Take out a correction that was not sent."""
    by, form = access.as_checker(check_id, actor()), MoveForm()
    found = access.check_to_answer(check_id, by)
    mine = [one for extract in found.extracts for one in extract.corrections if one.id == correction_id]
    if not mine:
        abort(404)
    if form.validate_on_submit():
        service.take_out(mine[0], by=by, at=now())
        flash(gettext("The correction is deleted. Nothing was sent."), "success")
    return redirect(url_for(".check", check_id=check_id))
