"""Pages of sign-off: what is signed, as it will be published; signing, correcting a signature, a paper, dissent."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.editions import access as editions
from scrutiny.editions.queries import report_of
from scrutiny.evidence import service as evidence
from scrutiny.findings import queries as findings
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.reports import access, dissenting, forms, gather_review, queries, signing
from scrutiny.requests import interests
from scrutiny.reviews.access import may_run
from scrutiny.reviews.models import Review
from scrutiny.snapshots import changes, presenters, statements
from scrutiny.stored_files.uploads import receives_files, uploads
from scrutiny.transaction import attempt, undo, writes
from scrutiny.widgets import SelectChoice
from workflows.refusals import Refused
from workflows.roles import Actor

blueprint = Blueprint("signing", __name__)


@blueprint.route("/reviews/<reference>/sign-off", methods=["GET", "POST"])
@signed_in
@writes
def sign_off(reference: str) -> ResponseReturnValue:
    """What is signed, who has signed, what changed since; and the button, which says whom it binds."""
    by = actor()
    review = access.review_to_sign(reference, by)
    form = forms.SignForm()
    wanted = signing.wanted(review)
    mine = next((row for row in wanted if row.body.id == by.body and row.signature is None and by.has(*signing.SIGNERS)), None)
    if mine and form.validate_on_submit() and _signed(form, review, mine.body.id):
        flash(gettext("You have signed for %(body)s.", body=mine.body.name), "success")
        return redirect(url_for(".sign_off", reference=reference))
    return _page(review, form, wanted, mine, by)


def _may_enter_paper(reference: str, body_id: int) -> None:
    """Whether a signed paper may be looked at at all; there is no such page for anybody else."""
    review, _ = editions.report_to_run(reference, actor())
    access.body_to_sign_for(review, body_id)


@blueprint.route("/reviews/<reference>/sign-off/<int:body_id>/paper", methods=["GET", "POST"])
@signed_in
@receives_files(_may_enter_paper, "paper")
@writes
def enter_paper(reference: str, body_id: int) -> ResponseReturnValue:
    """The lead enters a partner's signature from its signed paper."""
    review, _ = editions.report_to_run(reference, actor())
    body = access.body_to_sign_for(review, body_id)
    form = forms.PaperForm()
    if form.validate_on_submit():
        form.form_errors += uploads().faults
    if form.is_submitted() and not form.errors:
        try:
            paper = evidence.enter_received(uploads().received[0], at=now()).sha256
            signing.sign(review, body, office=form.office.data, name=form.name.data, paper=paper, by=actor(), at=now())
            return redirect(url_for(".sign_off", reference=reference))
        except Refused as refused:
            undo()
            form.form_errors.append(refused.sentence)
    return render_template("reports/paper.html", form=form, review=review, body=body)


@blueprint.route("/reviews/<reference>/sign-off/signatures/<int:signature_id>", methods=["GET", "POST"])
@signed_in
@writes
def correct_signature(reference: str, signature_id: int) -> ResponseReturnValue:
    """Put right a signature that was entered wrongly; both entries stay to be seen."""
    by = actor()
    review, row = access.signature_to_correct(reference, signature_id, by)
    form = forms.CorrectSignatureForm(
        data={
            "office": row.office,
            "meeting_on": row.meeting_on,
            "votes_for": row.votes_for,
            "votes_against": row.votes_against,
            "abstained": row.abstained,
        }
    )
    if row.votes_for is None:
        for name in ("meeting_on", "votes_for", "votes_against", "abstained"):
            del form[name]
    if form.validate_on_submit():
        entry = _entry(form)
        if attempt(form, lambda: signing.correct_signature(row, entry, form.why.data, by=by, at=now())):
            flash(gettext("The signature is corrected. The first entry stays, with your reason."), "success")
            return redirect(url_for(".sign_off", reference=reference))
    return render_template("reports/correct_signature.html", form=form, review=review, signature=row)


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
        SelectChoice(value=0, label=gettext("The report as a whole")),
        *(SelectChoice(value=f.id, label=gettext("Finding %(number)s: %(f)s", number=f.number, f=f.title)) for f in settled),
    ]
    if form.validate_on_submit() and by.body is not None:
        finding = next((f for f in settled if f.id == form.finding.data), None)
        body = access.body_to_sign_for(review, by.body)
        if attempt(form, lambda: dissenting.dissent(review, body, text=form.text.data, finding=finding, by=by, at=now())):
            flash(f"{gettext('Your dissent is recorded.')} {queued_now('dissent_written')}", "success")
            return redirect(url_for(".sign_off", reference=reference))
    return render_template("reports/dissent.html", form=form, review=review)


@blueprint.route("/reviews/<reference>/dissent/<int:dissent_id>/take-back", methods=["POST"])
@signed_in
@writes
def take_back_dissent(reference: str, dissent_id: int) -> ResponseReturnValue:
    """Take one's own dissent back before the report."""
    _, row = access.dissent_of_own(reference, dissent_id, actor())
    dissenting.take_back_dissent(row, by=actor(), at=now())
    return redirect(url_for(".sign_off", reference=reference))


def _page(review: Review, form: forms.SignForm, wanted: list[signing.Wanted], mine: signing.Wanted | None, by: Actor) -> str:
    """The sign-off page: the whole draft as it will be published, the signatures, and what changed since each."""
    today = london_day(now())
    report = report_of(review.id)
    draft = gather_review.draft_of(review, report.summary if report else "", today=today)
    return render_template(
        "reports/sign_off.html",
        review=review,
        wanted=wanted,
        mine=mine,
        form=form,
        rule=signing.rule_of(review),
        blockers=signing.not_ready_to_sign(review),
        dissents=queries.dissents_of(review.id),
        by=by,
        undeclared=interests.undeclared(review, signing.agencies_concerned(review), by=by, at=now()),
        runs=may_run(review, by),
        on_paper={row.body.id for row in wanted if not signing.signs_for_itself(row.body, today)},
        may_dissent=access.may_dissent(review, by, today),
        correctable={row.body.id for row in wanted if row.signature and access.may_correct(row.signature, review, by)},
        corrected={facts.body: statements.entries_corrected(facts) for facts in draft.signatories},
        covers_all=signing.covers_all,
        where_changed=changes.in_words,
        **presenters.content_of(draft),
    )


def _entry(form: forms.SignForm | forms.CorrectSignatureForm) -> signing.Entry:
    """What was typed of a signature; the votes where a committee voted."""
    votes = None
    if "votes_for" in form and form.votes_for.data is not None:
        votes = (form.votes_for.data, form.votes_against.data or 0, form.abstained.data or 0)
    return signing.Entry(form.office.data, votes, form.meeting_on.data if "meeting_on" in form else None)


def _signed(form: forms.SignForm, review: Review, body_id: int) -> bool:
    """Sign with what was typed; a refusal becomes the form's error."""
    body, entry = access.body_to_sign_for(review, body_id), _entry(form)
    signed = attempt(
        form,
        lambda: signing.sign(
            review, body, office=entry.office, votes=entry.votes, meeting_on=entry.meeting_on, by=actor(), at=now()
        ),
    )
    return signed is not None
