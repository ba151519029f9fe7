"""Pages: the report's summary, its release, the draft to be read, corrections."""

from __future__ import annotations

from datetime import date, datetime, time

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.adapters.word import MEDIA_TYPE
from scrutiny.bodies import queries as bodies
from scrutiny.doors import actor, signed_in
from scrutiny.editions import access as editions
from scrutiny.editions.models import Report
from scrutiny.editions.queries import released_edition
from scrutiny.formats import LONDON, london_day
from scrutiny.pages import now
from scrutiny.recommendations import queries as recommendations
from scrutiny.reports import access, forms, gather_review, planned_release, queries, readiness, service
from scrutiny.requests import queries as requests
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import close_review
from scrutiny.snapshots import presenters, printing
from scrutiny.snapshots.word import word_of
from scrutiny.transaction import undo, writes
from scrutiny.widgets import SelectChoice
from workflows.refusals import Refused

blueprint = Blueprint("reports", __name__)
HOURS = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 30)]


@blueprint.route("/reviews/<reference>/report", methods=["GET", "POST"])
@signed_in
@writes
def run(reference: str) -> ResponseReturnValue:
    """The report being made: its summary, what keeps it back, its release, its editions and reported errors."""
    review, report = editions.report_to_run(reference, actor())
    today = london_day(now())
    form = forms.ReportForm(data={"summary": report.summary if report else "", "hour": "09:30"})
    form.hour.choices = [SelectChoice(value=hour, label=hour) for hour in HOURS]
    cautions = readiness.cautions(review, on=form.on.data or today)
    seen = queries.acknowledged(review.id)
    form.seen.choices = [SelectChoice(value=row.key, label=row.words) for row in cautions if row.key not in seen]
    if form.validate_on_submit() and _saved(review, form):
        return redirect(url_for(".run", reference=reference))
    # A refusal has undone what was read with it: the records are read again.
    review, report = editions.report_to_run(reference, actor())
    return render_template(
        "reports/run.html",
        review=review,
        report=report,
        form=form,
        blockers=readiness.blockers(review, report, on=today),
        planned=planned_release.planned(review),
        off_plan=_off_plan(review, report),
        cautions=cautions,
        seen=seen,
        dissents=queries.dissents_of(review.id),
        told=_told(review, today),
        out=released_edition(report) if report else None,
        still_open=[r for r in recommendations.of_review(review.id) for a in r.addressees if not a.has_ended],
        errors_reported=queries.errors_reported(report) if report else [],
    )


@blueprint.route("/reviews/<reference>/report/unschedule", methods=["POST"])
@signed_in
@writes
def unschedule(reference: str) -> ResponseReturnValue:
    """Take the report off the schedule."""
    _, report = editions.report_to_run(reference, actor())
    if report is None:
        raise Refused(gettext("There is no report to take off the schedule"))
    service.unschedule(report, by=actor(), at=now())
    return redirect(url_for(".run", reference=reference))


@blueprint.route("/reviews/<reference>/report/preview")
@signed_in
def preview(reference: str) -> ResponseReturnValue:
    """The report as it would come out now, plainly a draft; for everybody whose body signs it."""
    review, report = access.report_to_read(reference, actor())
    draft = gather_review.draft_of(review, report.summary if report else "", today=london_day(now()))
    if request.args.get("as") == "pdf":
        printed = printing.print_edition(draft.to_plain(), "", sealed_at=now())
        return _download(printed.pdf, "application/pdf", f"{review.reference}-draft.pdf")
    if request.args.get("as") == "word":
        document = word_of(printing.html_of(draft.to_plain(), "", in_word=True), draft, at=now())
        return _download(document, MEDIA_TYPE, f"{review.reference}-draft.docx")
    return render_template("reports/preview.html", review=review, **presenters.content_of(draft))


@blueprint.route("/reviews/<reference>/report/dissent/<int:dissent_id>/seen", methods=["POST"])
@signed_in
@writes
def see_dissent(reference: str, dissent_id: int) -> ResponseReturnValue:
    """Say that a dissent written since the report was scheduled has been read."""
    review, row = access.dissent_to_see(reference, dissent_id, actor())
    caution = next(c for c in readiness.cautions(review, on=london_day(now())) if c.key == f"dissent:{row.id}")
    service.see_caution(review, caution, by=actor(), at=now())
    return redirect(url_for(".run", reference=reference))


@blueprint.route("/reviews/<reference>/report/give-up", methods=["POST"])
@signed_in
@writes
def give_up(reference: str) -> ResponseReturnValue:
    """Give up a correction that was begun: the edition that is out stands."""
    _, report = editions.report_to_run(reference, actor())
    if report is None:
        raise Refused(gettext("There is no correction to give up"))
    service.give_up_correction(report, by=actor(), at=now())
    flash(gettext("The correction is cancelled. The published edition stays as it is."), "success")
    return redirect(url_for(".run", reference=reference))


@blueprint.route("/reviews/<reference>/report/correct", methods=["GET", "POST"])
@signed_in
@writes
def correct(reference: str) -> ResponseReturnValue:
    """Begin a corrected edition."""
    review, report = editions.report_to_run(reference, actor())
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
    review, _ = editions.report_to_run(reference, actor())
    close_review(review, by=actor(), at=now())
    flash(gettext("The review is closed."), "success")
    return redirect(url_for(".run", reference=reference))


@blueprint.route("/reviews/<reference>/report/errors/<int:error_id>", methods=["GET", "POST"])
@signed_in
@writes
def decide_error(reference: str, error_id: int) -> ResponseReturnValue:
    """Decide about an error somebody reported."""
    error = access.error_to_decide(reference, error_id, actor())
    form = forms.DecisionForm()
    form.state.choices = [
        SelectChoice(value="corrected", label=gettext("It is wrong, and will be corrected")),
        SelectChoice(value="no_change", label=gettext("The report stays as it is")),
    ]
    if error.state == "reported" and form.validate_on_submit():
        service.decide_error(error, form.state.data, form.decision.data, by=actor(), at=now())
        return redirect(url_for(".run", reference=reference))
    return render_template("reports/decide_error.html", form=form, error=error, reference=reference)


def _saved(review: Review, form: forms.ReportForm) -> bool:
    """Save the summary, and with the other button schedule the release as well; a refusal becomes the form's error."""
    report = service.begin_report(review)
    by, at = actor(), now()
    try:
        if form.summary.data != report.summary:
            service.write_summary(report, form.summary.data, by=by, at=at)
        if form.release.data and form.on.data:
            moment = datetime.combine(form.on.data, time.fromisoformat(form.hour.data), tzinfo=LONDON)
            service.schedule_release(report, moment, seen=form.seen.data or (), by=by, at=at)
    except Refused as refused:
        undo()
        form.form_errors.append(refused.sentence)
        return False
    return True


def _off_plan(review: Review, report: Report | None) -> str:
    """How the day of release lies to the timetable, where it is set and lies outside."""
    release_at = report.editions[-1].release_at if report else None
    return planned_release.off_plan(review, london_day(release_at)) if release_at else ""


def _told(review: Review, today: date) -> str:
    """Who is written to when the report comes out, in numbers."""
    asked = len(requests.agencies_of(review.id))
    people = sum(len(bodies.recipients(row.body, today)) for row in review.bodies if row.to_on is None)
    agencies = ngettext("%(num)s agency that was asked", "%(num)s agencies that were asked", asked)
    return gettext("%(agencies)s, %(people)s members of the bodies of this review", agencies=agencies, people=people)


def _download(content: bytes, media_type: str, name: str) -> Response:
    """A file to keep: never run in the page that offered it."""
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
