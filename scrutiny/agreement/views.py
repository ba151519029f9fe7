"""The page on which a body says whether it agrees with a finding: its words, what every body said of them, what changed since."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.agreement import access, presenters, service, status
from scrutiny.agreement.forms import AgreementForm
from scrutiny.agreement.models import ANSWERS
from scrutiny.bodies.models import Body
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.findings.access import DRAFT_READERS
from scrutiny.findings.models import Finding
from scrutiny.findings.presenters import judgement_of, scale_of
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.snapshots import changes
from scrutiny.transaction import attempt, writes
from workflows.lifecycles.finding import FINDING

blueprint = Blueprint("agreement", __name__)
HERE = "/reviews/<reference>/findings/<int:number>/agreement"


@blueprint.route(HERE, methods=["GET", "POST"])
@signed_in
@writes
def of_finding(reference: str, number: int) -> ResponseReturnValue:
    """What every body says of a finding; a form for whoever speaks for one."""
    by, today = actor(), london_day(now())
    finding = access.finding_to_agree(reference, number, by)
    own = next((body for body in access.bodies_spoken_for(finding, by, today) if body.id == by.body), None)
    return _page(finding, own)


@blueprint.route(f"{HERE}/<int:body_id>", methods=["GET", "POST"])
@signed_in
@writes
def for_another(reference: str, number: int, body_id: int) -> ResponseReturnValue:
    """The body in the lead enters what one that has nobody here has answered in writing."""
    by = actor()
    finding = access.finding_to_agree(reference, number, by)
    return _page(finding, access.body_to_speak_for(finding, body_id, by, london_day(now())))


def _page(finding: Finding, body: Body | None) -> ResponseReturnValue:
    """The page, on which an answer for a body is taken while the finding is proposed."""
    by, at = actor(), now()
    form = AgreementForm(formdata=None) if body is None else AgreementForm()
    own = body is not None and body.id == by.body
    if own:
        del form.name, form.source
    if body is not None and form.validate_on_submit():
        word = _word(form, own=own)
        if attempt(form, lambda: service.say(finding, body, word, by=by, at=at)):
            done = gettext("The answer of %(body)s is saved.", body=body.name)
            flash(f"{done} {queued_now('agreement_answered')}" if word.answer != "agreed" else done, "success")
            return redirect(url_for(".of_finding", reference=finding.review.reference, number=finding.number))
        finding = access.finding_to_agree(finding.review.reference, finding.number, by)
    found = status.status_of(finding)
    form.seen.data = found.digest
    stands = found.of(body.id) if body is not None else None
    others = access.bodies_spoken_for(finding, by, london_day(at))
    return render_template(
        "agreement/of_finding.html",
        review=finding.review,
        finding=finding,
        judgement=judgement_of(finding, finding.review),
        word=scale_of(finding, finding.review).word,
        state=FINDING.states[finding.state],
        agreed=presenters.shown([finding], by).get(finding.id),
        status=found,
        changed=presenters.changes_to_show(stands.before, finding, by, london_day(at)) if stands and stands.before else [],
        stands=stands,
        where_changed=changes.in_words,
        answers=ANSWERS,
        reads=by.has(*DRAFT_READERS),
        form=form if body is not None and finding.state == "proposed" else None,
        body=body,
        absent=[one for one in others if one.id != by.body] if finding.state == "proposed" else [],
    )


def _word(form: AgreementForm, *, own: bool) -> service.Word:
    """What was typed, as the deed takes it."""
    name, source = ("", "") if own else (form.name.data or "", form.source.data or "")
    return service.Word(form.answer.data or "", form.seen.data or "", form.comment.data or "", name, source)
