"""Pages: sign-off and dissent; the report's summary, release and corrections; its files, once released."""

from __future__ import annotations

from datetime import datetime, time

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scrutiny.adapters import fitted
from scrutiny.doors import actor, public, signed_in
from scrutiny.evidence.uploads import receives_files, uploads
from scrutiny.findings import queries as findings
from scrutiny.formats import LONDON, london_day
from scrutiny.pages import as_download, now
from scrutiny.recommendations import queries as recommendations
from scrutiny.reports import access, forms, gather, printing, queries, service, signing
from scrutiny.reports.compose import compose
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import close_review
from scrutiny.transaction import undo, writes
from scrutiny.widgets import Form, SelectChoice
from workflows.refusals import Refused

blueprint = Blueprint("reports", __name__)
HOURS = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 30)]


@blueprint.route("/reviews/<reference>/sign-off", methods=["GET", "POST"])
@signed_in
@writes
def sign_off(reference: str) -> ResponseReturnValue:
    """Who has signed, who has not, what changed since; and the button, which says whom it binds."""
    by = actor()
    review = access.review_to_sign(reference, by)
    form = forms.SignForm()
    wanted = signing.wanted(review)
    mine = next((row for row in wanted if row.body.id == by.body and row.signature is None and by.has(*signing.SIGNERS)), None)
    if mine and form.validate_on_submit() and _signed(form, review, mine.body.id):
        flash(f"You have signed for {mine.body.name}.", "success")
        return redirect(url_for(".sign_off", reference=reference))
    return render_template(
        "reports/sign_off.html",
        review=review,
        wanted=wanted,
        mine=mine,
        form=form,
        rule=signing.rule_of(review),
        rules=signing.RULES,
        blockers=signing.not_ready_to_sign(review),
        findings=findings.of_review(review.id),
        recommendations=recommendations.of_review(review.id),
        dissents=queries.dissents_of(review.id),
        by=by,
        runs=by.body == review.lead.id and by.has(*access.READERS),
        on_paper={row.body.id for row in wanted if not signing.signs_for_itself(row.body, london_day(now()))},
        may_dissent=access.may_dissent(review, by, london_day(now())),
    )


def _may_enter_paper(reference: str, body_id: int) -> None:
    """Whether a signed paper may be looked at at all; there is no such page for anybody else."""
    review, _ = access.report_to_run(reference, actor())
    access.body_to_sign_for(review, body_id)


@blueprint.route("/reviews/<reference>/sign-off/<int:body_id>/paper", methods=["GET", "POST"])
@signed_in
@receives_files(_may_enter_paper, "paper")
@writes
def enter_paper(reference: str, body_id: int) -> ResponseReturnValue:
    """The lead enters a partner's signature from its signed paper."""
    review, _ = access.report_to_run(reference, actor())
    body = access.body_to_sign_for(review, body_id)
    form = forms.PaperForm()
    if form.validate_on_submit():
        form.form_errors += uploads().faults
    if form.is_submitted() and not form.errors:
        try:
            paper = uploads().received[0].sha256
            signing.sign(review, body, office=form.office.data, name=form.name.data, paper=paper, by=actor(), at=now())
            return redirect(url_for(".sign_off", reference=reference))
        except Refused as refused:
            undo()
            form.form_errors.append(refused.sentence)
    return render_template("reports/paper.html", form=form, review=review, body=body)


@blueprint.route("/reviews/<reference>/dissent", methods=["GET", "POST"])
@signed_in
@writes
def dissent(reference: str) -> ResponseReturnValue:
    """Dissent from a finding, or from the report, in one's own words."""
    by = actor()
    review = access.review_to_sign(reference, by)
    settled = [f for f in findings.of_review(review.id) if f.state in ("proposed", "settled")]
    form = forms.DissentForm()
    form.finding.choices = [
        SelectChoice(value=0, label="The report as a whole"),
        *(SelectChoice(value=f.id, label=f"Finding {f.number}: {f.title}") for f in settled),
    ]
    if form.validate_on_submit() and by.body is not None:
        finding = next((f for f in settled if f.id == form.finding.data), None)
        signing.dissent(review, access.body_to_sign_for(review, by.body), text=form.text.data, finding=finding, by=by, at=now())
        return redirect(url_for(".sign_off", reference=reference))
    return render_template("reports/dissent.html", form=form, review=review)


@blueprint.route("/reviews/<reference>/dissent/<int:dissent_id>/take-back", methods=["POST"])
@signed_in
@writes
def take_back_dissent(reference: str, dissent_id: int) -> ResponseReturnValue:
    """Take one's own dissent back before the report."""
    _, row = access.dissent_of_own(reference, dissent_id, actor())
    signing.take_back_dissent(row, by=actor(), at=now())
    return redirect(url_for(".sign_off", reference=reference))


@blueprint.route("/reviews/<reference>/report", methods=["GET", "POST"])
@signed_in
@writes
def run(reference: str) -> ResponseReturnValue:
    """The report being made: its summary, what keeps it back, its release, its editions and reported errors."""
    review, report = access.report_to_run(reference, actor())
    summary = forms.SummaryForm(prefix="summary", summary=report.summary if report else "")
    release = forms.ReleaseForm(prefix="release", hour="09:30")
    release.hour.choices = [SelectChoice(value=hour, label=hour) for hour in HOURS]
    part = request.form.get("part")
    chosen: Form = release if part == "release" else summary
    if request.method == "POST" and chosen.validate_on_submit() and _saved(review, chosen, part == "release"):
        return redirect(url_for(".run", reference=reference))
    blockers = service.blockers(review, report)
    return render_template(
        "reports/run.html",
        review=review,
        report=report,
        summary=summary,
        release=release,
        form=chosen if request.method == "POST" else None,
        blockers=blockers,
        still_open=[r for r in recommendations.of_review(review.id) for a in r.addressees if not a.has_ended],
        errors_reported=queries.errors_reported(report) if report else [],
    )


@blueprint.route("/reviews/<reference>/report/unschedule", methods=["POST"])
@signed_in
@writes
def unschedule(reference: str) -> ResponseReturnValue:
    """Take the report off the schedule."""
    _, report = access.report_to_run(reference, actor())
    if report is None:
        raise Refused("There is no report to take off the schedule")
    service.unschedule(report, by=actor(), at=now())
    return redirect(url_for(".run", reference=reference))


@blueprint.route("/reviews/<reference>/report/preview")
@signed_in
def preview(reference: str) -> ResponseReturnValue:
    """The report as it would be printed now, plainly marked as a draft."""
    review, report = access.report_to_run(reference, actor())
    day = london_day(now())
    gathered = gather.review_values(review, summary=report.summary if report else "", on=day)
    about = {"reference": review.reference, "number": 0, "why": "Draft, not for publication"}
    snapshot = compose(gathered, edition=about, audit=(0, ""), sealed_on=day.isoformat())
    if request.args.get("as") == "pdf":
        printed = printing.print_edition(snapshot, "draft: not sealed", sealed_at=now())
        return _download(printed.pdf, "application/pdf", f"{review.reference}-draft.pdf")
    return render_template("reports/preview.html", review=review, report=snapshot, maps=printing.maps_of(snapshot))


@blueprint.route("/reviews/<reference>/report/correct", methods=["GET", "POST"])
@signed_in
@writes
def correct(reference: str) -> ResponseReturnValue:
    """Begin a corrected edition."""
    review, report = access.report_to_run(reference, actor())
    form = forms.CorrectionForm()
    if report is not None and form.validate_on_submit():
        service.correct(report, form.why.data, by=actor(), at=now())
        return redirect(url_for(".run", reference=reference))
    return render_template("reports/correct.html", form=form, review=review)


@blueprint.route("/reviews/<reference>/report/close", methods=["POST"])
@signed_in
@writes
def close(reference: str) -> ResponseReturnValue:
    """Close a review that has reported, once what was recommended is followed to its end."""
    review, _ = access.report_to_run(reference, actor())
    close_review(review, by=actor(), at=now())
    flash("The review is closed.", "success")
    return redirect(url_for(".run", reference=reference))


@blueprint.route("/reviews/<reference>/report/errors/<int:error_id>", methods=["GET", "POST"])
@signed_in
@writes
def decide_error(reference: str, error_id: int) -> ResponseReturnValue:
    """Decide about an error somebody reported."""
    error = access.error_to_decide(reference, error_id, actor())
    form = forms.DecisionForm()
    form.state.choices = [
        SelectChoice(value="corrected", label="It is wrong, and will be corrected"),
        SelectChoice(value="no_change", label="The report stands as it is"),
    ]
    if error.state == "reported" and form.validate_on_submit():
        service.decide_error(error, form.state.data, form.decision.data, by=actor(), at=now())
        return redirect(url_for(".run", reference=reference))
    return render_template("reports/decide_error.html", form=form, error=error, reference=reference)


@blueprint.route("/reports/<reference>.pdf")
@public
def pdf(reference: str) -> ResponseReturnValue:
    """The PDF of a released edition."""
    edition, file = access.file_released(reference, "pdf", request.args.get("edition", type=int))
    return _kept(file.sha256, "application/pdf", f"{reference}-{edition.number}.pdf")


@blueprint.route("/reports/<reference>/data.json")
@public
def data(reference: str) -> ResponseReturnValue:
    """The sealed snapshot of a released edition: its SHA-256 is the digest the report prints."""
    edition, file = access.file_released(reference, "data", request.args.get("edition", type=int))
    return _kept(file.sha256, "application/json", f"{reference}-{edition.number}.json")


def _signed(form: forms.SignForm, review: Review, body_id: int) -> bool:
    """Sign with what was typed; a refusal becomes the form's error."""
    body = access.body_to_sign_for(review, body_id)
    votes = None
    if form.votes_for.data is not None:
        votes = (form.votes_for.data, form.votes_against.data or 0, form.abstained.data or 0)
    try:
        signing.sign(review, body, office=form.office.data, votes=votes, meeting_on=form.meeting_on.data, by=actor(), at=now())
    except Refused as refused:
        undo()
        form.form_errors.append(refused.sentence)
        return False
    return True


def _saved(review: Review, form: Form, releasing: bool) -> bool:
    """Save the summary, or schedule the release; a refusal becomes the form's error."""
    report = service.begin_report(review)
    try:
        if releasing:
            hour = time.fromisoformat(form.hour.data)
            moment = datetime.combine(form.on.data, hour, tzinfo=LONDON)
            service.schedule_release(report, moment, by=actor(), at=now())
        else:
            service.write_summary(report, form.summary.data, by=actor(), at=now())
    except Refused as refused:
        undo()
        form.form_errors.append(refused.sentence)
        return False
    return True


def _kept(sha256: str, media_type: str, name: str) -> Response:
    """A kept file to keep, sent in pieces."""
    return as_download(fitted.files().opened(sha256), media_type, name)


def _download(content: bytes, media_type: str, name: str) -> Response:
    """A file to keep: never run in the page that offered it."""
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
