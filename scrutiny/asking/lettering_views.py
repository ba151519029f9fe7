"""Pages on which a letter is edited as a whole before it goes, and files are attached to it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.adapters import fitted
from scrutiny.asking.letter_to_edit import ToEdit, asking_letter, chairs_letter, ladder_letter
from scrutiny.asking.lettering_forms import AttachForm, LetterForm
from scrutiny.chasing.access import escalation_to_decide
from scrutiny.correspondence import editing
from scrutiny.correspondence.edited_models import LetterEdit
from scrutiny.doors import actor, signed_in
from scrutiny.pages import as_download, now
from scrutiny.requests import access, interests, lettering
from scrutiny.stored_files.uploads import receives_files, uploads
from scrutiny.transaction import attempt, undo, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.refusals import Stale

blueprint = Blueprint("lettering", __name__)
HERE = "/reviews/<reference>/requests/<slug>"
Find = Callable[[], ToEdit]


def _may_run(reference: str, slug: str, **_: object) -> None:
    """Whether files for a letter may be looked at at all."""
    access.request_to_run(reference, slug, actor())


def _may_decide(reference: str, escalation_id: int) -> None:
    """The same of a letter that waits for approval."""
    escalation_to_decide(reference, escalation_id, actor())


@blueprint.route(f"{HERE}/letter/edit", methods=["GET", "POST"])
@signed_in
@receives_files(_may_run)
@writes
def asking(reference: str, slug: str) -> ResponseReturnValue:
    """The letter that asks, before it goes or where it did not arrive."""
    back = url_for("requests.letter", reference=reference, slug=slug)
    return _page(lambda: asking_letter(access.request_to_run(reference, slug, actor()), now()), back)


@blueprint.route(f"{HERE}/letters/<kind>/<int:agency_id>/edit", methods=["GET", "POST"])
@signed_in
@receives_files(_may_run)
@writes
def of_ladder(reference: str, slug: str, kind: str, agency_id: int) -> ResponseReturnValue:
    """The next reminder or chase to an agency."""
    if kind not in lettering.OF_LADDER:
        abort(404)
    came_from = request.args.get("from", "")
    if came_from == "everyone":
        back = url_for("chasing.everyone", reference=reference)
    elif kind == "request_chased" and came_from != "reminders":
        back = url_for("asking.chase", reference=reference, slug=slug)
    else:
        back = url_for("chasing.reminders", reference=reference)
    return _page(lambda: ladder_letter(access.request_to_run(reference, slug, actor()), kind, agency_id, now()), back)


@blueprint.route("/reviews/<reference>/reminders/<int:escalation_id>/edit", methods=["GET", "POST"])
@signed_in
@receives_files(_may_decide)
@writes
def waiting(reference: str, escalation_id: int) -> ResponseReturnValue:
    """A letter that waits for a chair or lead inspector."""
    back = url_for("chasing.escalation", reference=reference, escalation_id=escalation_id)
    return _page(lambda: chairs_letter(escalation_to_decide(reference, escalation_id, actor()), actor(), now()), back)


@blueprint.route("/reviews/<reference>/attachments/<int:attachment_id>")
@signed_in
def attachment(reference: str, attachment_id: int) -> ResponseReturnValue:
    """A file sent with letters of a review, for those who run it."""
    found = access.attachment_to_read(reference, attachment_id, actor())
    return as_download(fitted.files().opened(found.sha256), found.media_type, found.name)


def _page(find: Find, back: str) -> ResponseReturnValue:
    """Edit a letter, attach files to it or take them away, or give the edited words up; then back to where it is shown.

    Whatever is pressed, the words typed and not yet saved stay on the page.
    """
    found, typed, files = find(), LetterForm(), AttachForm()
    if request.method == "POST":
        if _changed(found, typed, files):
            return redirect(back)
        found = find()
    if "text" not in request.form:
        edit = found.lettering.edit
        shown = found.shown if edit is None or not found.shown.out_of_date else edit
        language, seen = (edit.language, edit.version) if edit else ("en", "")
        typed = LetterForm(None, subject=shown.subject, text=shown.text.strip(), language=language, seen=seen)
    return render_template(
        "requests/edit_letter.html",
        found=found,
        form=files if files.errors else typed,
        typed=typed,
        files=files if files.errors else AttachForm(None),
        back=back,
        edit=found.lettering.edit,
        review=found.lettering.request.review,
        asks=found.lettering.kind == lettering.ISSUED,
    )


def _changed(found: ToEdit, typed: LetterForm, files: AttachForm) -> bool:
    """Do what was pressed; whether whoever edits has done with this page."""
    interests.check_request(found.lettering.request, by=actor(), at=now())
    if "remove" in request.form:
        return _removed(found)
    if "discard" in request.form:
        return _discarded(found)
    if files.attach.data:
        done = _attached(found, files)
    else:
        done = _saved(found, typed)
        if done and (uploads().received or uploads().faults):  # chosen, and not attached by its own button
            attached = _attached(found, files)
            done = attached and f"{done} {attached}"
    if done:
        flash(done, "success")
    return bool(done) and not files.attach.data


def _removed(found: ToEdit) -> bool:
    """Take a file away; the page stays."""
    number = whole_or_none(request.form["remove"])
    row = next((one for one in found.lettering.files if one.id == number), None)
    editing.remove_attachment(row or abort(404), within=found.lettering.within, by=actor(), at=now())
    flash(gettext("Attachment removed."), "success")
    return False


def _discarded(found: ToEdit) -> bool:
    """Give up what was edited."""
    edit = found.lettering.edit
    if edit is not None:
        editing.drop_edit(edit, within=found.lettering.within, by=actor(), at=now())
    flash(gettext("Changes discarded. The standard letter will be sent."), "success")
    return True


def _saved(found: ToEdit, typed: LetterForm) -> str:
    """Save the letter as typed; what was done, '' where it was refused."""
    if not typed.validate_on_submit():
        return ""
    subject, text, seen = typed.subject.data or "", typed.text.data or "", whole_or_none(typed.seen.data)

    def keep() -> tuple[LetterEdit | None]:
        words = {"subject": subject, "text": text, "language": typed.language.data}
        return (lettering.keep_words(found.lettering, found.as_composed, **words, seen=seen, by=actor(), at=now()),)

    try:
        kept = attempt(typed, keep)
    except Stale as stale:
        edit = found.lettering.edit
        typed.seen.raw_data, typed.seen.data = None, str(edit.version) if edit is not None else ""
        typed.form_errors.append(stale.sentence)
        return ""
    if kept is None:
        return ""
    return (
        gettext("Letter saved. It will be sent as you have edited it.")
        if kept[0]
        else gettext("The standard letter will be sent.")
    )


def _attached(found: ToEdit, files: AttachForm) -> str:
    """Attach what was sent with the form; what was done, '' where it was refused."""
    sent, fit = uploads(), files.validate_on_submit()
    files.form_errors += sent.faults
    if not fit or files.form_errors:
        undo()  # nothing is kept that the page does not say
        return ""
    chosen = {"marking": files.marking.data, "for_all": bool(files.for_all.data), "looked": bool(files.looked.data)}
    added = attempt(files, lambda: lettering.attach(found.lettering, sent.received, **chosen, by=actor(), at=now()))
    if added is None:
        return ""
    return gettext("%(names)s attached.", names=", ".join(one.name for one in added))
