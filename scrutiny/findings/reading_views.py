"""Pages for reading: the evidence of a review by line of enquiry, and the reading page with notes and *Cite in a finding*."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from scrutiny.doors import actor, signed_in
from scrutiny.evidence import access as evidence
from scrutiny.evidence import reading
from scrutiny.evidence.markings import label
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.evidence.readings import give_out
from scrutiny.findings import access, presenters, queries, reader, service
from scrutiny.findings.forms import CiteForm, MoveForm, NoteForm
from scrutiny.findings.models import Finding
from scrutiny.findings.reader import Part
from scrutiny.findings.readiness import OPEN
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.reviews import access as reviews
from scrutiny.reviews.models import Review
from scrutiny.transaction import undo, writes
from workflows.lifecycles.finding import WRITERS
from workflows.refusals import Refused
from workflows.roles import Actor

blueprint = Blueprint("reading", __name__)
NEW = "new"


@blueprint.route("/reviews/<reference>/evidence")
@signed_in
def of_review(reference: str) -> ResponseReturnValue:
    """What was sent to a review, by line of enquiry, as far as the reader may open it."""
    by, today = actor(), london_day(now())
    review = reviews.review_to_read(reference, by, today)
    inspects = reviews.may_inspect(review, by)
    lodged, readable = queries.lodgings_by_line(review.id), access.readable_in(review, by, today)
    findings = queries.of_review(review.id, access.states_open_to(by)) if inspects else []
    hidden = len({lodging.id for _, lodging in lodged} - readable.lodgings) if inspects else 0
    return render_template(
        "findings/evidence.html",
        review=review,
        groups=presenters.by_line(review, lodged, readable, findings),
        hidden=hidden,
        inspects=inspects,
    )


@blueprint.route("/reviews/<reference>/read/<int:lodging_id>", methods=["GET", "POST"])
@signed_in
@writes
def read(reference: str, lodging_id: int) -> ResponseReturnValue:
    """One piece of evidence to read; beside it one's own notes and, for those who write findings, *Cite in a finding*."""
    desk = _desk(reference, lodging_id)
    if desk.cite_form and desk.cite_form.cite.data and desk.cite_form.validate_on_submit() and _cited(desk):
        return _back(reference, lodging_id)
    if desk.note_form and desk.note_form.keep.data and desk.note_form.validate_on_submit():
        service.keep_note(desk.review, desk.note_form.note.data, lodging=desk.lodging, by=actor(), at=now())
        return _back(reference, lodging_id)
    if request.method == "GET" and _note_reading(desk):
        desk = _desk(reference, lodging_id)  # noting it was a transaction of its own: read again what is shown
    return _reading_page(desk)


@blueprint.route("/reviews/<reference>/notes", methods=["GET", "POST"])
@signed_in
@writes
def notes(reference: str) -> ResponseReturnValue:
    """One's own notes on a review and on what was sent to it."""
    by = actor()
    review = access.review_to_find_in(reference, by)
    form = NoteForm()
    if form.validate_on_submit():
        service.keep_note(review, form.note.data, by=by, at=now())
        return redirect(url_for(".notes", reference=reference))
    kept = queries.notes_of(review.id, by.person or 0)
    return render_template("findings/notes.html", review=review, form=form, notes=kept)


@blueprint.route("/notes/<int:note_id>/drop", methods=["POST"])
@signed_in
@writes
def drop_note(note_id: int) -> ResponseReturnValue:
    """Throw one's own note away."""
    by = actor()
    note, form = access.note_of_own(note_id, by), MoveForm()
    review = note.review
    if form.validate_on_submit():
        service.drop_note(note, by=by, at=now())
        flash(gettext("Note deleted."), "success")
    return redirect(url_for(".notes", reference=review.reference))


@dataclass(frozen=True, slots=True)
class Desk:
    """What a reader has before them: the review, the piece of evidence, the part of it that is open, and their forms."""

    review: Review
    lodging: Lodging
    files: list[EvidenceFile]
    part: Part
    cite_form: CiteForm | None
    note_form: NoteForm | None
    findings: list[Finding]


def _desk(reference: str, lodging_id: int) -> Desk:
    """Find and permit all of it."""
    by, today = actor(), london_day(now())
    lodging = access.lodging_to_read(reference, lodging_id, by, today)
    files = evidence.files_to_read(lodging, by, today)
    part = reader.part_of(lodging, files, request.args)
    writes_here = by.has(*WRITERS) and reviews.may_inspect(lodging.review, by)
    findings = queries.of_review(lodging.review_id, OPEN) if writes_here else []
    cite_form = _cite_form(part, findings, by) if writes_here else None
    return Desk(lodging.review, lodging, files, part, cite_form, NoteForm() if writes_here else None, findings)


def _cite_form(part: Part, findings: list[Finding], by: Actor) -> CiteForm:
    """The form as it stands beside one part: the page filled in, one's own latest finding chosen."""
    own = [one.number for one in findings if one.written_by == by.reference]
    latest = own or [one.number for one in findings]
    chosen = request.args.get("finding") or (str(latest[-1]) if latest else NEW)
    form = CiteForm(data={"page": part.page or None, "finding": chosen})
    form.finding.choices = [SelectChoice(value=str(one.number), label=f"{one.number}. {one.title}") for one in findings]
    form.finding.choices.append(SelectChoice(value=NEW, label=gettext("A new finding")))
    kind = reading.kind_of(part.file) if part.kind == "unreadable" and part.file else part.kind
    if kind not in ("pages", "download"):
        del form.page
    if kind != "sheet":
        del form.cell
    # Asked at once only where no machine can read the words; else only when they were not found.
    if kind in ("answer", "text") or ((part.text or part.sheet) and request.method == "GET"):
        del form.by_eye
    return form


def _cited(desk: Desk) -> bool:
    """Cite what was chosen; what the rules refuse becomes the form's error, and nothing typed is lost."""
    form, by, at = desk.cite_form, actor(), now()
    if form is None:
        return False
    try:
        finding = _finding_chosen(desk, form, by)
        made = service.cite(
            finding,
            lodging=desk.lodging,
            file=desk.part.file,
            page=form.page.data if "page" in form else None,
            cell=form.cell.data if "cell" in form else "",
            quotation=form.quotation.data,
            by_eye="by_eye" in form and form.by_eye.data,
            by=by,
            at=at,
        )
    except service.NotFoundThere as refused:
        undo()  # a new finding drafted for this citation goes with it
        form.quotation.errors = [*form.quotation.errors, refused.sentence]
        return False
    except Refused as refused:
        undo()
        form.form_errors.append(refused.sentence)
        if desk.part.sheet:
            del form.by_eye  # what can be read is not taken on anybody's word
        return False
    flash(
        gettext("Cited in finding %(number)s, as its citation %(number2)s.", number=finding.number, number2=made.number),
        "success",
    )
    return True


def _finding_chosen(desk: Desk, form: CiteForm, by: Actor) -> Finding:
    """The finding to cite in: one that is open, or a new draft under the lines that this evidence answers."""
    if form.finding.data != NEW:
        return next((one for one in desk.findings if str(one.number) == form.finding.data), None) or abort(404)
    if not (form.title.data or "").strip():
        raise Refused(gettext("Give the new finding a title, or choose a finding there is"))
    lines = {one.line.id: one.line for one in queries.questions_answered(desk.lodging.id)}
    return service.draft_finding(desk.review, title=form.title.data, lines=list(lines.values()), by=by, at=now())


def _note_reading(desk: Desk) -> bool:
    """Keep in the trail that something personal or confidential is given out here; whether it was."""
    return give_out([desk.lodging], actor(), at=now(), file=desk.part.file, page=desk.part.page or None)


def _reading_page(desk: Desk) -> str:
    """The page itself."""
    by = actor()
    return render_template(
        "findings/read.html",
        desk=desk,
        review=desk.review,
        lodging=desk.lodging,
        part=desk.part,
        form=desk.cite_form,
        note_form=desk.note_form,
        marking=label(desk.lodging.marking),
        hidden=len(desk.lodging.evidence.files) - len(desk.files),
        parts=reader.navigation(desk.review.reference, desk.lodging, desk.files, desk.part),
        notes=queries.notes_of(desk.review.id, by.person or 0, desk.lodging.id) if desk.note_form else [],
        questions=queries.questions_answered(desk.lodging.id),
        may_restrict=reviews.may_run(desk.review, by),
    )


def _back(reference: str, lodging_id: int) -> Response:
    """To the same place of the same document."""
    place = {key: request.args[key] for key in ("file", "page", "sheet", "row", "column") if key in request.args}
    address = url_for(".read", reference=reference, lodging_id=lodging_id)
    return redirect(f"{address}?{urlencode(place)}" if place else address)
