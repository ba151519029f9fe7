"""Pages: writing the recommendations of a review; answering them; following them until they are done."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import SelectChoice

from scrutiny.approving.service import needs_approver
from scrutiny.correspondence.queued import queued_now
from scrutiny.correspondence.reception import Entered
from scrutiny.doors import actor, signed_in
from scrutiny.findings import queries as findings
from scrutiny.formats import full_stop, london_day
from scrutiny.pages import now, today
from scrutiny.recommendations import access, approvals, chasing, delivering, erasing, outcomes, queries, service
from scrutiny.recommendations.forms import MoveForm, ProgressForm, RecommendationForm, ResponseForm, SettleForm
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.requests import queries as requests
from scrutiny.reviews.access import may_run
from scrutiny.reviews.models import Review
from scrutiny.transaction import attempt, run, undo, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.lifecycles.recommendation import CORRECTED, RECOMMENDATION, RESPONSE, WRITERS
from workflows.refusals import Refused, Stale
from workflows.roles import Actor

blueprint = Blueprint("recommendations", __name__)


@blueprint.route("/reviews/<reference>/recommendations")
@signed_in
def of_review(reference: str) -> ResponseReturnValue:
    """The recommendations of a review, with what may be done to each."""
    by = actor()
    review, found = access.review_with_recommendations(reference, by)
    return render_template(
        "recommendations/of_review.html",
        review=review,
        recommendations=found,
        lifecycle=RECOMMENDATION,
        lacking={row.id: service.lacking(row, today()) for row in found if row.state == "drafted"},
        records={row.id: outcomes.record_of(row, today()) for row in queries.made(review_id=review.id)},
        outcomes=outcomes,
        by=by,
        move_form=MoveForm(),
        writes=by.has(*WRITERS),
    )


@blueprint.route("/reviews/<reference>/recommendations/new", methods=["GET", "POST"])
@signed_in
@writes
def draft(reference: str) -> ResponseReturnValue:
    """Draft a recommendation."""
    review = access.review_to_recommend_in(reference, actor())
    form = _offer(RecommendationForm(), review)
    if form.validate_on_submit() and _saved(form, review, None):
        return redirect(url_for(".of_review", reference=reference))
    return render_template("recommendations/edit.html", form=form, review=review, recommendation=None)


@blueprint.route("/reviews/<reference>/recommendations/<int:number>", methods=["GET", "POST"])
@signed_in
@writes
def edit(reference: str, number: int) -> ResponseReturnValue:
    """Change a recommendation; when somebody else has saved first, both versions are shown."""
    recommendation = access.recommendation_to_write(reference, number, actor())
    review = recommendation.review
    form = _offer(RecommendationForm(**_as_kept(recommendation)), review)
    theirs = None
    if form.validate_on_submit():
        try:
            if _saved(form, review, recommendation):
                return redirect(url_for(".of_review", reference=reference))
        except Stale:
            theirs = _rows(form, recommendation)
            form.version.data = recommendation.version
    return render_template("recommendations/edit.html", form=form, review=review, recommendation=recommendation, theirs=theirs)


@blueprint.route("/reviews/<reference>/recommendations/<int:number>/move", methods=["POST"])
@signed_in
@writes
def move(reference: str, number: int) -> ResponseReturnValue:
    """Propose, take back or withdraw a recommendation."""
    recommendation = access.recommendation_to_write(reference, number, actor())
    form = MoveForm()
    if form.validate_on_submit() and form.move.data in ("propose", "take_back", "withdraw"):
        service.move_recommendation(recommendation, form.move.data, by=actor(), at=now())
    return redirect(url_for(".of_review", reference=reference))


@blueprint.route("/recommendations/<int:addressee_id>", methods=["GET", "POST"])
@signed_in
@writes
def answer(addressee_id: int) -> ResponseReturnValue:
    """An agency reads what was recommended to it, and responds."""
    by = access.as_addressee(addressee_id, actor())
    addressee = access.addressee_to_answer(addressee_id, by)
    if addressee.received_on is None:
        # From now on the agency has it, whatever became of the letter. A GET has no transaction of its own.
        receive = partial(delivering.receive, addressee, Entered("opened", today()), by=by, at=now())
        run(receive) if request.method == "GET" else receive()
    moves = [m for m in RESPONSE.open_to(addressee.state, by) if m.name != "say_done"]
    draft = approvals.open_one(service.RESPONSE_DEED, addressee, by)
    form = ResponseForm(data=approvals.kept_response(draft, moves))
    form.move.choices = [SelectChoice(value=m.name, label=m.label) for m in moves]
    _label(form, addressee, by)
    if form.validate_on_submit() and (sent := attempt(form, lambda: _responded(form, addressee_id, by))) is not None:
        flash(
            gettext("Your response has been sent and will be published with the recommendation.") if sent else _passed_on(),
            "success",
        )
        return redirect(url_for(".answer", addressee_id=addressee_id))
    addressee = access.addressee_to_answer(addressee_id, by)
    return render_template(
        "recommendations/answer.html",
        addressee=addressee,
        form=form if moves else None,
        record=outcomes.record_of(addressee, today()),
        outcomes=outcomes,
        corrects=any(m.event.startswith(CORRECTED) for m in moves),
        draft=draft,
        progress=approvals.open_one(service.PROGRESS, addressee, by),
        approved=approvals.approved(addressee, by),
        erases=bool(erasing.erasable(addressee, by)),
    )


def _responded(form: ResponseForm, addressee_id: int, by: Actor) -> bool:
    """Send a response, or pass it on; whether it was sent."""
    addressee = access.addressee_to_answer(addressee_id, by)
    return approvals.send_response(addressee, form.move.data, response=form.response.data or "", by=by, at=now())


def _label(form: ResponseForm | ProgressForm, addressee: Addressee, by: Actor) -> None:
    """Let the button say where it sends what was written."""
    if needs_approver(addressee.answerer, by=by, at=now()):
        form.save.label.text = gettext("Send to your approver")


def _passed_on() -> str:
    """What was done with what waits for the approver now."""
    return f"{queued_now('approval_wanted')} {gettext('Nothing is sent until your approver approves it.')}"


@blueprint.route("/recommendations/<int:addressee_id>/progress", methods=["GET", "POST"])
@signed_in
@writes
def progress(addressee_id: int) -> ResponseReturnValue:
    """An agency says how it is going."""
    by = access.as_addressee(addressee_id, actor())
    addressee = access.addressee_to_answer(addressee_id, by)
    draft = approvals.open_one(service.PROGRESS, addressee, by)
    form = ProgressForm(data=approvals.kept_progress(draft))
    form.status.choices = [SelectChoice(value=key, label=label) for key, label in outcomes.STATUSES.items()]
    _label(form, addressee, by)
    if form.validate_on_submit() and (sent := attempt(form, lambda: _reported(form, addressee_id, by))) is not None:
        flash(gettext("Your progress return has been sent.") if sent else _passed_on(), "success")
        return redirect(url_for(".answer", addressee_id=addressee_id))
    addressee = access.addressee_to_answer(addressee_id, by)
    return render_template("recommendations/progress.html", addressee=addressee, form=form, draft=draft)


def _reported(form: ProgressForm, addressee_id: int, by: Actor) -> bool:
    """Send how it is going, or pass it on; whether it was sent."""
    addressee = access.addressee_to_answer(addressee_id, by)
    said = approvals.Progress(form.status.data, form.text.data or "", form.new_date.data)
    return approvals.send_progress(addressee, said, by=by, at=now())


@blueprint.route("/recommendations/<int:addressee_id>/check", methods=["GET", "POST"])
@signed_in
@writes
def check(addressee_id: int) -> ResponseReturnValue:
    """The bodies of the review follow a response, and close it when it is done."""
    by = actor()
    addressee = access.addressee_to_follow(addressee_id, by)
    moves = [move for move in RESPONSE.open_to(addressee.state, by) if move.name != "reopen_in_part"]
    form = _offer_check(SettleForm(), addressee)
    form.move.choices = [SelectChoice(value=m.name, label=m.label) for m in moves]
    if moves and form.validate_on_submit() and _settled(form, addressee, by):
        return redirect(url_for(".check", addressee_id=addressee_id))
    return render_template(
        "recommendations/check.html",
        addressee=addressee,
        form=form if moves else None,
        record=outcomes.record_of(addressee, today()),
        outcomes=outcomes,
        runs=may_run(addressee.recommendation.review, by),
        late=chasing.late_of(addressee, today()),
        erases=bool(erasing.erasable(addressee, by)),
    )


def _offer_check(form: SettleForm, addressee: Addressee) -> SettleForm:
    """What may be pointed to: published evidence of the review, and published recommendations that may replace this one."""
    none = SelectChoice(value=0, label=gettext("None"))
    evidence = service.public_evidence(addressee.recommendation.review, london_day(now()))
    shown = [SelectChoice(value=row.id, label=f"{row.evidence.agency.name}: {row.evidence.title}") for row in evidence]
    newer = [
        SelectChoice(value=row.id, label=f"{row.review.reference}, {row.number}: {row.text[:90]}")
        for row in queries.replacing(addressee)
    ]
    form.lodging.choices, form.replaced_by.choices = [none, *shown], [none, *newer]
    return form


def _settled(form: SettleForm, addressee: Addressee, by: Actor) -> bool:
    """Enter what the body decided; what the rules refuse becomes the form's error and nothing is lost."""
    evidence = {row.id: row for row in service.public_evidence(addressee.recommendation.review, london_day(now()))}
    new = {row.id: row for row in queries.replacing(addressee)}
    check = service.Check(
        why=form.why.data or "",
        evidence=form.evidence.data or "",
        lodging=evidence.get(form.lodging.data or 0),
        replaced_by=new.get(form.replaced_by.data or 0),
    )
    try:
        service.settle_response(addressee, form.move.data, check, by=by, at=now())
    except Refused as refused:
        undo()
        form.form_errors.append(refused.sentence)
        return False
    told = queued_now("response_settled", "recommendation_alert")
    flash(
        gettext("Saved and published: %(word)s. %(emails)s", word=outcomes.response(addressee, today()).word, emails=told),
        "success",
    )
    return True


def _offer(form: RecommendationForm, review: Review) -> RecommendationForm:
    """The agencies asked in this review, and its findings, as choices."""
    none = SelectChoice(value=0, label=gettext("Not chosen yet"))
    form.agency.choices = [none, *(SelectChoice(value=a.id, label=a.name) for a in requests.agencies_of(review.id))]
    form.findings.choices = [SelectChoice(value=f.number, label=f"{f.number}. {f.title}") for f in findings.of_review(review.id)]
    return form


def _saved(form: RecommendationForm, review: Review, recommendation: Recommendation | None) -> bool:
    """Save what was typed; what the rules refuse becomes the form's error and nothing is lost."""
    agency = next((a for a in requests.agencies_of(review.id) if a.id == form.agency.data), None)
    typed: dict[str, Any] = {
        "text": form.text.data or "",
        "measure": form.measure.data or "",
        "done_by": form.done_by.data,
        "agency": agency,
        "findings": service.findings_chosen(review, form.findings.data or []),
        "by": actor(),
        "at": now(),
    }
    try:
        if recommendation is None:
            recommendation = service.draft_recommendation(review, **typed)
        else:
            service.revise_recommendation(recommendation, seen=whole_or_none(form.version.data) or 0, **typed)
    except Stale:
        raise
    except Refused as refused:
        undo()
        form.form_errors.append(refused.sentence)
        return False
    if left := service.lacking(recommendation, today()):
        said = " ".join(full_stop(one) for one in left)
        number = recommendation.number
        flash(gettext("Recommendation %(number)s is saved. Before you propose it: %(what)s", number=number, what=said))
    return True


def _as_kept(recommendation: Recommendation) -> dict[str, Any]:
    """A recommendation as the form holds it."""
    return {
        "text": recommendation.text,
        "measure": recommendation.measure,
        "done_by": recommendation.done_by,
        "agency": recommendation.addressees[0].agency_id if recommendation.addressees else 0,
        "findings": [f.number for f in recommendation.findings],
        "version": recommendation.version,
    }


def _rows(form: RecommendationForm, kept: Recommendation) -> list[dict[str, object]]:
    """Both versions, side by side."""
    return [
        {"label": gettext("What should be done"), "theirs": kept.text, "yours": form.text.data},
        {"label": gettext("By when"), "theirs": kept.done_by, "yours": form.done_by.data},
        {"label": gettext("How it will be measured"), "theirs": kept.measure, "yours": form.measure.data},
    ]
