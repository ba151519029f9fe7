"""Pages of findings: the list with what each lacks, the editor with its citations, the moves."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import SelectChoice

from scrutiny.doors import actor, signed_in
from scrutiny.evidence.readings import Part, give_out_parts
from scrutiny.findings import access, presenters, queries, service
from scrutiny.findings.forms import FindingForm, MoveForm
from scrutiny.findings.guards import guard
from scrutiny.findings.models import Finding
from scrutiny.findings.readiness import OPEN, may_be_overall, score_so_far
from scrutiny.formats import london_day, sentences
from scrutiny.pages import now
from scrutiny.reviews.access import may_run
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import method_of
from scrutiny.transaction import undo, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.lifecycles.finding import FINDING, WRITERS
from workflows.refusals import Refused, Stale
from workflows.roles import Actor

blueprint = Blueprint("findings", __name__)


@blueprint.route("/reviews/<reference>/findings")
@signed_in
def of_review(reference: str) -> ResponseReturnValue:
    """The findings of a review, with the citations of each and what it lacks."""
    by = actor()
    review = access.review_with_findings(reference, by)
    readable = access.readable_in(review, by, london_day(now()))
    rows = [presenters.shown(one, review, readable) for one in queries.of_review(review.id, access.states_open_to(by))]
    return render_template(
        "findings/of_review.html",
        review=review,
        rows=rows,
        agreed=guard().shown([row.finding for row in rows], by),
        lifecycle=FINDING,
        may_write=by.has(*WRITERS),
        may_follow=by.has(*access.DRAFT_READERS),
        may_run=may_run(review, by),
        score=score_so_far([row.finding for row in rows], method_of(review.edition)),
    )


@blueprint.route("/reviews/<reference>/findings/new", methods=["GET", "POST"])
@signed_in
@writes
def draft(reference: str) -> ResponseReturnValue:
    """Draft a finding."""
    review = access.review_to_find_in(reference, actor())
    form = _offer(FindingForm(), review)
    if form.validate_on_submit():
        try:
            made = service.draft_finding(review, **_typed(form, review), by=actor(), at=now())
            flash(gettext("The draft is saved. Now cite the evidence it rests on."), "success")
            return redirect(url_for(".finding", reference=reference, number=made.number))
        except Refused as refused:
            undo()
            form.form_errors.append(refused.sentence)
    return render_template("findings/draft.html", form=form, review=review)


@blueprint.route("/reviews/<reference>/findings/<int:number>", methods=["GET", "POST"])
@signed_in
@writes
def finding(reference: str, number: int) -> ResponseReturnValue:
    """One finding with its citations; a form to change it for those who write, both versions when somebody saved first."""
    by = actor()
    found = access.finding_to_read(reference, number, by)
    if request.method == "GET" and _note_readings(found, by):
        found = access.finding_to_read(reference, number, by)  # noting was a transaction of its own: read again what is shown
    form = _form_of(found) if by.has(*WRITERS) and found.state in OPEN else None
    theirs = None
    if form and form.validate_on_submit():
        try:
            seen = whole_or_none(form.version.data) or 0
            service.revise_finding(found, **_typed(form, found.review), seen=seen, by=by, at=now())
            return _after_saving(found, request.form.get("then", ""), by)
        except Stale:
            theirs, form.version.data = _both(form, found), found.version
        except Refused as refused:
            undo()
            form.form_errors.append(refused.sentence)
    return _finding_page(found, form, theirs)


def _note_readings(finding: Finding, by: Actor) -> bool:
    """Keep in the trail that quotations of something personal or confidential are given out here; whether any is."""
    at = now()
    readable = access.readable_in(finding.review, by, london_day(at))
    quoted = [one for one in finding.citations if one.quotation and readable.may_quote(one)]
    return give_out_parts([Part(one.lodging, one.file, one.page) for one in quoted], by, at=at)


def _after_saving(finding: Finding, then: str, by: Actor) -> ResponseReturnValue:
    """What a button asked for beside saving: a move or the loss of a citation; if it is refused, what was typed is kept."""
    at, number = f"/reviews/{finding.review.reference}/findings/{finding.number}", finding.number
    if then in service.ASKED_WHY:
        return redirect(f"{at}/{then}")
    try:
        if then.startswith("uncite:"):
            citation = next((row for row in finding.citations if then == f"uncite:{row.number}"), None) or abort(404)
            service.uncite(citation, by=by, at=now())
            flash(gettext("Saved. Citation %(number)s is taken out.", number=citation.number), "success")
        elif then in {move.name for move in FINDING.moves}:
            service.move_finding(finding, then, by=by, at=now())
            flash(
                gettext(
                    "Saved. Finding %(number)s is now %(states)s.", number=number, states=FINDING.states[finding.state].lower()
                ),
                "success",
            )
        else:
            flash(gettext("Saved."), "success")
    except Refused as refused:
        flash(sentences([gettext("Your changes are saved."), refused.sentence]))
    return redirect(at)


@blueprint.route("/reviews/<reference>/findings/<int:number>/move", methods=["POST"])
@signed_in
@writes
def move(reference: str, number: int) -> ResponseReturnValue:
    """Take back or settle a finding whose words are not open; to reopen or withdraw one has a page that asks why."""
    found = access.finding_to_read(reference, number, actor())
    form = MoveForm()
    if form.validate_on_submit() and form.move.data in {one.name for one in FINDING.moves} - set(service.ASKED_WHY):
        service.move_finding(found, form.move.data, by=actor(), at=now())
        flash(
            gettext("Finding %(number)s is now %(states)s.", number=number, states=FINDING.states[found.state].lower()), "success"
        )
    return redirect(url_for(".finding", reference=reference, number=number))


def _finding_page(found: Finding, form: FindingForm | None, theirs: list[dict[str, object]] | None) -> str:
    """The page of one finding."""
    by = actor()
    row = presenters.shown(found, found.review, access.readable_in(found.review, by, london_day(now())))
    open_to = [one for one in FINDING.open_to(found.state, by) if one.name != "propose" or not row.lacking]
    return render_template(
        "findings/finding.html",
        review=found.review,
        row=row,
        form=form,
        theirs=theirs,
        moves=[one for one in open_to if guard().permits(found, one.name, by)],
        agreed=guard().shown([found], by).get(found.id),
        lifecycle=FINDING,
        asked_why=service.ASKED_WHY,
        may_write=form is not None,
    )


def _offer(form: FindingForm, review: Review, finding: Finding | None = None) -> FindingForm:
    """Lines of enquiry and the judgements of the method as choices; what the method does not know is not asked."""
    scale = method_of(review.edition).judgement
    kept = {line.id for line in finding.lines} if finding else set()
    lines = [line for line in review.lines if not line.dropped_why or line.id in kept]
    form.lines.choices = [SelectChoice(value=line.id, label=line.title or line.text) for line in lines]
    options = [SelectChoice(value=one.key, label=one.label, render_kw={"hint": one.text}) for one in scale.options]
    form.judgement.choices = [*options, SelectChoice(value="", label=gettext("Not judged yet"))]
    form.judgement.label.text = gettext(scale.word)
    if not scale.options:
        del form.judgement
    if not may_be_overall(scale):
        del form.overall
    return form


def _form_of(finding: Finding) -> FindingForm:
    """A finding as its form holds it."""
    form = FindingForm(
        data={
            "title": finding.title,
            "text": finding.text,
            "lines": [line.id for line in finding.lines],
            "judgement": finding.judgement,
            "overall": finding.overall,
            "version": finding.version,
        }
    )
    return _offer(form, finding.review, finding)


def _typed(form: FindingForm, review: Review) -> dict[str, Any]:
    """What was typed, as the deeds take it."""
    judgement = form.judgement.data if "judgement" in form else ""
    chosen = set(form.lines.data or [])
    return {
        "title": form.title.data,
        "text": form.text.data or "",
        "lines": [line for line in review.lines if line.id in chosen],
        "judgement": judgement if judgement and judgement != "None" else "",
        "overall": "overall" in form and form.overall.data,
    }


def _both(form: FindingForm, kept: Finding) -> list[dict[str, object]]:
    """Both versions, side by side."""
    lines = {line.id: line.title or line.text for line in kept.review.lines}
    return [
        {"label": gettext("Title"), "theirs": kept.title, "yours": form.title.data},
        {"label": gettext("What was found"), "theirs": kept.text, "yours": form.text.data},
        {
            "label": gettext("Lines of enquiry"),
            "theirs": ", ".join(lines[line.id] for line in kept.lines),
            "yours": ", ".join(lines[one] for one in form.lines.data or []),
        },
    ]
